#include "design/factorial.h"
#include "design/method.h"

namespace faultline::design {
namespace {

std::vector<Problem> plackett_burman_problems(const model::DesignSpec& spec,
                                              const std::vector<Factor>&) {
    return refuse_keys(spec, "plackett_burman",
                       {Key::rows, Key::levels, Key::budget, Key::stop, Key::second_order});
}

SampledMethod plackett_burman_sampled(const model::DesignSpec& spec,
                                      const std::vector<Factor>& factors) {
    auto players = players_of(spec, factors);
    if (players.empty()) return {};
    const Sample once = (plackett_burman(players.size()) + 1) / 2;
    return repeated_factorial(std::move(players), once, spec, factors, false);
}

}  // namespace

extern const Method plackett_burman_design;
const Method plackett_burman_design =
    wholly_sampled<plackett_burman_sampled>("plackett_burman", plackett_burman_problems);

}  // namespace faultline::design
