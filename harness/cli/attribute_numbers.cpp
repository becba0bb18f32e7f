#include "cli/attribute_numbers.h"

#include <fmt/format.h>

#include "analysis/elementary_effects.h"
#include "analysis/morris.h"
#include "analysis/regression.h"
#include "core/error.h"

namespace faultline::cli {
namespace {

using analysis::Estimates;

void append(std::vector<AttributedIndex>& all, const char* index, std::vector<Estimates> estimates,
            Eigen::Index of) {
    for (std::size_t j = 0; j < estimates.size(); ++j)
        all.push_back({index, j, 0, false, of, std::move(estimates[j])});
}

/// Outputs of another design would give numbers all the same, and wrong ones.
void require_radial(const Eigen::ArrayXXd& inputs, bool second_order) {
    const Eigen::Index k = inputs.cols(), step = second_order ? 2 * k + 2 : k + 2;
    const auto refuse = [&](Eigen::Index run) {
        throw Error(
            ErrorKind::user,
            fmt::format("run {} of the inputs (the first is 1) is not what `faultline sample "
                        "--method sobol{}` puts there: for each base row A, AB_1 … AB_{}, {}B; was "
                        "the sample made {} --second-order?",
                        run + 1, second_order ? " --second-order" : "", k,
                        second_order ? fmt::format("BA_1 … BA_{}, ", k) : "",
                        second_order ? "without" : "with"));
    };
    if (inputs.rows() == 0 || inputs.rows() % step != 0) refuse(inputs.rows());
    for (Eigen::Index from = 0; from < inputs.rows(); from += step) {
        const Eigen::Index last = from + step - 1;
        for (Eigen::Index run = 0; run < step - 2; ++run) {
            const bool swapped = run >= k;
            const Eigen::Index moved = run % k, of = swapped ? last : from,
                               other = swapped ? from : last;
            for (Eigen::Index j = 0; j < k; ++j)
                if (inputs(from + 1 + run, j) != inputs(j == moved ? other : of, j))
                    refuse(from + 1 + run);
        }
    }
}

std::vector<AttributedIndex> by_sobol(const Eigen::ArrayXXd& inputs, const Eigen::ArrayXXd& outputs,
                                      const analysis::SobolOptions& options) {
    require_radial(inputs, options.second_order);
    auto found =
        analysis::sobol_indices(outputs, static_cast<std::uint64_t>(inputs.cols()), options);
    std::vector<AttributedIndex> all;
    append(all, "S1", std::move(found.first), found.rows);
    append(all, "ST", std::move(found.total), found.rows);
    std::size_t pair = 0;
    const auto k = static_cast<std::size_t>(inputs.cols());
    for (std::size_t j = 0; j < k && !found.second.empty(); ++j)
        for (std::size_t l = j + 1; l < k; ++l)
            all.push_back({"S2", j, l, true, found.rows, std::move(found.second[pair++])});
    return all;
}

std::vector<AttributedIndex> by_steps(const std::string& method, const Eigen::ArrayXXd& inputs,
                                      const Eigen::ArrayXXd& outputs,
                                      const analysis::SobolOptions& options) {
    std::vector<AttributedIndex> all;
    if (method == "morris") {
        auto found = analysis::morris_indices(
            inputs, outputs, {options.resamples, options.seed, options.confidence});
        append(all, "mu", std::move(found.mu), found.trajectories);
        append(all, "mu_star", std::move(found.mu_star), found.trajectories);
        append(all, "sigma", std::move(found.sigma), found.trajectories);
        return all;
    }
    std::vector<Estimates> effects;
    const auto steps = analysis::elementary_effects(inputs, outputs);
    for (const auto& of_factor : steps)
        effects.push_back(analysis::mean_with_t_interval(of_factor, options.confidence, false));
    append(all, "effect", std::move(effects), steps.front().rows());
    return all;
}

}  // namespace

const std::vector<std::string>& attribution_methods() {
    static const std::vector<std::string> names{
        "sobol", "morris", "one_at_a_time", "plackett_burman", "full_factorial", "src", "prcc"};
    return names;
}

std::vector<AttributedIndex> attribute_numbers(const std::string& method,
                                               const Eigen::ArrayXXd& inputs,
                                               const Eigen::ArrayXXd& outputs,
                                               const analysis::SobolOptions& options) {
    if (inputs.rows() != outputs.rows())
        throw Error(ErrorKind::user, fmt::format("found {} runs of inputs and {} of outputs, "
                                                 "expected as many of each",
                                                 inputs.rows(), outputs.rows()));
    if (!inputs.isFinite().all())
        throw Error(ErrorKind::user,
                    "an input is empty or not finite; only outputs may be, for failed runs");
    if (method == "sobol") return by_sobol(inputs, outputs, options);
    if (method == "morris" || method == "one_at_a_time")
        return by_steps(method, inputs, outputs, options);
    std::vector<AttributedIndex> all;
    const double confidence = options.confidence;
    if (method == "src") {
        append(all, "src", analysis::standardised_coefficients(inputs, outputs, confidence),
               inputs.rows());
    } else if (method == "prcc") {
        append(all, "prcc", analysis::partial_rank_correlations(inputs, outputs, confidence),
               inputs.rows());
    } else {
        append(all, "effect", analysis::main_effects(inputs, outputs, confidence), inputs.rows());
    }
    return all;
}

}  // namespace faultline::cli
