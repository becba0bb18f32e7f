#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>

#include "core/special_values.h"
#include "design/bifurcation.h"
#include "design/factorial.h"
#include "design/method.h"

namespace faultline::design {
namespace {

using Group = Bifurcation::Group;
using Fate = Bifurcation::Fate;

std::vector<Problem> bifurcation_problems(const model::DesignSpec& spec,
                                          const std::vector<Factor>& factors) {
    auto problems = refuse_keys(spec, "sequential_bifurcation",
                                {Key::rows, Key::levels, Key::stop, Key::second_order});
    auto unlimited = spec;
    unlimited.budget.reset();
    unlimited.confidence = 0.95;  // an impossible one is reported by itself
    const History none;
    const auto first = Bifurcation(unlimited, factors, none).next().size();
    if (spec.budget && *spec.budget < first)
        problems.push_back(
            {"", "/design/budget", fmt::format("{}", *spec.budget),
             fmt::format("at least {} trials: all perturbations off, and all on", first), ""});
    return problems;
}

/// The part of a group's change that one of its players can account for, none having the opposite
/// sign: from nothing to all of it. The estimate divides it evenly.
analysis::Estimates share_of(analysis::Estimates of_group, std::size_t players) {
    if (players == 1) return of_group;
    of_group.estimate /= static_cast<double>(players);
    of_group.low = of_group.low.min(0.0);
    of_group.high = of_group.high.max(0.0);
    return of_group;
}

std::vector<IndexEstimates> bifurcation_estimates(const Bifurcation& search,
                                                  const Eigen::ArrayXXd& outputs,
                                                  double confidence) {
    std::vector<analysis::Estimates> effects(search.players().size());
    for (const auto& group : search.groups()) {
        auto together = analysis::mean_with_t_interval(search.effects_of(group, outputs),
                                                       search.confidence_of_look(confidence),
                                                       search.most_replicates() == 1);
        const auto unknown = together.estimate.isNaN().eval();
        together.low = unknown.select(-infinity, together.low);
        together.high = unknown.select(infinity, together.high);
        for (const std::size_t player : group.players)
            effects[player] = share_of(together, group.players.size());
    }
    std::vector<IndexEstimates> all;
    for (std::size_t player = 0; player < effects.size(); ++player) {
        all.push_back({"effect", player, {}, effects[player], "metric"});
        all.push_back({"change", player, {}, size_of(effects[player]), "metric"});
    }
    return all;
}

class SequentialBifurcation : public Design {
  public:
    SequentialBifurcation(const model::DesignSpec& spec, const std::vector<Factor>& factors)
        : spec_(spec), factors_(factors) {}

