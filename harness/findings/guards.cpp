#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>
#include <map>
#include <set>

#include "analysis/estimate.h"
#include "findings/guard_limits.h"
#include "findings/guard_search.h"
#include "findings/ways.h"

namespace faultline::findings {
namespace {

using journal::Outcome;

/// The profiled trials by what they are to a guard, in two halves: what is learnt from one is held
/// against the other.
class Bench {
  public:
    explicit Bench(const Profiles& profiles) {
        std::map<std::pair<std::string, bool>, std::vector<std::size_t>> groups;
        for (std::size_t t = 0; t < profiles.records.size(); ++t) {
            const auto& record = *profiles.records[t];
            const bool is_silent = record.outcome == Outcome::silent;
            if (!is_silent && record.outcome != Outcome::absorbed &&
                record.outcome != Outcome::false_alarm)
                continue;
            const std::string id =
                record.severities.size() == 1 ? record.severities.begin()->first : "";
            groups[{id, is_silent}].push_back(t);
            (is_silent ? all.silent : all.harmless).push_back(t);
        }
        for (std::size_t g = 0; g < profiles.parts(); ++g) {
            all.parts.push_back(g);
            halves[g % 2].parts.push_back(g);
        }
        half_of.assign(profiles.records.size(), 2);
        for (const auto& [name, group] : groups)
            for (std::size_t i = 0; i < group.size(); ++i)
                for (const std::size_t half : {std::size_t{0}, std::size_t{1}}) {
                    // The only one of its fault cannot be held out: it teaches both.
                    if (group.size() > 1 && half != i % 2) continue;
                    if (group.size() > 1) half_of[group[i]] = static_cast<int>(half);
                    (name.second ? halves[half].silent : halves[half].harmless).push_back(group[i]);
                }
        for (const auto& [name, group] : groups)
            if (name.second)
                for (const std::size_t t : group)
                    weight[t] = 1.0 / static_cast<double>(group.size());
    }

