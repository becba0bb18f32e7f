#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Nothing came for a while: the rows of one stretch of time are gone. Severity scales how long it
/// is; where it begins stays the same.
class TimeWindowGone {
  public:
    static constexpr const char* describe = R"json({
      "name": "time_window_gone",
      "version": "1.0.0",
      "summary": "Loses the rows of one window of time: an outage, a gap in a series",
      "keywords": ["downtime", "missing period", "data loss", "gaps"],
      "group": "missing",
      "dose": "continuous",
      "unit": "row",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "hours", "measure": "hours"},
        {"param": "share", "measure": "share", "otherwise": 0.1}],
      "at_severity_1": "the window has its full length",
      "accepts": ["date", "timestamp"],
      "needs_columns": true,
      "keeps": ["schema", "order"],
      "params": {
        "type": "object",
        "properties": {
          "share": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 1, "default": null,
            "description": "the window's length, as a share of the time from the first row to the last; 0.1 if hours is not set"},
          "hours": {"type": ["number", "null"], "exclusiveMinimum": 0, "default": null,
            "description": "the window's length, in hours"},
          "at": {"goes_with": {"from": [null]}, "enum": ["random", "start", "end"], "default": "random",
            "description": "random: it begins with a row drawn by lot, early enough to have its full length; start: with the first row; end: it ends with the last row"},
          "from": {"type": ["string", "null"], "default": null,
            "description": "when it begins, as a date or timestamp, instead of at"}
        }
      },
      "examples": [
        {"columns": ["at"], "share": 0.2},
        {"columns": ["day"], "hours": 72, "where": "region = 'north'"},
        {"columns": ["at"], "hours": 48, "at": "end", "fraction": 0.5},
        {"columns": ["at"], "hours": 100, "from": "2024-01-10 12:00:00", "fraction": 0.9}
      ]
    })json";

    explicit TimeWindowGone(const nlohmann::json& params)
        : share_(stated<double>(params, "share")),
          hours_(stated<double>(params, "hours")),
          at_(params.at("at").get<std::string>()),
          from_(stated<std::string>(params, "from")) {
        if (share_ && hours_) throw ParamError("state one of share and hours");
    }

    [[nodiscard]] bool draws(double /*severity*/) const { return at_ == "random" && !from_; }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        if (targets.size() != 1)
            throw ParamError("columns must be the one that says when, and here are " +
                             std::to_string(targets.size()));
        const auto& column = targets[0];
        // A date further away than timestamps go is in no window.
        const auto since = micros(call.try_cast(call.quote(column), "TIMESTAMP"));
        // Of a relation without rows, too.
        const auto stated = from_ ? begins_at(call) : "";
        const auto first = call.measure("min(" + since + ")"),
                   last = call.measure("max(" + since + ")");
        Projection out(relation, call);
        if (first && last) {
            // All of the time is up to the last row and with it.
            const auto share = share_.value_or(0.1);
            const auto full =
                hours_ ? *hours_ * 3600e6 : share * (*last - *first) + (share < 1 ? 0 : 1);
            // At least a microsecond: a window holds the row that it begins with.
            const auto length = std::max(1.0, call.severity() * full);
            const auto from =
                from_ ? stated : begins(column, relation, call, since, *first, *last, full, length);
            const auto until = from + " + " + whole(length);
            // As a value, since an engine that asks an OR row by row takes longer.
            out.keep("coalesce(NOT " + call.selected() + " OR " + since + " < " + from + " OR " +
                     since + " >= " + until + ", TRUE)");
            auto rewrite = out.build();
            rewrite.answer_key =
                "SELECT 0 AS rows_added, count(*) AS rows_removed, 0 AS rows_changed FROM " +
                relation.from() + " WHERE " + since + " >= " + from + " AND " + since + " < " +
                until + " AND " + call.selected();
            return rewrite;
        }
        return out.build();
    }

  private:
    static std::string micros(const std::string& time) { return "epoch_us(" + time + ")"; }
    static std::string whole(double micros) {
        return std::to_string(static_cast<std::int64_t>(std::llround(micros)));
    }

    [[nodiscard]] std::string begins_at(const Call& call) const {
        return micros(call.constant({"from", "TIMESTAMP", Family::timestamp}, *from_, "from"));
    }

    /// Microseconds since 1970, as SQL.
    [[nodiscard]] std::string begins(const Column& column, const Relation& relation,
                                     const Call& call, const std::string& since, double first,
                                     double last, double full, double length) const {
        if (at_ == "start") return whole(first);
        if (at_ == "end") return whole(last - length + 1);
        // The draws of rows do not know the severity, so neither does the row that comes first.
        const auto row = "SELECT " + since + " FROM " + relation.from() + " WHERE " +
                         call.selected() + " AND " + call.quote(column) + " IS NOT NULL AND " +
                         since + " <= " + whole(std::max(first, last - full)) + " ORDER BY " +
                         call.uniform(0) + ", " + call.rank() + " LIMIT 1";
        const Column micros{"", call.type_name(Family::integer), Family::integer};
        return "coalesce(" + call.looked_up(micros, row) + ", " + whole(first) + ")";
    }

    std::optional<double> share_, hours_;
    std::string at_;
    std::optional<std::string> from_;
};

}  // namespace

FAULTLINE_PLUGIN(TimeWindowGone)
