#pragma once

#include <limits>
#include <string>
#include <vector>

#include "findings/result.h"

namespace faultline::findings::test {

using journal::Outcome;
using Numbers = std::vector<std::optional<double>>;

// clang-format off: it takes the text for code
inline const char* const metrics_text = R"doc([
    {"id": "revenue", "output": "sales", "sql": "sum(v)", "by": ["region"],
     "tolerance": {"relative": 0.02, "absolute": 10}},
    {"id": "items", "output": "stock", "sql": "count(*)", "tolerance": {"absolute": 5}}])doc";
inline const char* const checks_text = R"doc([
    {"id": "positive", "node": "Sales", "sql": "select * from {node} where v < 0"}])doc";
inline const char* const pipeline_text =
    R"doc({"faultline": "pipeline/1", "name": "shop", "nodes": {
    "orders": {"source": {"path": "o.csv"}, "owner": "platform"},
    "lines": {"source": {"path": "l.csv"}},
    "sales": {"sql": "select * from orders join lines using (id)", "owner": "finance"},
    "stock": {"sql": "select * from lines"}}, "outputs": ["sales", "stock"]})doc";
// clang-format on

struct Fault {
    const char* id;
    const char* node;
};

/// A journal made by hand: two feeds, orders and lines, join in sales; beside it stock from lines
/// alone. Metrics: revenue of sales by region (tolerance 2 % or 10), and items of stock (5
/// absolute).
///   orders ─┐
///           ├─ sales        series 0: revenue[region=N] = 1000, 1: revenue[region=S] = 100
///   lines ──┤
///           └─ stock        series 2: items = 50
struct Journals {
    journal::Journal journal;

    journal::TrialRecord& add(const std::string& perturbation, Outcome outcome,
                              const Numbers& values, double severity = 1) {
        journal::TrialRecord trial;
        trial.number = journal.trials.size();
        trial.severities = {{perturbation, severity}};
        trial.outcome = outcome;
        trial.values = values;
        trial.run = 2;
        if (values.empty()) trial.failure = journal::Failure{"sales", "step", "no column v"};
        return journal.trials.emplace_back(std::move(trial));
    }

    [[nodiscard]] Result conclude() const { return findings::conclude(journal); }
};

inline Journals journals_of(std::initializer_list<Fault> faults, std::uint64_t replicates = 4) {
    Journals by_hand;
    Json perturbations = Json::array();
    for (const auto& fault : faults)
        perturbations.push_back({{"id", fault.id}, {"node", fault.node}, {"plugin", "noise"}});
    auto& header = by_hand.journal.header;
    header.scenario = {{"faultline", "scenario/1"},
                       {"title", "by hand"},
                       {"pipeline", "pipeline.json"},
                       {"perturbations", perturbations},
                       {"metrics", Json::parse(metrics_text)},
                       {"checks", Json::parse(checks_text)},
                       {"design", {{"method", "one_at_a_time"}, {"replicates", replicates}}}};
    header.pipeline = Json::parse(pipeline_text);
    header.edges = Json::parse(R"([["orders", "sales"], ["lines", "sales"], ["lines", "stock"]])");
    header.scenario_path = "/somewhere/scenario.json";
    header.pipeline_path = "/somewhere/pipeline.json";
    header.seed = 7;
    header.versions = {{"faultline", "0"}};
    journal::Base base;
    base.series = {
        {"revenue", {{"region", "N"}}}, {"revenue", {{"region", "S"}}}, {"items", nullptr}};
    base.values = {1000, 100, 50};
    base.noise_floor = {0, 0, 0};
    base.checks = {{"positive", {}}};
    by_hand.journal.base = base;
    by_hand.journal.closing = journal::Closing{"completed", ""};
    return by_hand;
}

/// The one row that has these, or nothing.
inline std::optional<Attribution> row(const Result& result, const std::string& perturbation,
                                      const std::string& index, const std::string& metric,
                                      const Json& segment = nullptr) {
    std::optional<Attribution> found;
    for (const auto& candidate : result.attribution)
        if (candidate.perturbation == perturbation && candidate.index == index &&
            candidate.metric == metric && candidate.segment == segment) {
            if (found) throw std::runtime_error("two rows of " + index);
            found = candidate;
        }
    return found;
}

inline const Json north = {{"region", "N"}};
inline const Json south = {{"region", "S"}};

}  // namespace faultline::findings::test
