#include "design/radial_change.h"

#include <algorithm>
#include <limits>

#include "core/blocks.h"

namespace faultline::design {

analysis::Estimates mean_by_blocks(const Eigen::ArrayXXd& changes, std::uint64_t blocks,
                                   double confidence) {
    const auto rows = static_cast<std::uint64_t>(changes.rows());
    const std::uint64_t count = std::max<std::uint64_t>(1, blocks_in(rows, blocks));
    Eigen::ArrayXXd sums = Eigen::ArrayXXd::Zero(static_cast<Eigen::Index>(count), changes.cols());
    Eigen::ArrayXXd kept = sums;
    for (std::uint64_t row = 0; row < rows; ++row) {
        const auto at = static_cast<Eigen::Index>(row);
        const auto block = static_cast<Eigen::Index>(block_of(row, rows, count));
        const auto known = (changes.row(at) == changes.row(at)).eval();
        sums.row(block) += known.select(changes.row(at), 0.0);
        kept.row(block) += known.cast<double>();
    }
    const Eigen::ArrayXXd means =
        (kept > 0).select(sums / kept, std::numeric_limits<double>::quiet_NaN());
    analysis::Estimates result = analysis::mean_with_t_interval(means, confidence, false);
    result.count = kept.colwise().sum().transpose().cast<int>();
    // A mean of absolute changes is not below 0.
    result.low = result.low.max(0.0).min(result.estimate);
    return result;
}

analysis::Estimates radial_change(const Eigen::ArrayXXd& outputs, std::uint64_t step,
                                  std::size_t player, std::uint64_t replicates, double confidence) {
    const auto rows = outputs.rows() / static_cast<Eigen::Index>(step);
    Eigen::ArrayXXd changes(rows, outputs.cols());
    for (Eigen::Index row = 0; row < rows; ++row) {
        const Eigen::Index a = row * static_cast<Eigen::Index>(step);
        changes.row(row) =
            (outputs.row(a + 1 + static_cast<Eigen::Index>(player)) - outputs.row(a)).abs();
    }
    return mean_by_blocks(changes, replicates, confidence);
}

}  // namespace faultline::design
