#include <cmath>

#include "journal/lines.h"
#include "journal/numbers.h"

namespace faultline::journal {

Json series_to_json(const Series& series) {
    return {{"metric", series.metric}, {"segment", series.segment}};
}

Series parse_series(const Json& value) {
    const Fields fields(value, "a series");
    Series series{fields.text("metric"), fields.any("segment")};
    if (!series.segment.is_null() && !series.segment.is_object())
        throw Malformed("\"segment\" of a series is neither an object nor null");
    return series;
}

Json times_to_json(const std::map<std::string, double>& times) {
    Json object = Json::object();
    // A microsecond is the last digit that says anything.
    for (const auto& [node, milliseconds] : times)
        object[node] = std::round(milliseconds * 1000) / 1000;
    return object;
}

std::map<std::string, double> parse_times(const Fields& line) {
    std::map<std::string, double> times;
    for (const auto& [node, value] : line.object("node_milliseconds").items()) {
        if (!value.is_number()) throw Malformed("\"node_milliseconds\" holds what is no number");
        times[node] = value.get<double>();
    }
    return times;
}

Json checks_to_json(const std::map<std::string, CheckState>& checks) {
    Json object = Json::object();
    for (const auto& [id, state] : checks)
        object[id] = {{"fired", state.fired}, {"errored", state.errored}};
    return object;
}

std::map<std::string, CheckState> parse_checks(const Json& object, const std::string& what) {
    std::map<std::string, CheckState> checks;
    for (const auto& [id, value] : object.items()) {
        const Fields state(value, "a check of " + what);
        checks[id] = {state.flag("fired"), state.flag("errored")};
    }
    return checks;
}

Json to_json(const Base& base) {
    Json series = Json::array(), values = Json::array(), floors = Json::array();
    for (const auto& item : base.series) series.push_back(series_to_json(item));
    for (const auto& value : base.values) values.push_back(from_number(value));
    for (const double value : base.noise_floor) floors.push_back(from_number(value));
    return {{"type", "base"},
            {"series", std::move(series)},
            {"values", std::move(values)},
            {"noise_floor", std::move(floors)},
            {"checks", checks_to_json(base.checks)},
            {"unpinned", base.unpinned},
            {"executed", base.executed},
            {"node_milliseconds", times_to_json(base.node_milliseconds)}};
}

Base parse_base(const Json& line) {
    const Fields fields(line, "the base run");
    Base base;
    for (const auto& item : fields.array("series")) base.series.push_back(parse_series(item));
    base.values = fields.numbers("values");
    for (const auto& value : fields.numbers("noise_floor")) {
        if (!value)
            throw Malformed("\"noise_floor\" of the base run has an entry without a number");
        base.noise_floor.push_back(*value);
    }
    if (base.values.size() != base.series.size() || base.noise_floor.size() != base.series.size())
        throw Malformed("the base run's series, values and noise floors differ in number");
    base.checks = parse_checks(fields.object("checks"), "the base run");
    base.unpinned = fields.texts("unpinned");
    base.executed = fields.count("executed");
    base.node_milliseconds = parse_times(fields);
    return base;
}

}  // namespace faultline::journal
