#include <array>

#include "journal/lines.h"
#include "journal/numbers.h"

namespace faultline::journal {
namespace {

constexpr std::array outcome_names = {"absorbed", "detected",  "silent",     "false_alarm",
                                      "crashed",  "timed_out", "not_applied"};

using Extra = RareList<std::pair<Series, std::optional<double>>>;

Json extra_to_json(const Extra& extra) {
    Json array = Json::array();
    for (const auto& [series, value] : extra) {
        Json item = series_to_json(series);
        item["value"] = from_number(value);
        array.push_back(std::move(item));
    }
    return array;
}

Extra parse_extra(const Json& array) {
    Extra extra;
    for (const auto& item : array) {
        const auto value = to_number(Fields(item, "a new series").any("value"));
        if (!value) throw Malformed("\"value\" of a new series is not a number");
        extra.push_back({parse_series(item), *value});
    }
    return extra;
}

Json failure_to_json(const Rare<Failure>& failure) {
    if (!failure) return nullptr;
    return {{"node", failure->node}, {"stage", failure->stage}, {"message", failure->message}};
}

Rare<Failure> parse_failure(const Json& value) {
    if (value.is_null()) return std::nullopt;
    const Fields fields(value, "the failure of a trial");
    return Failure{fields.text("node"), fields.text("stage"), fields.text("message")};
}

}  // namespace

const char* name_of(Outcome outcome) {
    return outcome_names.at(static_cast<std::size_t>(outcome));
}

std::optional<Outcome> outcome_named(const std::string& name) {
    for (std::size_t i = 0; i < outcome_names.size(); ++i)
        if (name == outcome_names.at(i)) return static_cast<Outcome>(i);
    return std::nullopt;
}

Json to_json(const TrialRecord& trial) {
    Json severities = Json::object(), values = Json::array();
    for (const auto& [id, severity] : trial.severities) severities[id] = from_number(severity);
    for (const auto& value : trial.values) values.push_back(from_number(value));
    return {{"type", "trial"},
            {"number", trial.number},
            {"block", trial.block},
            {"replicate", trial.replicate},
            {"severities", std::move(severities)},
            {"outcome", name_of(trial.outcome)},
            {"values", std::move(values)},
            {"extra", extra_to_json(trial.extra)},
            {"fired", checks_to_json(trial.fired)},
            {"failure", failure_to_json(trial.failure)},
            {"answer_keys", trial.answer_keys.to_json()},
            {"run", trial.run},
            {"reused", trial.reused},
            {"skipped", trial.skipped},
            {"milliseconds", from_number(trial.milliseconds)},
            {"node_milliseconds", times_to_json(trial.node_milliseconds)}};
}

TrialRecord parse_trial(const Json& line) {
    const Fields fields(line, "a trial");
    TrialRecord trial;
    trial.number = fields.count("number");
    trial.block = fields.count("block");
    trial.replicate = fields.count("replicate");
    const Fields severities(fields.object("severities"), "the severities");
    std::map<std::string, double> by_id;
    for (const auto& [id, value] : fields.object("severities").items())
        by_id[id] = severities.number(id.c_str());
    trial.severities = by_id;
    const auto outcome = outcome_named(fields.text("outcome"));
    if (!outcome) throw Malformed("no trial can end as \"" + fields.text("outcome") + "\"");
    trial.outcome = *outcome;
    trial.values = fields.numbers("values");
    trial.extra = parse_extra(fields.array("extra"));
    trial.fired = parse_checks(fields.object("fired"), "a trial");
    trial.failure = parse_failure(fields.any("failure"));
    for (const auto& [id, key] : fields.object("answer_keys").items())
        trial.answer_keys.set(id, key);
    trial.run = fields.small_count("run");
    trial.reused = fields.small_count("reused");
    trial.skipped = fields.small_count("skipped");
    trial.milliseconds = fields.number("milliseconds");
    trial.node_milliseconds = parse_times(fields);
    return trial;
}

}  // namespace faultline::journal
