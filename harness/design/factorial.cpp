#include "design/factorial.h"

#include <algorithm>
#include <limits>

#include "analysis/regression.h"
#include "core/error.h"
#include "core/special_values.h"

namespace faultline::design {
namespace {

bool any_chance(const std::vector<Factor>& factors) {
    return std::any_of(factors.begin(), factors.end(),
                       [](const Factor& factor) { return factor.draws && factor.reaches; });
}

/// Least squares of one output at a time where all at once cannot be: on the runs that gave an
/// output its values, factors may have become combinations of each other. That output is unknown.
std::vector<analysis::Estimates> effects_of(const Eigen::ArrayXXd& terms,
                                            const Eigen::ArrayXXd& outputs, double confidence) {
    try {
        return analysis::main_effects(terms, outputs, confidence);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::user) throw;
    }
    const Eigen::Index count = outputs.cols();
    std::vector<analysis::Estimates> all(
        static_cast<std::size_t>(terms.cols()),
        {Eigen::ArrayXd::Constant(count, nothing), Eigen::ArrayXd::Constant(count, -infinity),
         Eigen::ArrayXd::Constant(count, infinity), Eigen::ArrayXi::Zero(count)});
    for (Eigen::Index output = 0; output < count; ++output) {
        try {
            const auto one = analysis::main_effects(terms, outputs.col(output), confidence);
            for (std::size_t term = 0; term < all.size(); ++term) {
                all[term].estimate(output) = one[term].estimate(0);
                all[term].low(output) = one[term].low(0);
                all[term].high(output) = one[term].high(0);
                all[term].count(output) = one[term].count(0);
            }
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::user) throw;
        }
    }
    return all;
}

/// Every combination of on and off, once, and no chance in it: then an average over the others is
/// no estimate of one, where no run of it is missing.
void settle_known(const Eigen::ArrayXXd& outputs, std::vector<IndexEstimates>& all) {
    for (Eigen::Index output = 0; output < outputs.cols(); ++output) {
        if (!outputs.col(output).isFinite().all()) continue;
        for (auto& index : all)
            index.estimates.low(output) = index.estimates.high(output) =
                index.estimates.estimate(output);
    }
}

}  // namespace

analysis::Estimates size_of(const analysis::Estimates& effect) {
    analysis::Estimates size = effect;
    const auto straddles = (effect.low <= 0 && effect.high >= 0).eval();
    size.estimate = effect.estimate.abs();
    size.low = straddles.select(0.0, effect.low.abs().min(effect.high.abs()));
    size.high = effect.low.abs().max(effect.high.abs());
    return size;
}

std::uint64_t repeats_of(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    return any_chance(factors) ? spec.replicates : 1;
}

SampledMethod repeated_factorial(std::vector<Player> players, const Sample& once,
                                 const model::DesignSpec& spec, const std::vector<Factor>& factors,
                                 bool pairs) {
    SampledMethod method;
    const std::uint64_t repeats = repeats_of(spec, factors);
    method.exact = !any_chance(factors);
    const auto runs = static_cast<std::uint64_t>(once.rows());
    method.rows = runs;
    method.runs = runs * repeats;
    method.replicates = repeats;
    method.sample = [=](std::uint64_t) {
        return shared_by_members(players, once.replicate(static_cast<Eigen::Index>(repeats), 1));
    };
    method.part = [=](std::uint64_t run) { return run / runs; };
    const bool whole = pairs && method.exact && ((once == 0) || (once == 1)).all();
    method.estimate = [=](const Eigen::ArrayXXd& inputs, const Eigen::ArrayXXd& outputs,
                          double confidence) {
        auto all = factorial_estimates(first_members(players, inputs), outputs, pairs, confidence);
        if (whole) settle_known(outputs, all);
        return all;
    };
    method.counts_for_width = [](const IndexEstimates& index) { return index.index == "effect"; };
    method.players = std::move(players);
    return method;
}

std::vector<IndexEstimates> factorial_estimates(const Eigen::ArrayXXd& inputs,
                                                const Eigen::ArrayXXd& outputs, bool pairs,
                                                double confidence) {
    const Eigen::Index k = inputs.cols();
    Eigen::ArrayXXd terms(inputs.rows(), pairs ? k + k * (k - 1) / 2 : k);
    // Centred, so that the products leave the main effects as they are.
    terms.leftCols(k) = inputs - 0.5;
    Eigen::Index next = k;
    for (Eigen::Index j = 0; j < k && pairs; ++j)
        for (Eigen::Index l = j + 1; l < k; ++l) terms.col(next++) = terms.col(j) * terms.col(l);
    const auto effects = effects_of(terms, outputs, confidence);
    std::vector<IndexEstimates> all;
    next = k;
    for (Eigen::Index j = 0; j < k; ++j) {
        const auto player = static_cast<std::size_t>(j);
        all.push_back({"effect", player, {}, effects[player], "metric"});
        all.push_back({"change", player, {}, size_of(effects[player]), "metric", true});
    }
    for (std::size_t j = 0; j < static_cast<std::size_t>(k) && pairs; ++j)
        for (std::size_t l = j + 1; l < static_cast<std::size_t>(k); ++l)
            all.push_back(
                {"interaction", j, l, effects[static_cast<std::size_t>(next++)], "metric"});
    return all;
}

}  // namespace faultline::design
