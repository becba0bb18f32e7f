#include "analysis/block_ratios.h"

#include <boost/math/distributions/students_t.hpp>
#include <limits>

#include "analysis/require.h"
#include "analysis/resampling.h"
#include "core/blocks.h"
#include "core/special_values.h"

namespace faultline::analysis {
namespace {}  // namespace

BlockRatios::BlockRatios(Eigen::Index rows, const IntervalOptions& options)
    : options_(options), rows_(rows) {
    require_confidence(options.confidence);
    if (options.interval == Interval::replicates && options.replicates < 2)
        throw Error(ErrorKind::user,
                    fmt::format("found {} replicates, expected at least 2: one has no spread",
                                options.replicates));
    if (options.interval == Interval::bootstrap && options.resamples < 2)
        throw Error(ErrorKind::user,
                    fmt::format("found {} resamples, expected at least 2", options.resamples));
    const auto count = static_cast<std::uint64_t>(rows);
    blocks_ = options.interval == Interval::replicates
                  ? static_cast<Eigen::Index>(blocks_in(count, options.replicates))
                  : rows;
    if (options.interval == Interval::bootstrap)
        weights_ = resampling_weights(rows, options.resamples, options.seed);
}

Eigen::Index BlockRatios::block_of_row(Eigen::Index row) const {
    return static_cast<Eigen::Index>(block_of(static_cast<std::uint64_t>(row),
                                              static_cast<std::uint64_t>(rows_),
                                              static_cast<std::uint64_t>(blocks_)));
}

Eigen::ArrayX3d BlockRatios::operator()(const Eigen::ArrayXXd& above, const Eigen::ArrayXd& below,
                                        const Eigen::ArrayXd& kept) const {
    Eigen::ArrayX3d result(above.cols(), 3);
    result.col(0) = nothing;
    result.col(1) = -infinity;
    result.col(2) = infinity;
    const double mass = below.sum();
    if (kept.sum() < 2 || !(mass > 0)) return result;
    result.col(0) = above.colwise().sum().transpose() / mass;

    if (options_.interval == Interval::bootstrap) {
        Estimates spread;
        spread.estimate = result.col(0);
        const Eigen::ArrayXd divisor = (weights_ * below.matrix()).array();
        const Eigen::ArrayXXd values = ((weights_ * above.matrix()).array().colwise() / divisor);
        percentiles(values.isFinite().select(values, nothing), options_.confidence, spread);
        result.col(1) = spread.low;
        result.col(2) = spread.high;
        return result;
    }
    const auto groups = static_cast<double>((kept > 0).count());
    if (groups < 2) return result;
    const boost::math::students_t t(groups - 1);
    const double width = quantile(complement(t, (1 - options_.confidence) / 2)) *
                         std::sqrt(groups / (groups - 1)) / mass;
    const Eigen::ArrayXXd error =
        above - (below.matrix() * result.col(0).matrix().transpose()).array();
    const Eigen::ArrayXd reach = width * error.square().colwise().sum().sqrt().transpose();
    result.col(1) = result.col(0) - reach;
    result.col(2) = result.col(0) + reach;
    return result;
}

}  // namespace faultline::analysis
