#include <cmath>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Times in another zone than everybody thinks, or without the hour of summer time.
class TimezoneShift {
  public:
    static constexpr const char* describe = R"json({
      "name": "timezone_shift",
      "version": "1.0.0",
      "summary": "Moves timestamps by a zone's hours, all year or in summer time only",
      "keywords": ["DST", "daylight saving", "time zone", "UTC", "local time", "clock skew",
        "summer time"],
      "group": "batches",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of the timestamps is in the wrong zone",
      "accepts": ["timestamp"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "hours": {"type": "number", "minimum": -26, "maximum": 26, "default": 1,
            "description": "what is added, to the minute: 5.5 is India, -8 the west of America"},
          "season": {"enum": ["all_year", "eu_summer", "us_summer"], "default": "all_year",
            "description": "when: all_year; eu_summer, from the last Sunday of March to that of October, 01:00 as the column tells it; us_summer, from the second Sunday of March to the first of November, 02:00"}
        }
      },
      "examples": [
        {"columns": ["at"], "hours": -5},
        {"columns": ["at"], "hours": 5.5, "fraction": 0.4, "exact": true}
      ]
    })json";

    explicit TimezoneShift(const nlohmann::json& params)
        : minutes_(std::llround(params.at("hours").get<double>() * 60)),
          season_(params.at("season").get<std::string>()) {
        const double minutes = params.at("hours").get<double>() * 60;
        if (std::abs(minutes - static_cast<double>(minutes_)) > 1e-6)
            throw ParamError("hours must come to whole minutes");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets()) {
            auto when = call.selected();
            if (season_ != "all_year") when += " AND " + is_summer(call.quote(column), call);
            const auto moved =
                call.moved(column, call.quote(column), std::to_string(minutes_), "minute");
            if (minutes_ == 0)
                out.replace(column, moved, when);
            else
                out.replace_by_other(column, moved, when,
                                     "coalesce(isfinite(" + call.quote(column) + "), FALSE)");
        }
        auto rewrite = out.build();
        rewrite.identity = minutes_ == 0;
        return rewrite;
    }

  private:
    [[nodiscard]] std::string is_summer(const std::string& time, const Call& call) const {
        const auto interval = [&](const std::string& length) {
            return call.cast(call.text(length), call.type_name(Family::interval));
        };
        const auto day = [&](const char* since_new_year) {
            return "(date_trunc('year', " + time + ") + " + interval(since_new_year) + ")";
        };
        const auto days = [&](const std::string& number) {
            return interval("1 day") + " * (" + number + ")";
        };
        const auto weekday = [](const std::string& date) {
            return "extract(dow FROM " + date + ")";  // Sunday is 0
        };
        // The last Sunday up to a day, and the first one from a day on.
        const auto last = [&](const std::string& date) {
            return date + " - " + days(weekday(date));
        };
        const auto first = [&](const std::string& date) {
            return date + " + " + days("(7 - " + weekday(date) + ") % 7");
        };
        const bool eu = season_ == "eu_summer";
        const auto from = eu ? last(day("2 months 30 days")) : first(day("2 months 7 days"));
        const auto to = eu ? last(day("9 months 30 days")) : first(day("10 months"));
        const auto hour = interval(eu ? "1 hour" : "2 hours");
        return "(" + time + " >= " + from + " + " + hour + " AND " + time + " < " + to + " + " +
               hour + ")";
    }

    std::int64_t minutes_;
    std::string season_;
};

}  // namespace

FAULTLINE_PLUGIN(TimezoneShift)
