#include "report/priorities.h"

#include <algorithm>
#include <set>

#include "report/failure_story.h"
#include "report/numbers.h"
#include "report/outcomes.h"
#include "report/phrases.h"
#include "report/ranking_story.h"
#include "report/silent_story.h"

namespace faultline::report {
namespace {

using Kind = Priority::Kind;

std::string owner_of(const findings::Result& result, const std::string& node) {
    for (const auto& story : result.structure.nodes)
        if (story.name == node) return story.owner;
    for (const auto& ranked : result.ranking)
        if (ranked.node == node) return ranked.owner;
    return {};
}

const findings::PerturbationResult* perturbation_of(const findings::Result& result,
                                                    const std::string& id) {
    const auto found = std::find_if(result.perturbations.begin(), result.perturbations.end(),
                                    [&](const auto& other) { return other.id == id; });
    return found == result.perturbations.end() ? nullptr : &*found;
}

/// "sku_as_number (schema_drift)".
std::string fault_name(const findings::Result& result, const std::string& id) {
    const auto* perturbation = perturbation_of(result, id);
    return perturbation == nullptr ? id : id + " (" + perturbation->plugin + ")";
}

/// "It takes prices off by 3.1 %; …": what the doses say, if they were tried.
std::string dose_sentence(const findings::Result& result, const std::string& perturbation) {
    for (const auto& dose : result.doses)
        if (dose.perturbation == perturbation && !dose.sentence.empty()) return " " + dose.sentence;
    return {};
}

/// Collects what is wrong, at most once a node, until there is enough.
class Collector {
  public:
    Collector(const findings::Result& result, std::size_t most) : result_(result), most_(most) {}

    std::vector<Priority> collect() {
        for (const auto* silent : silent_worst_first(result_)) add_silent(*silent);
        for (const auto& failure : result_.failures) add_crash(failure);
        for (const auto& check : result_.checks)
            if (check.fired_in_base) add_blind(check);
        for (const auto& ranked : result_.ranking) add_noticed(ranked);
        return std::move(found_);
    }

  private:
    /// nullptr: there is enough, or the node has been named already.
    Priority* start(Kind kind, const std::string& node) {
        if (found_.size() >= most_ || !named_.insert(node).second) return nullptr;
        Priority& priority = found_.emplace_back();
        priority.kind = kind;
        priority.node = node;
        priority.owner = owner_of(result_, node);
        return &priority;
    }

    void add_silent(const findings::Silent& silent) {
        Priority* priority = start(Kind::silent, silent.node);
        if (priority == nullptr) return;
        priority->headline = "Trouble at " + silent.node + " reaches " +
                             (silent.metric.empty() ? "the outputs" : silent.metric) + " unseen";
        priority->what = fault_name(result_, silent.perturbation) + " " + what_it_does(silent) +
                         "." + dose_sentence(result_, silent.perturbation);
        const auto* perturbation = perturbation_of(result_, silent.perturbation);
        const auto total =
            perturbation == nullptr ? silent.trials : total_of(perturbation->outcomes);
        priority->how_far = how_far(silent);
        priority->noticed = "No: in " + of(silent.trials, total) +
                            " a number left its tolerance and no check fired." + others_at(silent);
        priority->trial = silent.worst_trial;
        advise(*priority, silent);
    }

    static std::string of(std::uint64_t part, std::uint64_t whole) {
        if (part < whole) return count(part) + " of its " + count(whole, "trial");
        return whole == 1 ? "its one trial" : "all of its " + count(whole) + " trials";
    }

    static std::string how_far(const findings::Silent& silent) {
        if (!has_number(silent)) return "A segment that is expected is gone, or one came up.";
        if (!silent.damage) return "No change of this number is tolerated.";
        return number(*silent.damage) + " times what is tolerated" +
               (silent.trials > 1 ? ", in the worst trial." : ".");
    }

    /// Further silent faults of the same node, which the same fix may cover.
    [[nodiscard]] std::string others_at(const findings::Silent& silent) const {
        std::vector<std::string> others;
        for (const auto& other : result_.silent)
            if (other.node == silent.node && other.perturbation != silent.perturbation)
                others.push_back(other.perturbation);
        if (others.empty()) return {};
        return " So with " + listed(others) + " on the same node.";
    }

