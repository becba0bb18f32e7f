#include "design/factorial_estimates.h"
#include "design/method.h"

namespace faultline::design {
namespace {

/// Without chance, repeating the design would only repeat its numbers.
std::uint64_t repeats_of(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    for (const auto& factor : factors)
        if (factor.draws && factor.reaches) return spec.replicates;
    return 1;
}

std::vector<Problem> problems_of(const model::DesignSpec& spec, const std::vector<Factor>&) {
    return refuse_keys(spec, "plackett_burman",
                       {Key::rows, Key::levels, Key::budget, Key::stop, Key::second_order});
}

SampledMethod sampled(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    SampledMethod method;
    method.players = players_of(spec, factors);
    if (method.players.empty()) return method;
    const Sample once = (plackett_burman(method.players.size()) + 1) / 2;
    const auto runs = static_cast<std::uint64_t>(once.rows());
    const std::uint64_t repeats = repeats_of(spec, factors);
    method.rows = runs;
    method.runs = runs * repeats;
    method.replicates = repeats;
    method.sample = [=, who = method.players](std::uint64_t) {
        return shared_by_members(who, once.replicate(static_cast<Eigen::Index>(repeats), 1));
    };
    method.part = [=](std::uint64_t run) { return run / runs; };
    method.estimate = [who = method.players](const Eigen::ArrayXXd& inputs,
                                             const Eigen::ArrayXXd& outputs, double confidence) {
        return factorial_estimates(first_members(who, inputs), outputs, false, confidence);
    };
    method.counts_for_width = [](const IndexEstimates& index) { return index.index == "effect"; };
    return method;
}

}  // namespace

extern const Method plackett_burman_design;
const Method plackett_burman_design{
    "plackett_burman", problems_of,
    [](const model::DesignSpec& spec, const std::vector<Factor>& factors) {
        return make_sampled_design(spec, factors, sampled(spec, factors));
    },
    [](const model::DesignSpec& spec, const std::vector<Factor>& factors,
       const History&) -> std::optional<SampledPart> {
        return SampledPart{sampled(spec, factors), 0};
    }};

}  // namespace faultline::design
