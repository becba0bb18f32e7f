#pragma once

#include <string>

#include "journal/records.h"

namespace faultline::journal::test {

inline Header header() {
    Header header;
    header.scenario = {{"faultline", "scenario/1"}, {"z", 1}, {"a", 2}};
    header.pipeline = {{"faultline", "pipeline/1"}};
    header.edges = Json::parse(R"([["orders", "revenue"]])");
    header.deterministic = {"sku_renamed"};
    header.binary = {"sku_renamed"};
    header.faults = {
        {"sku_renamed", "schema", true, "nothing", "column", "", 0, 1, false, ""},
        {"price", "values", false, "magnitude", "cell", "factor", 1, 0.1, true, "times"}};
    header.check_reads = {{"positive", {"revenue", "orders"}}};
    header.scenario_path = "scenario.json";
    header.pipeline_path = "pipeline.json";
    header.seed = 18446744073709551615u;
    header.versions = {{"faultline", "0.1.0"}};
    header.fingerprint = "00ff";
    header.warnings = {"a warning"};
    header.sources = {{"orders", "a1"}, {"rates", "b2"}};
    header.plugins = {{"noise", "c3"}};
    header.threads_per_trial = 2;
    return header;
}

inline Base base() {
    Base base;
    base.series = {{"revenue", {{"territory", "North"}}},
                   {"revenue", {{"territory", nullptr}}},
                   {"rows", nullptr}};
    base.values = {1.5, std::nullopt, 1e308};
    base.noise_floor = {0, 0, 1e-15};
    base.checks = {{"positive", {true, false}}};
    base.unpinned = {"revenue: random()"};
    base.executed = 2;
    return base;
}

inline TrialRecord trial(std::uint64_t number) {
    TrialRecord trial;
    trial.number = number;
    trial.replicate = 3;
    trial.severities = {{"days_lost", 0.1}};
    trial.outcome = Outcome::silent;
    trial.values = {0.1 + 0.2, std::nullopt, 3.0};
    trial.extra = {{{"revenue", {{"territory", "Nürth \"x\"\n"}}}, 7.0}};
    trial.fired = {{"positive", {true, true}}};
    trial.failure = Failure{"orders", "step", "it failed"};
    trial.answer_keys.set("days_lost", {{"rows_removed", 12}});
    trial.run = 2;
    trial.milliseconds = 1.25;
    return trial;
}

template <class Record>
std::string line(const Record& record) {
    return to_json(record).dump() + "\n";
}

}  // namespace faultline::journal::test
