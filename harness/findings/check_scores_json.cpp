#include "findings/json_words.h"
#include "findings/parts_json.h"

namespace faultline::findings {
namespace {

Json to_json(const MutationScore& score) {
    return {{"mutants", json_number(score.mutants)},
            {"killed_at_source", json_number(score.killed_at_source)},
            {"killed_later", json_number(score.killed_later)},
            {"crashed", json_number(score.crashed)},
            {"silent", json_number(score.silent)},
            {"absorbed", json_number(score.absorbed)},
            {"warned", json_number(score.warned)},
            {"not_applied", json_number(score.not_applied)},
            {"score", json_number(score.score)},
            {"low", json_number(score.low)},
            {"high", json_number(score.high)},
            {"benign", json_number(score.benign)},
            {"false_alarms", json_number(score.false_alarms)}};
}

Json by_name(const char* key, const std::vector<std::pair<std::string, MutationScore>>& scores) {
    Json array = Json::array();
    for (const auto& [name, score] : scores) {
        Json object = {{key, json_name(name)}};
        object.update(to_json(score));
        array.push_back(std::move(object));
    }
    return array;
}

Json to_json(const CheckScore& row) {
    return {{"id", row.id},
            {"node", row.node},
            {"owner", json_name(row.owner)},
            {"recall", json_number(row.recall)},
            {"recall_low", json_number(row.recall_low)},
            {"recall_high", json_number(row.recall_high)},
            {"precision", json_number(row.precision)},
            {"precision_low", json_number(row.precision_low)},
            {"precision_high", json_number(row.precision_high)},
            {"kills", json_number(row.kills)},
            {"sole_kills", json_number(row.sole_kills)},
            {"harmful_seen", json_number(row.harmful_seen)},
            {"warned", json_number(row.warned)},
            {"benign_seen", json_number(row.benign_seen)},
            {"false_alarms", json_number(row.false_alarms)},
            {"distance_nodes", json_number(row.distance_nodes)},
            {"distance_rows", json_number(row.distance_rows)},
            {"never_killed", row.never_killed},
            {"only_downstream", row.only_downstream},
            {"fired_in_base", row.fired_in_base},
            {"remark", json_name(row.remark)}};
}

}  // namespace

Json to_json(const CheckScores& scores) {
    Json checks = Json::array();
    for (const auto& check : scores.checks) checks.push_back(to_json(check));
    return {{"pipeline", to_json(scores.pipeline)},
            {"by_node", by_name("node", scores.by_node)},
            {"by_owner", by_name("owner", scores.by_owner)},
            {"by_plugin", by_name("plugin", scores.by_plugin)},
            {"checks", std::move(checks)}};
}

}  // namespace faultline::findings
