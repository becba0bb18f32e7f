#include "findings/json_words.h"
#include "findings/parts_json.h"

namespace faultline::findings {
namespace {

Json to_json(const Guard& guard) {
    return {{"id", guard.id},
            {"node", guard.node},
            {"owner", json_name(guard.owner)},
            {"kind", guard.kind},
            {"column", json_name(guard.column)},
            {"text", guard.text},
            {"check", guard.check},
            {"power", json_number(guard.power)},
            {"power_low", json_number(guard.power_low)},
            {"power_high", json_number(guard.power_high)},
            {"false_alarms", json_number(guard.false_alarms)},
            {"false_alarms_low", json_number(guard.false_alarms_low)},
            {"false_alarms_high", json_number(guard.false_alarms_high)},
            {"covers", guard.covers},
            {"adds", guard.adds},
            {"distance", guard.distance},
            {"cost", json_number(guard.cost)}};
}

}  // namespace

Json to_json(const Guards& guards) {
    Json proposed = Json::array();
    for (const auto& guard : guards.proposed) proposed.push_back(to_json(guard));
    return {{"proposed", std::move(proposed)},
            {"silent_trials", guards.silent_trials},
            {"covered_trials", guards.covered_trials},
            {"score_before", json_number(guards.score_before)},
            {"score_after", json_number(guards.score_after)},
            {"out_of_reach", guards.out_of_reach},
            {"note", json_name(guards.note)}};
}

}  // namespace faultline::findings