    void advise(Priority& priority, const findings::Silent& silent) const {
        const auto& unreached = result_.guards.out_of_reach;
        if (const auto* guard = guard_against(result_, silent.perturbation)) {
            priority.advice = "Add this check on " + guard->node +
                              (guard->owner.empty() ? "" : " (" + guard->owner + ")") + ": " +
                              guard->text + ". It would have caught " + percent(guard->power) +
                              " of the silent trials it can see, with " +
                              percent(guard->false_alarms) + " false alarms.";
            priority.guard = guard->check;
        } else if (std::find(unreached.begin(), unreached.end(), silent.perturbation) !=
                   unreached.end()) {
            priority.advice =
                "No simple check tells these data from good ones: agree with " +
                (priority.owner.empty() ? "the owner of " + silent.node : priority.owner) +
                " on a contract for " + silent.node +
                ", or reconcile it against a second source. The replay shows what differs.";
        } else {
            priority.advice = "Add a check on " + silent.node +
                              ", or on what reads it, that notices this. The replay shows the rows "
                              "that differ.";
        }
    }

    void add_crash(const findings::FailureResult& failure) {
        Priority* priority = start(Kind::crash, failure.node);
        if (priority == nullptr) return;
        priority->headline = "A fault upstream stops " + failure.node;
        priority->what = at_stage(failure) + " failed in " + count(failure.count, "trial") + ": " +
                         in_short(failure.message);
        priority->how_far = "The outputs below it are missing.";
        priority->noticed = "Yes: the run fails loudly.";
        priority->advice =
            "Decide whether stopping is right. If not, let " + failure.node +
            " cope with it, or check its inputs before, so that the message names the cause.";
        priority->trial = failure.trial;
    }

    void add_blind(const findings::CheckResult& check) {
        Priority* priority = start(Kind::blind_check, check.node);
        if (priority == nullptr) return;
        priority->headline = "The check " + check.id + " is always red";
        priority->what = check.id + " on " + check.node + " fires on untouched data.";
        priority->how_far = "It is the same red with every fault and with none.";
        priority->noticed = "A check that is always red warns of nothing.";
        priority->advice = "Mend the data or the check; until then count it as absent.";
    }

    void add_noticed(const findings::Ranked& ranked) {
        if (!ranked.unbounded && ranked.low.value_or(0) <= 1) return;
        Priority* priority = start(Kind::noticed, ranked.node);
        if (priority == nullptr) return;
        priority->headline = "Trouble at " + ranked.node + " reaches " + ranked.worst_metric +
                             ", and a check says so";
        priority->what = ranking_details(result_, ranked) + ".";
        priority->how_far = ranked.unbounded ? "No change of this number is tolerated."
                                             : damage_text(ranked) + " times what is tolerated, " +
                                                   interval_text(ranked) + ".";
        priority->noticed = "Yes: trials ended as " + outcomes_text(ranked.outcomes) + ".";
        priority->advice =
            "Make sure that the check holds the outputs back, and that whoever it wakes knows "
            "whom to call" +
            (priority->owner.empty() ? "." : ": " + priority->owner + ".");
    }

    const findings::Result& result_;
    std::size_t most_;
    std::vector<Priority> found_;
    std::set<std::string> named_;
};

}  // namespace

std::vector<Priority> priorities(const findings::Result& result, std::size_t most) {
    return Collector(result, most).collect();
}

const findings::Guard* guard_against(const findings::Result& result,
                                     const std::string& perturbation) {
    const findings::Guard* best = nullptr;
    for (const auto& guard : result.guards.proposed)
        if (std::find(guard.covers.begin(), guard.covers.end(), perturbation) !=
                guard.covers.end() &&
            (best == nullptr || guard.power > best->power))
            best = &guard;
    return best;
}

std::string verdict_sentence(const findings::Result& result) {
    const auto hurt =
        std::count_if(result.ranking.begin(), result.ranking.end(), [](const auto& n) {
            return n.unbounded || n.low.value_or(0) > 1 || broken(n.outcomes) > 0 ||
                   number_of(n.outcomes, "silent") + number_of(n.outcomes, "detected") > 0;
        });
    const auto total = total_of(result.trials);
    const auto silent = number_of(result.trials, "silent");
    std::string text = count(static_cast<std::uint64_t>(hurt)) + " of " +
                       count(result.ranking.size(), "node") +
                       " under fault broke the pipeline or moved a number out of its tolerance";
    if (total > 0)
        text += silent > 0 ? "; in " + count(silent) + " of " + count(total, "trial") +
                                 " nobody would have been told"
                           : "; nothing went wrong unseen";
    return text + ".";
}

}  // namespace faultline::report
