#include "report/ranking_story.h"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "report/numbers.h"
#include "report/outcomes.h"
#include "report/phrases.h"

namespace faultline::report {
namespace {

/// A perturbation, and what it does.
struct Clause {
    std::string subject, does;
};

/// "sku_as_number", "makes margin_rate[category=Tea] and 1 more vanish": of the node's
/// perturbations the one with the most series whose `rate` ("lost_rate" or "new_rate") is above 0.
Clause changed(const findings::Result& result, const std::string& node, const char* rate,
               const char* verb) {
    struct Series {
        std::string first;
        std::set<std::string> all;
    };
    std::map<std::string, Series> by_perturbation;
    std::string most;
    for (const auto& row : result.attribution) {
        if (row.node != node || row.index != rate || row.estimate.value_or(0) <= 0) continue;
        const std::string& id = row.perturbation ? *row.perturbation : row.node;
        auto& series = by_perturbation[id];
        const std::string name = metric_name(row.metric, row.segment);
        if (series.all.empty()) series.first = name;
        series.all.insert(name);
        if (most.empty() || series.all.size() > by_perturbation[most].all.size()) most = id;
    }
    if (most.empty()) return {};
    const auto& [first, all] = by_perturbation[most];
    return {most, "makes " + first +
                      (all.size() > 1 ? " and " + count(all.size() - 1) + " more " : " ") + verb};
}

/// "sku_renamed", "crashes 1 of 1", and how many others do when there are several.
Clause crashes(const findings::Result& result, const std::string& node) {
    Clause first;
    std::size_t others = 0;
    for (const auto& perturbation : result.perturbations) {
        const auto n = broken(perturbation.outcomes);
        if (perturbation.node != node || n == 0) continue;
        if (!first.does.empty()) {
            ++others;
            continue;
        }
        const bool late = number_of(perturbation.outcomes, "crashed") == 0;
        first = {perturbation.id, (late ? "times out in " : "crashes ") + count(n) + " of " +
                                      count(total_of(perturbation.outcomes))};
    }
    if (others > 0)
        first.does += " and " + count(others, "other") + (others == 1 ? " does too" : " do too");
    return first;
}

}  // namespace

std::string damage_text(const findings::Ranked& node) {
    if (node.unbounded) return "∞";
    return node.damage ? number(*node.damage) : "–";
}

std::string interval_text(const findings::Ranked& node) {
    if (!node.damage || node.unbounded) return {};
    return node.low && node.high && *node.low == *node.high ? "exact"
                                                            : interval(node.low, node.high);
}

std::string interval_heading(const findings::Result& result) {
    const auto any = std::find_if(result.attribution.begin(), result.attribution.end(),
                                  [](const auto& a) { return a.index == "damage"; });
    return number((any == result.attribution.end() ? 0.95 : any->confidence) * 100) + " % interval";
}

std::string ranking_details(const findings::Result& result, const findings::Ranked& node) {
    struct Sentence {
        std::string subject;
        std::vector<std::string> clauses;
    };
    std::vector<Sentence> sentences;
    const auto add = [&](const Clause& clause) {
        if (clause.does.empty()) return;
        auto same = std::find_if(sentences.begin(), sentences.end(), [&](const Sentence& other) {
            return other.subject == clause.subject;
        });
        if (same == sentences.end()) same = sentences.insert(same, {clause.subject, {}});
        same->clauses.push_back(clause.does);
    };
    if (node.unbounded || node.damage.value_or(0) > 0)
        add({node.worst_perturbation,
             (node.worst_perturbation.empty() ? "the worst is " : "moves ") +
                 metric_name(node.worst_metric, node.worst_segment)});
    add(changed(result, node.node, "lost_rate", "vanish"));
    add(changed(result, node.node, "new_rate", "appear"));
    add(crashes(result, node.node));
    std::string text;
    for (const auto& [subject, clauses] : sentences)
        text +=
            (text.empty() ? "" : "; ") + subject + (subject.empty() ? "" : " ") + joined(clauses);
    return text;
}

std::string discoveries_text(const findings::Result& result) {
    const auto& discovered = result.discovered;
    if (discovered.tests == 0) return {};
    return count(discovered.nodes.size()) + " of " + count(result.ranking.size(), "node") +
           (discovered.nodes.size() == 1 ? " leaves" : " leave") +
           " a tolerance beyond chance; over all " +
           count(static_cast<std::uint64_t>(discovered.tests), "test") + " at once, at most " +
           number(discovered.rate * 100) + " % of such findings are false (Benjamini–Hochberg)";
}

}  // namespace faultline::report