    Lessons all;
    Lessons halves[2];
    std::vector<int> half_of;              ///< by trial; 2: the only one of its fault
    std::map<std::size_t, double> weight;  ///< of silent trials: those of a fault together are 1
};

struct Tried {
    const Candidate* candidate = nullptr;
    Margins margins;
    std::vector<std::size_t> catches;  ///< silent trials, with the limits as proposed
    std::uint64_t caught = 0, seen = 0, tripped = 0, harmless = 0, held_out = 0;
    double distance = 0;
};

/// Power and false alarms of a candidate, as far as can be with limits that were learnt from other
/// trials than those they are held against.
Tried try_out(const Profiles& profiles, const Bench& bench, const Candidate& candidate) {
    Tried tried;
    tried.candidate = &candidate;
    tried.margins = rounded(candidate, learn_margins(candidate, bench.all), bench.all.silent);
    // Learnt from the half that a trial is not in.
    const Margins by_other[2] = {learn_margins(candidate, bench.halves[1]),
                                 learn_margins(candidate, bench.halves[0])};
    const auto limits_for = [&](std::size_t t) -> const Margins& {
        return bench.half_of[t] == 2 ? tried.margins
                                     : by_other[static_cast<std::size_t>(bench.half_of[t])];
    };
    for (const std::size_t t : bench.all.silent) {
        if (!profiles.reached(t, candidate.statistic.node)) continue;
        ++tried.seen;
        if (bench.half_of[t] != 2) ++tried.held_out;
        if (fires(candidate, candidate.trials[t], limits_for(t))) ++tried.caught;
        if (fires(candidate, candidate.trials[t], tried.margins)) tried.catches.push_back(t);
    }
    for (const std::size_t t : bench.all.harmless) {
        if (!profiles.reached(t, candidate.statistic.node)) continue;
        ++tried.harmless;
        if (fires(candidate, candidate.trials[t], limits_for(t))) ++tried.tripped;
    }
    if (candidate.kind != "range")
        for (std::size_t g = 0; g < candidate.parts.size(); ++g) {
            ++tried.harmless;
            if (fires(candidate, candidate.parts[g], by_other[g % 2])) ++tried.tripped;
        }
    return tried;
}

/// The mutation score by the rule of MutationScore: a fault counts 1, by the shares of its trials
/// alone at the largest dose; killed / (killed + silent). `caught`: by fault, the share of silent
/// trials that count as killed. Where no fault ever acted alone all trials are one.
std::optional<double> kills_among_harmful(const Evidence& evidence,
                                          const std::map<std::string, double>& caught) {
    struct Ended {
        double severity = -1, trials = 0, killed = 0, silent = 0;
    };
    std::map<std::string, Ended> by_fault;
    bool any_alone = false;
    std::set<std::string> benign;
    for (std::size_t p = 0; p < evidence.scenario.perturbations.size(); ++p)
        if (evidence.is_benign(p)) benign.insert(evidence.scenario.perturbations[p].id);
    for (const auto& trial : evidence.journal.trials)
        any_alone = any_alone || trial.severities.size() == 1;
    for (const auto& trial : evidence.journal.trials) {
        const bool alone = trial.severities.size() == 1;
        if (trial.severities.empty() || (any_alone && !alone)) continue;
        if (alone && benign.contains(trial.severities.begin()->first) &&
            trial.outcome != Outcome::silent && trial.outcome != Outcome::detected)
            continue;
        Ended& ended = by_fault[alone ? trial.severities.begin()->first : ""];
        const double severity = alone ? trial.severities.begin()->second : 0;
        if (severity < ended.severity) continue;
        if (severity > ended.severity) ended = {severity, 0, 0, 0};
        ++ended.trials;
        if (trial.outcome == Outcome::detected) ++ended.killed;
        if (trial.outcome == Outcome::silent) ++ended.silent;
    }
    double killed = 0, harmful = 0;
    for (const auto& [id, ended] : by_fault) {
        const auto share = caught.find(id);
        const double more = share == caught.end() ? 0 : ended.silent * share->second;
        killed += (ended.killed + more) / ended.trials;
        harmful += (ended.killed + ended.silent) / ended.trials;
    }
    return harmful > 0 ? std::optional(killed / harmful) : std::nullopt;
}

std::string identifier(const std::string& text) {
    std::string id;
    for (const char c : text)
        id += std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0 ? c : '_';
    return id;
}

class GuardSearch {
  public:
    GuardSearch(const Evidence& evidence, const Profiles& profiles)
        : evidence_(evidence),
          profiles_(profiles),
          bench_(profiles),
          ways_(evidence),
          candidates_(guard_candidates(evidence, profiles)) {
        for (const auto& check : evidence.scenario.checks) taken_.insert(check.id);
        for (const auto& candidate : candidates_) {
            Tried tried = try_out(profiles, bench_, candidate);
            if (tried.catches.empty()) continue;
            for (const std::size_t t : tried.catches)
                tried.distance +=
                    distance(t, candidate) / static_cast<double>(tried.catches.size());
            tried_.push_back(std::move(tried));
        }
    }

    Guards found() {
        Guards guards;
        guards.silent_trials = bench_.all.silent.size();
        guards.unperturbed = profiles_.parts();
        std::set<std::size_t> covered;
        for (std::size_t round = 0; round < most; ++round) {
            const Tried* best = choose(covered, [](const Tried&) { return true; });
            if (best == nullptr) break;
            Guard guard = described(*best);
            for (const std::size_t t : best->catches)
                if (covered.insert(t).second) ++guard.adds;
            guards.proposed.push_back(std::move(guard));
        }
        guards.covered_trials = covered.size();
        if (const Tried* best = choose({}, [&](const Tried& tried) { return at_output(tried); }))
            guards.at_output = described(*best);
        count(covered, guards);
        if (guards.silent_trials == 0) {
            guards.note = "no failure was silent: there is nothing to guard against";
        } else if (guards.proposed.empty()) {
            guards.note = "no simple guard tells the silent trials from the harmless ones";
        }
        return guards;
    }

