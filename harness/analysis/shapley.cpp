#include "analysis/shapley.h"

#include <fmt/format.h>

#include <limits>

#include "analysis/block_ratios.h"
#include "analysis/walks.h"
#include "core/error.h"

namespace faultline::analysis {
namespace {

/// One output's walks, a column each, brought into [−1, 1].
struct Walks {
    Eigen::ArrayXXd y;
    Eigen::Array<bool, Eigen::Dynamic, 1> kept;
    bool constant = false;
};

Walks walks_of(const Eigen::Ref<const Eigen::ArrayXd>& output, Eigen::Index length) {
    Walks walks;
    // Halved, so that the difference of the largest numbers does not overflow.
    walks.y = Eigen::Map<const Eigen::ArrayXXd>(output.data(), length, output.size() / length) / 2;
    walks.kept = walks.y.isFinite().colwise().all().transpose();
    Eigen::Index first = 0;
    const double pivot = walks.kept.maxCoeff(&first) ? walks.y(0, first) : 0;
    for (Eigen::Index walk = 0; walk < walks.y.cols(); ++walk)
        if (walks.kept(walk)) {
            walks.y.col(walk) -= pivot;
        } else {
            walks.y.col(walk).setZero();
        }
    const double largest = walks.y.abs().maxCoeff();
    // A few units in the last place of a number are rounding, not an effect.
    walks.constant = largest <= 16 * std::numeric_limits<double>::epsilon() * std::abs(pivot);
    if (largest > 0) walks.y /= largest;
    return walks;
}

}  // namespace

ShapleyEffects shapley_effects(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                               const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                               const ShapleyOptions& options) {
    if (inputs.rows() != outputs.rows())
        throw Error(ErrorKind::user, fmt::format("found {} runs of inputs and {} of outputs",
                                                 inputs.rows(), outputs.rows()));
    const Eigen::ArrayXXi order = movers(inputs, options.groups);
    const Eigen::Index players = order.rows();
    const BlockRatios shares(order.cols(), {options.interval, options.replicates, options.resamples,
                                            options.seed, options.confidence});
    Estimates empty;
    empty.estimate = empty.low = empty.high = Eigen::ArrayXd(outputs.cols());
    empty.count = Eigen::ArrayXi(outputs.cols());
    ShapleyEffects result;
    result.walks = order.cols();
    result.effects.assign(static_cast<std::size_t>(players), empty);

    for (Eigen::Index o = 0; o < outputs.cols(); ++o) {
        const Walks walks = walks_of(outputs.col(o), players + 1);
        Eigen::ArrayXXd gains = Eigen::ArrayXXd::Zero(shares.blocks(), players);
        Eigen::ArrayXd variance = Eigen::ArrayXd::Zero(shares.blocks()), kept = variance;
        for (Eigen::Index walk = 0; walk < walks.y.cols(); ++walk) {
            if (!walks.kept(walk)) continue;
            const Eigen::Index block = shares.block_of_row(walk);
            const auto y = walks.y.col(walk);
            for (Eigen::Index step = 0; step < players; ++step)
                gains(block, order(step, walk)) +=
                    (y(0) - (y(step) + y(step + 1)) / 2) * (y(step) - y(step + 1));
            variance(block) += (y(0) - y(players)) * (y(0) - y(players)) / 2;
            kept(block) += 1;
        }
        const auto count = static_cast<int>(kept.sum());
        Eigen::ArrayX3d found = shares(gains, variance, kept);
        if (walks.constant && count >= 2) found.setZero();
        for (Eigen::Index player = 0; player < players; ++player) {
            Estimates& entry = result.effects[static_cast<std::size_t>(player)];
            entry.estimate(o) = found(player, 0);
            entry.low(o) = found(player, 1);
            entry.high(o) = found(player, 2);
            entry.count(o) = count;
        }
    }
    return result;
}

}  // namespace faultline::analysis
