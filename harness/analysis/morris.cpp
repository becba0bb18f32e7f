#include "analysis/morris.h"

#include <boost/math/distributions/students_t.hpp>
#include <limits>

#include "analysis/elementary_effects.h"
#include "analysis/require.h"
#include "analysis/resampling.h"
#include "core/special_values.h"

namespace faultline::analysis {
namespace {

/// Standard deviation of each column's resamples; those without a value are left out.
Eigen::ArrayXd spread_of(const Eigen::ArrayXXd& resampled) {
    const auto there = resampled.isFinite().eval();
    const Eigen::ArrayXXd n = there.colwise().count().cast<double>();
    const Eigen::ArrayXXd mean = there.select(resampled, 0.0).colwise().sum() / n;
    const Eigen::ArrayXXd deviation =
        there.select(resampled - mean.replicate(resampled.rows(), 1), 0.0);
    return (deviation.square().colwise().sum() / (n - 1)).sqrt().transpose();
}

/// What is known of one factor: `effects` is trajectories × outputs.
class Factor {
  public:
    Factor(const Eigen::ArrayXXd& effects, const Eigen::MatrixXd& weights, double confidence)
        : there_(effects.isFinite()) {
        const Eigen::ArrayXXd value = there_.select(effects, 0.0);
        count_ = there_.colwise().count().cast<double>().transpose();
        // Largest effect 1: squares neither overflow nor vanish.
        const Eigen::ArrayXXd largest = value.abs().colwise().maxCoeff();
        unit_ = (largest > 0).select(largest, 1.0);
        const Eigen::ArrayXXd scaled = value / unit_.replicate(value.rows(), 1);
        mass_ = (weights * there_.cast<double>().matrix()).array();

        const Eigen::ArrayXXd n = count_.transpose();
        mean_ = scaled.colwise().sum() / n;
        size_ = scaled.abs().colwise().sum() / n;
        const Eigen::ArrayXXd centred =
            there_.select(scaled - mean_.replicate(scaled.rows(), 1), 0.0);
        deviation_ = (centred.square().colwise().sum() / (n - 1)).sqrt();
        // A difference of equal steps is equal up to rounding; more than that is an interaction.
        constexpr double rounding = 64 * std::numeric_limits<double>::epsilon();
        const Eigen::ArrayXXd still = (deviation_ <= rounding).cast<double>();
        deviation_ *= 1 - still;

        mean_spread_ = spread_of((weights * scaled.matrix()).array() / mass_);
        size_spread_ = spread_of((weights * scaled.abs().matrix()).array() / mass_);
        const Eigen::ArrayXXd shift = (weights * centred.matrix()).array() / mass_;
        const Eigen::ArrayXXd variance =
            (weights * centred.square().matrix()).array() / mass_ - shift.square();
        deviation_spread_ = spread_of(variance.max(0).log() / 2);

        reach_ = count_.unaryExpr([&](double r) {
            if (r < 2) return infinity;
            const boost::math::students_t t(r - 1);
            return quantile(complement(t, (1 - confidence) / 2)) * std::sqrt(r / (r - 1));
        });
    }

    [[nodiscard]] Estimates mu() const { return around(mean_, mean_spread_); }
    [[nodiscard]] Estimates mu_star() const {
        Estimates result = around(size_, size_spread_);
        result.low = (result.low < 0 && result.low > -infinity).select(0.0, result.low);
        return result;
    }
    [[nodiscard]] Estimates sigma() const {
        Estimates result;
        result.count = count_.cast<int>();
        const Eigen::ArrayXd value = (deviation_ * unit_).transpose();
        const Eigen::ArrayXd factor = (reach_ * deviation_spread_).exp();
        result.low = value / factor;
        result.high = value * factor;
        result.estimate = value;
        settle(result, 2);
        const auto none = (value == 0 && count_ >= 2).eval();
        result.low = none.select(0.0, result.low);
        result.high = none.select(0.0, result.high);
        return result;
    }

  private:
    [[nodiscard]] Estimates around(const Eigen::ArrayXXd& value,
                                   const Eigen::ArrayXd& spread) const {
        Estimates result;
        result.count = count_.cast<int>();
        const Eigen::ArrayXd unit = unit_.transpose();
        result.estimate = value.transpose() * unit;
        result.low = result.estimate - reach_ * spread * unit;
        result.high = result.estimate + reach_ * spread * unit;
        settle(result, 1);
        return result;
    }
    /// No value where too few effects are there, no bound where there is none.
    void settle(Estimates& result, double least) const {
        const auto missing = (count_ < least || result.estimate.isNaN()).eval();
        result.estimate = missing.select(nothing, result.estimate);
        const auto open =
            (missing || count_ < 2 || result.low.isNaN() || result.high.isNaN()).eval();
        result.low = open.select(-infinity, result.low);
        result.high = open.select(infinity, result.high);
    }

    Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> there_;
    Eigen::ArrayXd count_, reach_, mean_spread_, size_spread_, deviation_spread_;
    Eigen::ArrayXXd unit_, mass_, mean_, size_, deviation_;
};

/// What a group of several factors does not have.
Estimates without_direction(Estimates estimates) {
    estimates.estimate.setConstant(nothing);
    estimates.low.setConstant(-infinity);
    estimates.high.setConstant(infinity);
    return estimates;
}

}  // namespace

MorrisIndices morris_indices(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                             const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                             const MorrisOptions& options) {
    require_confidence(options.confidence);
    if (options.resamples < 2)
        throw Error(ErrorKind::user,
                    fmt::format("found {} resamples, expected at least 2", options.resamples));
    const auto effects = elementary_effects(inputs, outputs, options.groups);
    const auto members = members_of(options.groups, static_cast<std::uint64_t>(inputs.cols()));
    MorrisIndices result;
    result.trajectories = effects.front().rows();
    const Eigen::MatrixXd weights =
        resampling_weights(result.trajectories, options.resamples, options.seed);
    for (std::size_t g = 0; g < effects.size(); ++g) {
        const Factor factor(effects[g], weights, options.confidence);
        const bool directed = members[g].size() == 1;
        result.mu.push_back(directed ? factor.mu() : without_direction(factor.mu()));
        result.mu_star.push_back(factor.mu_star());
        result.sigma.push_back(directed ? factor.sigma() : without_direction(factor.sigma()));
    }
    return result;
}

}  // namespace faultline::analysis
