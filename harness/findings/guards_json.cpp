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
            {"caught", guard.caught},
            {"seen", guard.seen},
            {"tripped", guard.tripped},
            {"harmless", guard.harmless},
            {"held_out", guard.held_out},
            {"covers", guard.covers},
            {"adds", guard.adds},
            {"distance", guard.distance},
            {"cost", json_number(guard.cost)},
            {"caution", json_name(guard.caution)}};
}

}  // namespace

Json to_json(const Guards& guards) {
    Json proposed = Json::array();
    for (const auto& guard : guards.proposed) proposed.push_back(to_json(guard));
    return {{"proposed", std::move(proposed)},
            {"silent_trials", guards.silent_trials},
            {"covered_trials", guards.covered_trials},
            {"unperturbed", guards.unperturbed},
            {"score_before", json_number(guards.score_before)},
            {"score_after", json_number(guards.score_after)},
            {"at_output", guards.at_output ? to_json(*guards.at_output) : Json()},
            {"out_of_reach", guards.out_of_reach},
            {"note", json_name(guards.note)}};
}

Json guards_document(const Guards& guards) {
    Json checks = Json::array(), about = Json::array();
    for (const auto& guard : guards.proposed) {
        checks.push_back(guard.check);
        Json told = to_json(guard);
        told.erase("check");
        about.push_back(std::move(told));
    }
    return {{"faultline", "guards/1"}, {"checks", std::move(checks)}, {"about", std::move(about)}};
}

}  // namespace faultline::findings
