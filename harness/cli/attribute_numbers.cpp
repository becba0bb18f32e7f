#include "cli/attribute_numbers.h"

#include <fmt/format.h>

#include <limits>

#include "analysis/discoveries.h"
#include "analysis/elementary_effects.h"
#include "analysis/hsic.h"
#include "analysis/morris.h"
#include "analysis/rank_sobol.h"
#include "analysis/regression.h"
#include "analysis/shapley.h"
#include "cli/radial_inputs.h"
#include "core/error.h"

namespace faultline::cli {
namespace {

using analysis::Estimates;

void append(std::vector<AttributedIndex>& all, const char* index, std::vector<Estimates> estimates,
            Eigen::Index of) {
    for (std::size_t j = 0; j < estimates.size(); ++j)
        all.push_back({index, j, 0, false, of, std::move(estimates[j])});
}

std::vector<AttributedIndex> by_sobol(const Eigen::ArrayXXd& inputs, const Eigen::ArrayXXd& outputs,
                                      const AttributionOptions& options) {
    require_radial(inputs, options.groups, options.sobol.second_order);
    const std::size_t k =
        members_of(options.groups, static_cast<std::uint64_t>(inputs.cols())).size();
    auto found = analysis::sobol_indices(outputs, k, options.sobol);
    std::vector<AttributedIndex> all;
    append(all, "S1", std::move(found.first), found.rows);
    append(all, "ST", std::move(found.total), found.rows);
    std::size_t pair = 0;
    for (std::size_t j = 0; j < k && !found.second.empty(); ++j)
        for (std::size_t l = j + 1; l < k; ++l)
            all.push_back({"S2", j, l, true, found.rows, std::move(found.second[pair++])});
    return all;
}

std::vector<AttributedIndex> by_shapley(const Eigen::ArrayXXd& inputs,
                                        const Eigen::ArrayXXd& outputs,
                                        const AttributionOptions& options) {
    const auto& o = options.sobol;
    auto found = analysis::shapley_effects(
        inputs, outputs,
        {options.groups, o.interval, o.replicates, o.resamples, o.seed, o.confidence});
    std::vector<AttributedIndex> all;
    append(all, "shapley", std::move(found.effects), found.walks);
    return all;
}

std::vector<AttributedIndex> by_steps(const std::string& method, const Eigen::ArrayXXd& inputs,
                                      const Eigen::ArrayXXd& outputs,
                                      const AttributionOptions& options) {
    std::vector<AttributedIndex> all;
    const auto& o = options.sobol;
    if (method == "morris") {
        auto found = analysis::morris_indices(inputs, outputs,
                                              {o.resamples, o.seed, o.confidence, options.groups});
        // Groups of several factors have neither direction nor curvature.
        if (options.groups.empty()) append(all, "mu", std::move(found.mu), found.trajectories);
        append(all, "mu_star", std::move(found.mu_star), found.trajectories);
        if (options.groups.empty())
            append(all, "sigma", std::move(found.sigma), found.trajectories);
        return all;
    }
    std::vector<Estimates> effects;
    const auto steps = analysis::elementary_effects(inputs, outputs);
    for (const auto& of_factor : steps)
        effects.push_back(analysis::mean_with_t_interval(of_factor, o.confidence, false));
    append(all, "effect", std::move(effects), steps.front().rows());
    return all;
}

/// The lowest false discovery rate at which each factor would be called significant, from the
/// p-values of all factors of an output.
std::vector<Estimates> q_values(const std::vector<Estimates>& p_values) {
    std::vector<Estimates> result = p_values;
    const auto factors = static_cast<Eigen::Index>(p_values.size());
    for (Eigen::Index o = 0; o < p_values.front().estimate.size(); ++o) {
        Eigen::ArrayXd p(factors);
        for (Eigen::Index j = 0; j < factors; ++j)
            p(j) = p_values[static_cast<std::size_t>(j)].estimate(o);
        // The rate has no bearing on the adjusted values.
        const auto found = analysis::control_false_discoveries(p, 0.05);
        for (Eigen::Index j = 0; j < factors; ++j) {
            Estimates& entry = result[static_cast<std::size_t>(j)];
            entry.estimate(o) = found.adjusted(j);
            entry.low(o) = -std::numeric_limits<double>::infinity();
            entry.high(o) = std::numeric_limits<double>::infinity();
        }
    }
    return result;
}

std::vector<AttributedIndex> by_hsic(const Eigen::ArrayXXd& inputs, const Eigen::ArrayXXd& outputs,
                                     const AttributionOptions& options) {
    auto found = analysis::hsic_indices(
        inputs, outputs, {options.permutations, options.sobol.seed, options.sobol.confidence});
    std::vector<AttributedIndex> all;
    append(all, "hsic", std::move(found.r2), inputs.rows());
    append(all, "q_value", q_values(found.p_value), inputs.rows());
    append(all, "p_value", std::move(found.p_value), inputs.rows());
    return all;
}

}  // namespace

const std::vector<std::string>& attribution_methods() {
    static const std::vector<std::string> names{
        "sobol",          "shapley", "morris", "one_at_a_time", "plackett_burman",
        "full_factorial", "src",     "prcc",   "rank_sobol",    "hsic"};
    return names;
}

bool takes_groups(const std::string& method) {
    return method == "sobol" || method == "shapley" || method == "morris";
}

std::vector<AttributedIndex> attribute_numbers(const std::string& method,
                                               const Eigen::ArrayXXd& inputs,
                                               const Eigen::ArrayXXd& outputs,
                                               const AttributionOptions& options) {
    if (inputs.rows() != outputs.rows())
        throw Error(ErrorKind::user, fmt::format("found {} runs of inputs and {} of outputs, "
                                                 "expected as many of each",
                                                 inputs.rows(), outputs.rows()));
    if (!inputs.isFinite().all())
        throw Error(ErrorKind::user,
                    "an input is empty or not finite; only outputs may be, for failed runs");
    if (!options.groups.empty() && !takes_groups(method))
        throw Error(
            ErrorKind::user,
            fmt::format("the method {} knows no groups; sobol, shapley and morris do", method));
    if (method == "sobol") return by_sobol(inputs, outputs, options);
    if (method == "shapley") return by_shapley(inputs, outputs, options);
    if (method == "morris" || method == "one_at_a_time")
        return by_steps(method, inputs, outputs, options);
    if (method == "hsic") return by_hsic(inputs, outputs, options);
    std::vector<AttributedIndex> all;
    const double confidence = options.sobol.confidence;
    if (method == "src") {
        append(all, "src", analysis::standardised_coefficients(inputs, outputs, confidence),
               inputs.rows());
    } else if (method == "prcc") {
        append(all, "prcc", analysis::partial_rank_correlations(inputs, outputs, confidence),
               inputs.rows());
    } else if (method == "rank_sobol") {
        append(all, "S1",
               analysis::rank_sobol_indices(inputs, outputs, {options.sobol.seed, confidence}),
               inputs.rows());
    } else {
        append(all, "effect", analysis::main_effects(inputs, outputs, confidence), inputs.rows());
    }
    return all;
}

}  // namespace faultline::cli