  private:
    [[nodiscard]] std::string node_of(const Candidate& candidate) const {
        return profiles_.nodes[candidate.statistic.node]->node;
    }

    [[nodiscard]] bool at_output(const Tried& tried) const {
        const auto& outputs = evidence_.pipeline.outputs;
        const auto node = evidence_.pipeline.find(node_of(*tried.candidate));
        return std::any_of(outputs.begin(), outputs.end(), [&](const std::string& output) {
            return evidence_.pipeline.find(output) == node;
        });
    }

    /// Edges from the fault, the nearest of several at once.
    [[nodiscard]] double distance(std::size_t trial, const Candidate& candidate) const {
        double nearest = std::numeric_limits<double>::infinity();
        for (const auto& [id, severity] : profiles_.records[trial]->severities)
            if (const auto edges = ways_.edges(id, node_of(candidate)))
                nearest = std::min(nearest, static_cast<double>(*edges));
        return std::isfinite(nearest) ? nearest : 0;
    }

    /// What catches the most that is not covered yet for what it costs; a guard that cries wolf or
    /// does not hold on other trials than it was learnt from is no guard.
    template <class Eligible>
    const Tried* choose(const std::set<std::size_t>& covered, const Eligible& eligible) const {
        const Tried* best = nullptr;
        double most_worth = 0;
        for (const auto& tried : tried_) {
            if (!eligible(tried)) continue;
            if (tried.harmless > 0 && 10 * tried.tripped > tried.harmless) continue;
            if (tried.held_out > 1 && tried.caught == 0) continue;
            double gain = 0;
            for (const std::size_t t : tried.catches)
                if (!covered.contains(t)) gain += bench_.weight.at(t);
            if (gain < least_gain) continue;
            // What it catches of trials that it was not learnt from, beside what it promises.
            gain *= std::min(
                1.0, static_cast<double>(tried.caught) / static_cast<double>(tried.catches.size()));
            const double alarms = tried.harmless > 0 ? static_cast<double>(tried.tripped) /
                                                           static_cast<double>(tried.harmless)
                                                     : 0;
            const double worth =
                gain * (1 - 5 * alarms) / (tried.candidate->cost + 0.5 * tried.distance);
            if (worth > most_worth + 1e-12) {
                most_worth = worth;
                best = &tried;
            }
        }
        return best;
    }

    Guard described(const Tried& tried) {
        const Candidate& candidate = *tried.candidate;
        Guard guard;
        guard.node = node_of(candidate);
        if (const auto place = evidence_.pipeline.find(guard.node))
            guard.owner = evidence_.pipeline.nodes[*place].owner;
        guard.kind = candidate.kind;
        if (candidate.statistic.column)
            guard.column = profiles_.nodes[candidate.statistic.node]
                               ->columns[*candidate.statistic.column]
                               .name;
        guard.id = name_for(guard, candidate);
        guard.text = text_of(profiles_, candidate, tried.margins);
        guard.check = {{"id", guard.id}};
        // Held by name: items() of a temporary would outlive it.
        const model::Json check = check_of(profiles_, candidate, tried.margins);
        for (const auto& [key, value] : check.items()) guard.check[key] = value;
        guard.cost = candidate.cost;
        guard.caught = tried.caught;
        guard.seen = tried.seen;
        guard.tripped = tried.tripped;
        guard.harmless = tried.harmless;
        guard.held_out = tried.held_out;
        const double confidence = evidence_.scenario.design.confidence;
        const auto power =
            analysis::clopper_pearson(static_cast<std::int64_t>(tried.caught),
                                      static_cast<std::int64_t>(tried.seen), confidence);
        guard.power = power.estimate;
        guard.power_low = power.low;
        guard.power_high = power.high;
        const auto alarms =
            analysis::clopper_pearson(static_cast<std::int64_t>(tried.tripped),
                                      static_cast<std::int64_t>(tried.harmless), confidence);
        guard.false_alarms = alarms.estimate;
        guard.false_alarms_low = alarms.low;
        guard.false_alarms_high = alarms.high;
        std::map<std::string, std::pair<std::size_t, std::size_t>> by_fault;
        for (const std::size_t t : bench_.all.silent)
            if (const auto& severities = profiles_.records[t]->severities; severities.size() == 1)
                ++by_fault[severities.begin()->first].second;
        bool singles = true;
        for (const std::size_t t : tried.catches) {
            singles = singles && bench_.half_of[t] == 2;
            guard.distance =
                std::max(guard.distance, static_cast<std::uint64_t>(distance(t, candidate)));
            if (const auto& severities = profiles_.records[t]->severities; severities.size() == 1)
                ++by_fault[severities.begin()->first].first;
        }
        for (const auto& perturbation : evidence_.scenario.perturbations)
            if (const auto at = by_fault.find(perturbation.id);
                at != by_fault.end() && 2 * at->second.first > at->second.second)
                guard.covers.push_back(perturbation.id);
        if (singles && !candidate.strict)
            guard.caution =
                "each fault it catches was seen in one trial only, which also set its limits: how "
                "it does on a smaller dose is not known";
        else if (candidate.parts.empty() && !candidate.strict && !candidate.open_above)
            guard.caution =
                "nothing says how far this number moves by itself (no batches, no key): widen it "
                "as you know your data";
        return guard;
    }

