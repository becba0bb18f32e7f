#include "analysis/surviving_runs.h"

#include <fmt/format.h>

#include <limits>
#include <map>

#include "core/error.h"
#include "core/special_values.h"

namespace faultline::analysis {

std::vector<SurvivingRuns> surviving_runs(const Eigen::Ref<const Eigen::ArrayXXd>& outputs) {
    std::map<std::vector<Eigen::Index>, std::vector<Eigen::Index>> outputs_by_runs;
    for (Eigen::Index o = 0; o < outputs.cols(); ++o) {
        std::vector<Eigen::Index> runs;
        for (Eigen::Index i = 0; i < outputs.rows(); ++i)
            if (std::isfinite(outputs(i, o))) runs.push_back(i);
        outputs_by_runs[runs].push_back(o);
    }
    std::vector<SurvivingRuns> groups;
    for (const auto& [runs, columns] : outputs_by_runs) groups.push_back({runs, columns});
    return groups;
}

std::vector<Estimates> nothing_known(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                     const Eigen::Ref<const Eigen::ArrayXXd>& outputs) {
    if (inputs.rows() != outputs.rows())
        throw Error(ErrorKind::user, fmt::format("found {} runs of inputs and {} of outputs",
                                                 inputs.rows(), outputs.rows()));
    if (inputs.cols() == 0) throw Error(ErrorKind::user, "found no factor, expected at least one");
    if (!inputs.isFinite().all())
        throw Error(ErrorKind::user, "an input is missing or not finite; only outputs may be");
    Estimates none;
    none.count = outputs.isFinite().colwise().count().cast<int>().transpose();
    none.estimate =
        Eigen::ArrayXd::Constant(outputs.cols(), std::numeric_limits<double>::quiet_NaN());
    none.low = Eigen::ArrayXd::Constant(outputs.cols(), -infinity);
    none.high = -none.low;
    return std::vector<Estimates>(static_cast<std::size_t>(inputs.cols()), none);
}

Eigen::ArrayXd centred(const Eigen::Ref<const Eigen::ArrayXd>& values) {
    // Halved, so that the difference of the largest numbers does not overflow.
    const double pivot = values(0) / 2;
    Eigen::ArrayXd result = values / 2 - pivot;
    const double largest = result.abs().maxCoeff();
    constexpr double rounding = 16 * std::numeric_limits<double>::epsilon();
    if (largest <= rounding * std::abs(pivot) || largest == 0)
        return Eigen::ArrayXd::Zero(values.size());
    result /= largest;
    return result - result.mean();
}

}  // namespace faultline::analysis
