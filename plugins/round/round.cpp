#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Values lose their finer part. Severity scales how many values; a grid that grows with severity
/// would let values fall back onto it.
class Round {
  public:
    static constexpr const char* describe = R"json({
      "name": "round",
      "version": "1.0.0",
      "summary": "Rounds, truncates or quantises numbers, also to single precision (float32), and timestamps",
      "keywords": ["precision loss", "resolution", "float32", "lost decimals", "quantisation",
        "truncated timestamps"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of values is rounded",
      "accepts": ["numeric", "date", "timestamp"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "decimals": {"type": ["integer", "null"], "minimum": -15, "maximum": 15, "default": null,
            "description": "digits left after the point (-2: whole hundreds); 0 if nothing else is set"},
          "significant": {"type": ["integer", "null"], "minimum": 1, "maximum": 15, "default": null,
            "description": "significant digits left"},
          "step": {"type": ["number", "null"], "exclusiveMinimum": 0, "default": null,
            "description": "quantise: multiples of this are left, in the column's unit"},
          "single_precision": {"type": "boolean", "default": false,
            "description": "keep what a 32-bit float keeps"},
          "direction": {"enum": ["nearest", "down", "up", "towards_zero"], "default": "nearest",
            "description": "decimals, significant and step: where to; nearest takes halves away from zero"},
          "to": {"type": ["string", "null"], "enum": ["second", "minute", "hour", "day", "week", "month", "quarter", "year", null],
            "default": null,
            "description": "dates and timestamps: the beginning of their …; day for timestamps and month for dates if not set"}
        }
      },
      "examples": [
        {"columns": ["price"], "decimals": 0},
        {"columns": ["score", "price"], "step": 25, "direction": "down", "fraction": 0.4},
        {"columns": ["score"], "significant": 2, "fraction": 0.5, "exact": true},
        {"columns": ["score"], "single_precision": true},
        {"columns": {"type": "temporal"}, "to": "month", "fraction": 0.7}
      ]
    })json";

    explicit Round(const nlohmann::json& params)
        : decimals_(stated<int>(params, "decimals")),
          significant_(stated<int>(params, "significant")),
          step_(stated<double>(params, "step")),
          single_(params.at("single_precision").get<bool>()),
          direction_(params.at("direction").get<std::string>()),
          to_(stated<std::string>(params, "to")) {
        stated_ =
            (decimals_ ? 1 : 0) + (significant_ ? 1 : 0) + (step_ ? 1 : 0) + (single_ ? 1 : 0);
        if (stated_ > 1)
            throw ParamError("state one of decimals, significant, step and single_precision");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        check(targets);
        Projection out(relation, call);
        for (const auto& column : targets)
            out.replace(column,
                        column.numeric() ? rounded_in_type(column, call) : truncated(column, call));
        return out.build();
    }

  private:
    void check(const std::vector<Column>& targets) const {
        bool numbers = false, times = false;
        for (const auto& column : targets) (column.numeric() ? numbers : times) = true;
        if (stated_ > 0 && !numbers)
            throw ParamError(
                "decimals, significant, step and single_precision round numbers; "
                "state to");
        if (to_ && !times)
            throw ParamError("to rounds dates and timestamps; state decimals, significant or step");
        const bool whole_left = decimals_.value_or(stated_ == 0 ? 0 : -1) >= 0;
        const bool days_left =
            to_ && (*to_ == "second" || *to_ == "minute" || *to_ == "hour" || *to_ == "day");
        for (const auto& column : targets) {
            if (column.family == Family::integer && whole_left && targets.size() == 1)
                throw ParamError("column " + column.name +
                                 " holds whole numbers, which keep their value: state decimals "
                                 "below 0, significant or step");
            if (column.family == Family::date && days_left && targets.size() == 1)
                throw ParamError("column " + column.name + " holds dates, which begin no " + *to_ +
                                 " of their own: state week, month, quarter or year");
        }
    }

    [[nodiscard]] std::string whole(const std::string& x) const {
        if (direction_ == "down") return "floor(" + x + ")";
        if (direction_ == "up") return "ceil(" + x + ")";
        if (direction_ == "towards_zero") return "trunc(" + x + ")";
        return "round(" + x + ")";
    }

    [[nodiscard]] std::string rounded_in_type(const Column& column, const Call& call) const {
        // These two have no answer for 0, and for what is too large for a float32.
        if (significant_ || single_) return call.back_to(column, rounded(column, call));
        return call.computed(column, rounded(column, call));
    }

    [[nodiscard]] std::string rounded(const Column& column, const Call& call) const {
        const auto x = call.as_double(column);
        if (single_) return call.cast(call.try_cast(x, "REAL"), call.type_name(Family::floating));
        if (step_) {
            const auto step = call.number(*step_);
            return whole(x + " / " + step) + " * " + step;
        }
        if (significant_) {
            const auto digits = call.number(*significant_ - 1) + " - floor(log10(abs(" + x + ")))";
            const auto power = "power(" + call.number(10) + ", " + digits + ")";
            return "(CASE WHEN " + x + " <> 0 THEN " + whole(x + " * " + power) + " / " + power +
                   " END)";
        }
        const auto digits = decimals_.value_or(0);
        if (digits == 0) return whole(x);
        // A quotient of whole numbers is the double nearest to the decimal; a product is not.
        const auto power = call.number(std::pow(10, std::abs(digits)));
        return digits >= 0 ? whole(x + " * " + power) + " / " + power
                           : whole(x + " / " + power) + " * " + power;
    }

    [[nodiscard]] std::string truncated(const Column& column, const Call& call) const {
        const auto to = to_.value_or(column.family == Family::date ? "month" : "day");
        return call.cast("date_trunc(" + call.text(to) + ", " + call.quote(column) + ")",
                         column.type);
    }

    std::optional<int> decimals_, significant_;
    std::optional<double> step_;
    bool single_;
    std::string direction_;
    std::optional<std::string> to_;
    int stated_ = 0;
};

}  // namespace

FAULTLINE_PLUGIN(Round)