    std::string name_for(const Guard& guard, const Candidate& candidate) {
        const bool quantile = guard.kind == "quantile";
        std::string id = "guard_" + identifier(guard.node) +
                         (guard.column.empty() ? "" : "_" + identifier(guard.column)) + "_" +
                         (quantile ? candidate.statistic.name : guard.kind);
        // 128 bytes are the most that an id has.
        if (id.size() > 100) id.resize(100);
        const auto known = names_.find(&candidate);
        if (known != names_.end()) return known->second;
        std::string name = id;
        for (int i = 2; !taken_.insert(name).second; ++i) name = fmt::format("{}_{}", id, i);
        names_[&candidate] = name;
        return name;
    }

    /// The mutation score with the guards, and the faults that nothing was found against.
    void count(const std::set<std::size_t>& covered, Guards& guards) const {
        std::map<std::string, std::pair<double, double>> by_fault;  // silent profiled, covered
        for (const std::size_t t : bench_.all.silent) {
            const auto& severities = profiles_.records[t]->severities;
            auto& [seen, hit] = by_fault[severities.size() == 1 ? severities.begin()->first : ""];
            ++seen;
            if (covered.contains(t)) ++hit;
        }
        for (const auto& perturbation : evidence_.scenario.perturbations)
            if (const auto at = by_fault.find(perturbation.id);
                at != by_fault.end() && 2 * at->second.second < at->second.first)
                guards.out_of_reach.push_back(perturbation.id);
        std::map<std::string, double> shares;
        for (const auto& [id, seen] : by_fault) shares[id] = seen.second / seen.first;
        guards.score_after = kills_among_harmful(evidence_, shares);
    }

    static constexpr double least_gain = 0.1;  ///< of one fault: less is not worth a check
    static constexpr std::size_t most = 12;    ///< guards that anybody would look at
    const Evidence& evidence_;
    const Profiles& profiles_;
    Bench bench_;
    Ways ways_;
    std::vector<Candidate> candidates_;
    std::vector<Tried> tried_;
    std::set<std::string> taken_;
    std::map<const Candidate*, std::string> names_;
};

}  // namespace

Guards search_guards(const Evidence& evidence, const Profiles& profiles) {
    Guards guards;
    if (!profiles.empty()) guards = GuardSearch(evidence, profiles).found();
    guards.score_before = kills_among_harmful(evidence, {});
    if (!profiles.empty()) return guards;
    for (const auto& trial : evidence.journal.trials)
        if (trial.outcome == Outcome::silent) ++guards.silent_trials;
    guards.note = guards.silent_trials == 0
                      ? "no failure was silent: there is nothing to guard against"
                      : "nothing was profiled, so no guards could be searched";
    return guards;
}

}  // namespace faultline::findings
