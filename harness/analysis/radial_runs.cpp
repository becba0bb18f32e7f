#include "analysis/radial_runs.h"

#include <fmt/format.h>

#include <limits>

#include "core/error.h"

namespace faultline::analysis {

void require_base_rows(Eigen::Index runs, Eigen::Index factors, bool second_order) {
    const Eigen::Index step = second_order ? 2 * factors + 2 : factors + 2;
    if (runs != 0 && runs % step == 0) return;
    throw Error(ErrorKind::user,
                fmt::format("found {} runs, expected a multiple of {}: for {} factors {} "
                            "second-order indices a base row has {} runs",
                            runs, step, factors, second_order ? "with" : "without", step));
}

RadialRuns take_apart(const Eigen::Ref<const Eigen::ArrayXXd>& outputs, Eigen::Index factors,
                      bool second_order) {
    require_base_rows(outputs.rows(), factors, second_order);
    const Eigen::Index step = second_order ? 2 * factors + 2 : factors + 2;
    const Eigen::Index rows = outputs.rows() / step;
    const auto part = [&](Eigen::Index place) {
        return outputs(Eigen::seqN(place, rows, step), Eigen::all);
    };

    RadialRuns runs;
    using Mask = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic>;
    Mask keep = Mask::Constant(rows, outputs.cols(), true);
    for (Eigen::Index place = 0; place < step; ++place) keep = keep && part(place).isFinite();
    runs.kept = keep.cast<double>();
    runs.count = runs.kept.colwise().sum().transpose();

    // Taken from a value that occurs, sums do not lose digits to a large offset; halved, the
    // difference of the largest numbers does not overflow.
    Eigen::ArrayXXd pivot(1, outputs.cols());
    for (Eigen::Index o = 0; o < outputs.cols(); ++o) {
        Eigen::Index row = 0;
        pivot(0, o) = runs.kept.col(o).maxCoeff(&row) > 0 ? outputs(row * step, o) / 2 : 0;
    }
    const auto moved = [&](Eigen::Index place) -> Eigen::ArrayXXd {
        return keep.select(part(place) / 2 - pivot.replicate(rows, 1), 0.0);
    };
    Eigen::ArrayXXd largest = Eigen::ArrayXXd::Zero(1, outputs.cols());
    for (Eigen::Index place = 0; place < step; ++place)
        largest = largest.max(moved(place).abs().colwise().maxCoeff());
    // A few units in the last place of a number are rounding, not an effect.
    constexpr double rounding = 16 * std::numeric_limits<double>::epsilon();
    runs.constant = (largest <= rounding * pivot.abs()).transpose();
    const Eigen::ArrayXXd unit = (largest > 0).select(largest, 1.0);

    std::vector<Eigen::ArrayXXd> parts;
    Eigen::ArrayXXd sum = Eigen::ArrayXXd::Zero(1, outputs.cols());
    for (Eigen::Index place = 0; place < step; ++place) {
        parts.push_back(moved(place) / unit.replicate(rows, 1));
        sum += parts.back().colwise().sum();
    }
    const Eigen::ArrayXXd mean = sum / (runs.count.transpose().max(1) * static_cast<double>(step));
    for (auto& matrix : parts) matrix = (matrix - mean.replicate(rows, 1)) * runs.kept;

    const auto k = static_cast<std::size_t>(factors);
    runs.a = std::move(parts.front());
    runs.b = std::move(parts.back());
    for (std::size_t j = 0; j < k; ++j) {
        runs.ab.push_back(std::move(parts[1 + j]));
        if (second_order) runs.ba.push_back(std::move(parts[1 + k + j]));
    }
    return runs;
}

}  // namespace faultline::analysis
