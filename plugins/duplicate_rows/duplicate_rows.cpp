#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// The same row again, as a retry or a second load leaves it, exactly or almost.
class DuplicateRows {
  public:
    static constexpr const char* describe = R"json({
      "name": "duplicate_rows",
      "version": "1.0.0",
      "summary": "Repeats rows, exactly or with some columns slightly changed",
      "keywords": ["at least once", "exactly once", "retry", "replay", "deduplication",
        "idempotent", "idempotency", "double counting"],
      "group": "keys",
      "dose": "continuous",
      "unit": "row",
      "scales": "fraction",
      "at_severity_1": "the full fraction of the rows is there again",
      "accepts": ["numeric", "text", "boolean", "date", "timestamp"],
      "keeps": ["schema"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "mode": {"enum": ["exact", "fuzzy"], "default": "exact",
            "description": "exact: the copies are equal to their row; fuzzy: they differ slightly in every column of columns"},
          "times": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1,
            "description": "how many copies of each row hit"},
          "relative": {"goes_with": {"mode": ["fuzzy"]}, "type": "number", "minimum": 0, "default": 0.01,
            "description": "fuzzy: how much larger decimals and doubles are in the copies, as a share of each value"}
        }
      },
      "examples": [
        {"fraction": 0.2},
        {"times": 3, "fraction": 0.1, "exact": true},
        {"mode": "fuzzy", "columns": ["note"], "fraction": 0.3, "where": "region = 'north'"},
        {"mode": "fuzzy", "columns": ["price", "qty", "flag", "at", "day"], "times": 2}
      ]
    })json";

    explicit DuplicateRows(const nlohmann::json& params)
        : fuzzy_(params.at("mode") == "fuzzy"),
          times_(params.at("times").get<int>()),
          relative_(params.at("relative").get<double>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        if (fuzzy_ && targets.empty())
            throw ParamError("fuzzy copies differ from their row: state \"columns\"");
        if (!fuzzy_ && !targets.empty())
            throw ParamError(
                "exact copies differ in no column: leave \"columns\" out, or set "
                "\"mode\" to \"fuzzy\"");
        const auto most = std::to_string(times_ + 1);
        Multiplied out(relation, call,
                       "CASE WHEN " + call.selected() + " THEN " + most + " ELSE 1 END", times_ + 1,
                       1);
        if (times_ == 1) out.twice_where(call.selected());
        for (const auto& column : targets) out.replace(column, almost(column, call));
        return out.build();
    }

  private:
    /// The smallest slip that somebody would make. Where the slip does not fit, the value stays.
    [[nodiscard]] std::string almost(const Column& column, const Call& call) const {
        const auto value = call.quote(column);
        switch (column.family) {
            case Family::integer:
                return call.back_to(column, call.as_double(column) + " + " + call.number(1));
            case Family::boolean:
                return "NOT " + value;
            case Family::date:
                return call.moved(column, value, "1", "day");
            case Family::timestamp:
                return call.moved(column, value, "1", "minute");
            case Family::text: {  // a key pressed twice
                const auto doubled = value + " || CASE WHEN length(" + value +
                                     ") = 0 THEN ' ' ELSE substr(" + value + ", length(" + value +
                                     "), 1) END";
                return "coalesce(" + call.try_cast(doubled, column.type) + ", " + value + ")";
            }
            default:
                return call.back_to(column,
                                    call.as_double(column) + " * " + call.number(1 + relative_));
        }
    }

    bool fuzzy_;
    int times_;
    double relative_;
};

}  // namespace

FAULTLINE_PLUGIN(DuplicateRows)
