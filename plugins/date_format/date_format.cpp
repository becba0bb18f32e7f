#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Dates written in mixed formats, and what comes of reading them so: day and month exchanged.
/// Severity scales how many cells.
class DateFormat {
  public:
    static constexpr const char* describe = R"json({
      "name": "date_format",
      "version": "1.0.0",
      "summary": "Mixes date formats: texts are written in other formats; dates and timestamps have day and month exchanged",
      "keywords": ["locale", "ambiguous dates", "DD/MM", "MM/DD", "US dates", "ISO 8601"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of dates is in another format, or has day and month exchanged",
      "accepts": ["text", "date", "timestamp"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.2},
      "params": {
        "type": "object",
        "properties": {
          "from": {"type": "string", "default": "%Y-%m-%d",
            "description": "text: the format of what is there; what does not read as such stays. Dates and timestamps have none: of those, days above 12 stay, since no format confuses them"},
          "to": {"type": "array", "minItems": 1, "items": {"type": "string"},
            "default": ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%d %b %Y"],
            "description": "text: the formats that are written, each as likely"}
        }
      },
      "examples": [
        {"columns": ["day"], "fraction": 0.6},
        {"columns": ["day", "at"], "fraction": 0.5, "exact": true},
        {"columns": ["note"], "from": "note %d", "to": ["%d. note", "%d/%m"], "fraction": 0.7}
      ]
    })json";

    explicit DateFormat(const nlohmann::json& params)
        : from_(params.at("from").get<std::string>()),
          to_(params.at("to").get<std::vector<std::string>>()) {
        check(from_, "from");
        for (const auto& format : to_) check(format, "to");
    }

    [[nodiscard]] bool draws(double /*severity*/) const { return to_.size() > 1; }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        std::uint32_t index = 0;
        for (const auto& column : relation.targets()) {
            const auto now = column.family == Family::text ? rewritten(column, call, index++)
                                                           : exchanged(column, call);
            out.replace(column, "coalesce(" + call.try_cast(now, column.type) + ", " +
                                    call.quote(column) + ")");
        }
        return out.build();
    }

  private:
    /// The specifiers that there are; any other would fail on the first row.
    static void check(const std::string& format, const std::string& param) {
        constexpr std::string_view known = "aAwdbBmyYHIpMSfgnzZjUWcxXGVu%";
        bool any = false;
        for (std::size_t at = format.find('%'); at != std::string::npos;
             at = format.find('%', at + 1)) {
            ++at;
            if (at < format.size() && format[at] == '-') ++at;
            if (at >= format.size() || known.find(format[at]) == std::string_view::npos)
                throw ParamError(param + " holds \"" + format + "\", in which a % is followed by " +
                                 "none of " + std::string(known));
            any = any || format[at] != '%';
        }
        if (!any)
            throw ParamError(param + " holds \"" + format +
                             "\", which is no format of dates: %Y is the year, %m the month, %d "
                             "the day");
    }

    [[nodiscard]] std::string rewritten(const Column& column, const Call& call,
                                        std::uint32_t index) const {
        const auto time = "try_strptime(" + call.quote(column) + ", " + call.text(from_) + ")";
        std::string format = "CASE";
        for (std::size_t i = 0; i + 1 < to_.size(); ++i)
            format +=
                " WHEN " +
                call.below(index, static_cast<double>(i + 1) / static_cast<double>(to_.size())) +
                " THEN strftime(" + time + ", " + call.text(to_[i]) + ")";
        const auto last = "strftime(" + time + ", " + call.text(to_.back()) + ")";
        return to_.size() == 1 ? last : format + " ELSE " + last + " END";
    }

    static std::string exchanged(const Column& column, const Call& call) {
        const auto time = call.quote(column);
        const auto day = "day(" + time + ")";
        const auto date = "make_date(year(" + time + "), " + day + ", month(" + time + "))";
        const auto of_day =
            column.family == Family::date
                ? ""
                : " + (" + time + " - date_trunc(" + call.text("day") + ", " + time + "))";
        return "CASE WHEN " + day + " <= 12 THEN " + date + of_day + " END";
    }

    std::string from_;
    std::vector<std::string> to_;
};

}  // namespace

FAULTLINE_PLUGIN(DateFormat)