    [[nodiscard]] std::vector<Trial> next(const History& history) const override {
        const Bifurcation search(spec_, factors_, history);
        return search.known().size() == history.trials.size() ? search.next()
                                                              : std::vector<Trial>{};
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
    [[nodiscard]] std::optional<std::uint64_t> most() const override {
        // Every cut of the players twice, and every group that halving gives, alone.
        const Bifurcation search(spec_, factors_, {});
        const std::uint64_t cuts = 2 * search.players().size() * search.most_replicates(),
                            groups = 2 * search.players().size() * search.first_replicates();
        return std::min(spec_.budget.value_or(cuts + groups), cuts + groups);
    }
    [[nodiscard]] std::vector<std::string> explain(const History& history) const override;

  private:
    model::DesignSpec spec_;
    std::vector<Factor> factors_;
};

/// "a, b, c and 7 more"
std::string names_in(const std::vector<Player>& players, const std::vector<std::size_t>& which) {
    constexpr std::size_t most = 12;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(most, which.size()); ++i)
        names.push_back(players[which[i]].name);
    return fmt::format("{}{}", fmt::join(names, ", "),
                       which.size() > most ? fmt::format(" and {} more", which.size() - most) : "");
}

std::vector<std::string> SequentialBifurcation::explain(const History& history) const {
    const Bifurcation search(spec_, factors_, history);
    std::vector<std::string> said;
    const auto unseen =
        std::count_if(factors_.begin(), factors_.end(), [](const auto& f) { return !f.reaches; });
    if (unseen > 0)
        said.push_back(
            fmt::format("{} of {} perturbations can reach no metric: their effects are 0 and cost "
                        "no run",
                        unseen, factors_.size()));
    said.push_back(fmt::format(
        "all {} factors on against all off, then the groups that make a difference are halved "
        "(sequential bifurcation with foldover: main effects are free of interactions of two); "
        "assumed: faults of a group do not cancel on a metric",
        search.players().size()));
    if (history.trials.empty()) return said;
    if (search.breaks_idle())
        said.push_back("nothing can be told: the pipeline breaks with every severity at 0");

    std::map<Fate, std::vector<std::size_t>> players;
    std::map<Fate, std::size_t> groups;
    for (const auto& group : search.groups()) {
        auto& mine = players[group.fate];
        mine.insert(mine.end(), group.players.begin(), group.players.end());
        ++groups[group.fate];
    }
    const auto names = [&](Fate fate) { return names_in(search.players(), players[fate]); };
    if (groups[Fate::breaks] > 0)
        said.push_back(
            "found first, since they break the pipeline or make a metric vanish or "
            "appear, and kept off afterwards: " +
            names(Fate::breaks));
    if (groups[Fate::breaks_jointly] > 0)
        said.push_back(
            "break the pipeline together and not in halves, which hides their effects: " +
            names(Fate::breaks_jointly));
    if (groups[Fate::matters] > 0)
        said.push_back(fmt::format("{} of {} factors matter, found with {} trials: {}",
                                   players[Fate::matters].size(), search.players().size(),
                                   search.known().size(), names(Fate::matters)));
    if (groups[Fate::aside] > 0)
        said.push_back(fmt::format(
            "{} factors were put aside in {} groups that together hardly move anything; of such a "
            "factor the effect is its group's divided evenly, and the interval all of it",
            players[Fate::aside].size(), groups[Fate::aside]));
    if (search.budget_spent() && groups[Fate::not_split] > 0)
        said.push_back("the budget did not reach for telling apart: " + names(Fate::not_split));
    if (search.interaction() > 0)
        said.push_back(fmt::format(
            "faults act together as well, beyond the sum of each alone, by up to {:.3g} "
            "tolerances; a sobol design of those that matter would tell which",
            search.interaction()));
    return said;
}

std::optional<SampledPart> bifurcation_sampled(const model::DesignSpec& spec,
                                               const std::vector<Factor>& factors,
                                               const History& history) {
    // Kept alive by the functions below, which outlive this call.
    struct Kept {
        Kept(const model::DesignSpec& of, const std::vector<Factor>& from, const History& with)
            : factors(from), history(with), search(of, factors, history) {}
        std::vector<Factor> factors;
        History history;
        Bifurcation search;
    };
    const auto kept = std::make_shared<const Kept>(spec, factors, history);
    const Bifurcation& search = kept->search;
    auto trials = search.known();
    trials.insert(trials.end(), search.next().begin(), search.next().end());
    SampledPart part;
    part.method.players = search.players();
    part.method.rows = part.method.runs = trials.size();
    part.method.replicates = search.most_replicates();
    part.method.exact = search.most_replicates() == 1;
    part.method.sample = [=, inputs = Sample(inputs_of(search.players(), factors, trials))](
                             std::uint64_t) { return inputs; };
    part.method.part = [=](std::uint64_t run) { return trials[run].replicate; };
    part.method.estimate = [kept](const Eigen::ArrayXXd&, const Eigen::ArrayXXd& outputs,
                                  double confidence) {
        return bifurcation_estimates(kept->search, outputs, confidence);
    };
    part.method.counts_for_width = [](const IndexEstimates& index) {
        return index.index == "effect";
    };
    return part;
}

}  // namespace

extern const Method sequential_bifurcation;
const Method sequential_bifurcation{
    "sequential_bifurcation", bifurcation_problems,
    [](const model::DesignSpec& spec,
       const std::vector<Factor>& factors) -> std::unique_ptr<Design> {
        return std::make_unique<SequentialBifurcation>(spec, factors);
    },
    bifurcation_sampled};

}  // namespace faultline::design
