#include "findings/json_words.h"
#include "findings/measured.h"
#include "findings/parts_json.h"
#include "findings/result.h"

namespace faultline::findings {
namespace {

/// In the contract's order, which is not the alphabet's.
Json outcomes(const std::map<std::string, std::uint64_t>& counts) {
    Json object = Json::object();
    for (const char* key : {"total", "absorbed", "detected", "silent", "false_alarm", "crashed",
                            "timed_out", "not_applied"})
        if (const auto count = counts.find(key); count != counts.end()) object[key] = count->second;
    return object;
}

Json to_json(const Attribution& row) {
    Json object = {{"metric", json_name(row.metric)},
                   {"segment", row.segment},
                   {"node", row.node},
                   {"perturbation", json_text(row.perturbation)},
                   {"with", json_text(row.with)},
                   {"index", row.index},
                   {"estimate", json_number(row.estimate)},
                   {"low", json_number(row.low)},
                   {"high", json_number(row.high)},
                   {"confidence", row.confidence},
                   {"unit", row.unit},
                   {"conditional", row.conditional},
                   {"severity", json_number(row.severity)}};
    if (row.group) object["group"] = *row.group;
    return object;
}

Json to_json(const Ranked& row) {
    return {{"node", row.node},
            {"owner", json_name(row.owner)},
            {"damage", json_number(row.damage)},
            {"low", json_number(row.low)},
            {"high", json_number(row.high)},
            {"worst_metric", json_name(row.worst_metric)},
            {"worst_segment", row.worst_segment},
            {"outcomes", outcomes(row.outcomes)},
            {"worst_perturbation", json_name(row.worst_perturbation)},
            {"unbounded", row.unbounded}};
}

Json to_json(const PerturbationResult& row) {
    return {{"id", row.id},
            {"node", row.node},
            {"plugin", row.plugin},
            {"answer_key", row.answer_key},
            {"outcomes", outcomes(row.outcomes)}};
}

Json to_json(const CheckResult& row) {
    return {{"id", row.id},
            {"node", row.node},
            {"fired_in_base", row.fired_in_base},
            {"fired", row.fired},
            {"errored", row.errored}};
}

Json to_json(const FloorResult& row) {
    return {{"metric", row.metric}, {"segment", row.segment}, {"floor", json_number(row.floor)}};
}

Json to_json(const FailureResult& row) {
    return {{"node", row.node},
            {"stage", row.stage},
            {"message", row.message},
            {"count", row.count},
            {"trial", row.trial}};
}

Json to_json(const Changed& row) {
    if (row.count == 0) return nullptr;
    return {{"count", row.count},
            {"metric", row.metric},
            {"segment", row.segment},
            {"number", json_number(row.number)},
            {"trial", row.trial}};
}

Json to_json(const Silent& row) {
    return {{"perturbation", row.perturbation},
            {"node", row.node},
            {"metric", json_name(row.metric)},
            {"segment", row.segment},
            {"trials", row.trials},
            {"worst_trial", row.worst_trial},
            {"base", json_number(row.base)},
            {"value", json_number(row.value)},
            {"damage", json_number(row.damage)},
            {"vanished", to_json(row.vanished)},
            {"appeared", to_json(row.appeared)}};
}

Json to_json(const Interaction& row) {
    return {{"perturbation", row.perturbation},
            {"with", row.with},
            {"metric", row.metric},
            {"segment", row.segment},
            {"alone", json_number(row.alone)},
            {"with_alone", json_number(row.with_alone)},
            {"together", json_number(row.together)},
            {"beyond", json_number(row.beyond)}};
}

template <class Row>
Json rows(const std::vector<Row>& all) {
    Json array = Json::array();
    for (const auto& row : all) array.push_back(to_json(row));
    return array;
}

}  // namespace

Json to_json(const Result& result) {
    Json document = {
        {"faultline", "result/1"},
        {"status", result.status},
        {"verdict", result.verdict},
        {"approximate", result.approximate},
        {"seed", result.seed},
        {"scenario", result.scenario},
        {"pipeline", result.pipeline},
        {"versions", result.versions},
        {"trials", outcomes(result.trials)},
        {"executions",
         {{"run", result.run}, {"reused", result.reused}, {"skipped", result.skipped}}},
        {"attribution", rows(result.attribution)},
        {"ranking", rows(result.ranking)},
        {"perturbations", rows(result.perturbations)},
        {"checks", rows(result.checks)},
        {"noise_floor", rows(result.noise_floor)},
        {"failures", rows(result.failures)},
        {"silent", rows(result.silent)},
        {"reasons", result.reasons},
        {"warnings", result.warnings},
        {"discoveries",
         {{"nodes", result.discovered.nodes},
          {"tests", result.discovered.tests},
          {"found", result.discovered.found},
          {"false_discovery_rate", json_number(result.discovered.rate)}}},
        {"interactions", rows(result.interactions)},
        {"explanation", result.explanation},
        {"doses", rows(result.doses)},
        {"check_scores", to_json(result.check_scores)},
        {"guards", to_json(result.guards)},
        {"structure", to_json(result.structure)},
        {"travel", rows(result.travel)},
        {"edges", rows(result.edges)}};
    mark_measured(document, result.measured);
    return document;
}

}  // namespace faultline::findings
