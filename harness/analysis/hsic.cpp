#include "analysis/hsic.h"

#include "analysis/gaussian_kernel.h"
#include "analysis/require.h"
#include "analysis/shuffling.h"
#include "analysis/surviving_runs.h"

namespace faultline::analysis {
namespace {

/// n² HSIC of two kernels taken apart.
double dependence(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
    return (a.transpose() * b).squaredNorm();
}

bool never_changes(const Eigen::ArrayXd& values) {
    return (values == values(0)).all();
}

/// One group of outputs with the factors that change in its runs.
class Tests {
  public:
    Tests(const Eigen::ArrayXXd& inputs, const HsicOptions& options)
        : inputs_(inputs), options_(options) {}

    void of(const Eigen::ArrayXd& y, Eigen::Index o, Hsic& result) const {
        const Eigen::MatrixXd kernel = centred_gaussian_kernel(y);
        const double of_y = dependence(kernel, kernel);
        for (Eigen::Index j = 0; j < inputs_.cols(); ++j) {
            const Eigen::ArrayXd x = centred(inputs_.col(j));
            if (never_changes(x)) continue;
            const Eigen::MatrixXd factor = centred_gaussian_kernel(x);
            const double found = dependence(factor, kernel);
            auto& strength = result.r2[static_cast<std::size_t>(j)];
            strength.estimate(o) = found / std::sqrt(dependence(factor, factor) * of_y);

            // The same permutations for all factors and outputs.
            Shuffling shuffling("hsic", options_.seed);
            // Permutations of equal values are equal up to the order of their sums.
            const double enough = found * (1 - 1e-9);
            std::int64_t hits = 0;
            for (std::uint64_t p = 0; p < options_.permutations; ++p) {
                const auto order = shuffling.order(y.size());
                hits += dependence(factor, kernel(order, Eigen::all)) >= enough ? 1 : 0;
            }
            const auto all = static_cast<std::int64_t>(options_.permutations) + 1;
            const Rate share = clopper_pearson(hits + 1, all, options_.confidence);
            auto& p_value = result.p_value[static_cast<std::size_t>(j)];
            p_value.estimate(o) = share.estimate;
            p_value.low(o) = share.low;
            p_value.high(o) = share.high;
        }
    }

  private:
    const Eigen::ArrayXXd& inputs_;
    const HsicOptions& options_;
};

}  // namespace

Hsic hsic_indices(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                  const Eigen::Ref<const Eigen::ArrayXXd>& outputs, const HsicOptions& options) {
    require_confidence(options.confidence);
    if (options.permutations < 1)
        throw Error(ErrorKind::user, "found 0 permutations, expected at least 1");
    Hsic result;
    result.r2 = result.p_value = nothing_known(inputs, outputs);
    for (const SurvivingRuns& group : surviving_runs(outputs)) {
        if (group.runs.size() < 4) continue;
        const Eigen::ArrayXXd x = inputs(group.runs, Eigen::all);
        const Tests tests(x, options);
        for (const Eigen::Index o : group.outputs) {
            const Eigen::ArrayXd y = centred(outputs(group.runs, o));
            if (!never_changes(y)) {
                tests.of(y, o, result);
                continue;
            }
            for (std::size_t j = 0; j < result.r2.size(); ++j) {
                auto &strength = result.r2[j], &p_value = result.p_value[j];
                strength.estimate(o) = strength.low(o) = strength.high(o) = 0;
                p_value.estimate(o) = p_value.low(o) = p_value.high(o) = 1;
            }
        }
    }
    return result;
}

}  // namespace faultline::analysis
