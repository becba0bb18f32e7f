#include "findings/json_words.h"
#include "findings/parts_json.h"

namespace faultline::findings {
namespace {

Json to_json(const Threshold& threshold) {
    return {{"severity", json_number(threshold.severity)},
            {"low", json_number(threshold.low)},
            {"high", json_number(threshold.high)},
            {"text", json_name(threshold.text)}};
}

Json to_json(const DosePoint& point) {
    return {{"severity", json_number(point.severity)},
            {"text", json_name(point.text)},
            {"trials", point.trials},
            {"damage", json_number(point.damage)},
            {"low", json_number(point.low)},
            {"high", json_number(point.high)},
            {"breached", json_number(point.breached)},
            {"noticed", json_number(point.noticed)}};
}

}  // namespace

Json to_json(const DoseResponse& row) {
    Json curve = Json::array();
    for (const auto& point : row.curve) curve.push_back(to_json(point));
    return {{"perturbation", row.perturbation},
            {"node", row.node},
            {"owner", json_name(row.owner)},
            {"plugin", row.plugin},
            {"metric", json_name(row.metric)},
            {"segment", row.segment},
            {"harmful", to_json(row.harmful)},
            {"noticed", to_json(row.noticed)},
            {"noticed_by", json_name(row.noticed_by)},
            {"blind", row.blind ? Json({row.blind->first, row.blind->second}) : Json()},
            {"crashes_from", json_number(row.crashes_from)},
            {"binary", row.binary},
            {"monotone", row.monotone},
            {"sentence", json_name(row.sentence)},
            {"curve", std::move(curve)}};
}

}  // namespace faultline::findings
