#include "analysis/regression.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <limits>

#include "analysis/linear_fit.h"
#include "analysis/require.h"
#include "core/special_values.h"

namespace faultline::analysis {
namespace {

double t_quantile(double freedom, double confidence) {
    if (freedom < 1) return infinity;
    const boost::math::students_t t(freedom);
    return quantile(complement(t, (1 - confidence) / 2));
}

/// The value, or 0 where it is no larger than what rounding alone explains.
double beyond(double least, double value) {
    return std::abs(value) <= least ? 0 : value;
}

void put(std::vector<Estimates>& result, const LinearFit& fit, Eigen::Index j, Eigen::Index o,
         double estimate, double low, double high) {
    auto& entry = result[static_cast<std::size_t>(fit.factors[static_cast<std::size_t>(j)])];
    const Eigen::Index column = fit.outputs[static_cast<std::size_t>(o)];
    const bool still = fit.output_scale(o) == 0;
    entry.estimate(column) = still ? 0 : estimate;
    entry.low(column) = still ? 0 : std::isnan(low) ? -infinity : low;
    entry.high(column) = still ? 0 : std::isnan(high) ? infinity : high;
}

}  // namespace

std::vector<Estimates> standardised_coefficients(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                                 const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                                                 double confidence) {
    require_confidence(confidence);
    return fit_each_group(
        inputs, outputs, false, [&](const LinearFit& fit, std::vector<Estimates>& result) {
            const auto n = static_cast<double>(fit.x.rows());
            const Eigen::MatrixXd pull = fit.x * fit.inverse;
            // A run that the fit must pass through has leverage 1 and no residual to speak of.
            const Eigen::ArrayXd leverage = (pull.array() * fit.x.array()).rowwise().sum() + 1 / n;
            const Eigen::ArrayXd weight = 1 / (1 - leverage).max(1e-6);
            const Eigen::MatrixXd error = (fit.residuals.array().colwise() * weight).matrix();
            const double t = t_quantile(fit.freedom, confidence);
            for (Eigen::Index j = 0; j < fit.x.cols(); ++j) {
                const Eigen::ArrayXXd of_slope =
                    n * (error.array().colwise() * pull.col(j).array());
                const Eigen::ArrayXXd of_scales =
                    (fit.x.col(j).array().square().replicate(1, fit.y.cols()) -
                     fit.y.array().square()) /
                    2;
                const Eigen::ArrayXXd influence =
                    of_slope + of_scales.rowwise() * fit.coefficients.row(j).array();
                const Eigen::ArrayXd reach =
                    t * influence.square().colwise().sum().sqrt().transpose() / n;
                for (Eigen::Index o = 0; o < fit.y.cols(); ++o) {
                    const double value = fit.coefficients(j, o);
                    put(result, fit, j, o, value, value - reach(o), value + reach(o));
                }
            }
        });
}

std::vector<Estimates> partial_rank_correlations(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                                 const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                                                 double confidence) {
    require_confidence(confidence);
    const boost::math::normal standard;
    const double z = quantile(complement(standard, (1 - confidence) / 2));
    return fit_each_group(
        inputs, outputs, true, [&](const LinearFit& fit, std::vector<Estimates>& result) {
            if (fit.freedom < 1) return;
            // runs − (factors − 1) − 3
            const double effective = fit.freedom - 1;
            const double reach = effective > 0 ? z * std::sqrt(1.06 / effective) : infinity;
            for (Eigen::Index o = 0; o < fit.y.cols(); ++o) {
                const double unexplained = fit.residuals.col(o).squaredNorm();
                for (Eigen::Index j = 0; j < fit.x.cols(); ++j) {
                    // b / sqrt(b² + RSS · (xᵀx)⁻¹_jj) is the correlation of the two residuals.
                    const double b = fit.coefficients(j, o),
                                 length = std::hypot(b, std::sqrt(unexplained * fit.inverse(j, j))),
                                 r = length > 0 ? b / length : 0;
                    put(result, fit, j, o, r, std::tanh(std::atanh(r) - reach),
                        std::tanh(std::atanh(r) + reach));
                }
            }
        });
}

std::vector<Estimates> main_effects(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                    const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                                    double confidence) {
    require_confidence(confidence);
    return fit_each_group(
        inputs, outputs, false, [&](const LinearFit& fit, std::vector<Estimates>& result) {
            const double t = t_quantile(fit.freedom, confidence);
            for (Eigen::Index o = 0; o < fit.y.cols(); ++o) {
                const double deviation =
                    std::sqrt(fit.residuals.col(o).squaredNorm() / std::max(fit.freedom, 1.0));
                for (Eigen::Index j = 0; j < fit.x.cols(); ++j) {
                    const double unit = fit.output_scale(o) / fit.input_scale(j),
                                 least = fit.of_rounding(j, o),
                                 slope = beyond(least, fit.coefficients(j, o)),
                                 error = t * deviation * std::sqrt(fit.inverse(j, j)),
                                 reach = fit.freedom < 1 ? infinity : beyond(least, error) * unit;
                    put(result, fit, j, o, slope * unit, slope * unit - reach,
                        slope * unit + reach);
                }
            }
        });
}

}  // namespace faultline::analysis
