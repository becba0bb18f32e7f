#include <cmath>
#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Puts values where no value may be: beyond the valid range, or beyond everything seen so far.
/// Severity scales how far beyond.
class OutOfRange {
  public:
    static constexpr const char* describe = R"json({
      "name": "out_of_range",
      "version": "1.0.0",
      "summary": "Puts numbers beyond the column's smallest or largest value, or a valid range you state",
      "keywords": ["impossible values", "negative age", "invalid values", "domain violation",
        "range check"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "beyond", "measure": "share"}],
      "doses_rows": true,
      "at_severity_1": "every selected value lies the full share of the range beyond its end",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.05},
      "params": {
        "type": "object",
        "properties": {
          "beyond": {"type": "number", "exclusiveMinimum": 0, "default": 0.1,
            "description": "how far beyond the end, as a share of the range (0.1: a tenth of it)"},
          "side": {"enum": ["up", "down", "both"], "default": "both",
            "description": "which end; both: each value by lot"},
          "lower": {"type": ["number", "null"], "default": null,
            "description": "the smallest valid value; if not set, the smallest finite one as first received"},
          "upper": {"type": ["number", "null"], "default": null,
            "description": "the largest valid value; if not set, the largest finite one as first received"}
        }
      },
      "examples": [
        {"columns": ["score"], "beyond": 0.5, "fraction": 0.1},
        {"columns": {"type": "numeric"}, "beyond": 2, "side": "up", "fraction": 0.3},
        {"columns": ["qty"], "lower": 0, "upper": 100, "side": "down", "fraction": 0.2, "exact": true}
      ]
    })json";

    explicit OutOfRange(const nlohmann::json& params)
        : beyond_(params.at("beyond").get<double>()),
          side_(params.at("side").get<std::string>()),
          lower_(stated<double>(params, "lower")),
          upper_(stated<double>(params, "upper")) {
        if (lower_ && upper_ && *lower_ > *upper_) throw ParamError("lower is above upper");
    }

    [[nodiscard]] bool draws(double /*severity*/) const { return side_ != "up" && side_ != "down"; }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        std::uint32_t index = 0;
        for (const auto& column : relation.targets()) {
            const auto low = lower_ ? lower_ : call.smallest(column),
                       high = upper_ ? upper_ : call.largest(column);
            const auto lot = index++;
            if (!low || !high) continue;  // nothing but NULL, which stays
            // A column of one value has no range to go by: it counts as 1.
            const auto range = *high > *low ? *high - *low : 1;
            const auto above = beyond(column, *high, beyond_ * range, call),
                       below = beyond(column, *low, -beyond_ * range, call);
            const auto value = side_ == "up"     ? above
                               : side_ == "down" ? below
                                                 : call.chosen(lot, {below, above});
            out.replace(column, call.computed(column, value),
                        call.selected() + " AND " + call.quote(column) + " IS NOT NULL");
        }
        return out.build();
    }

  private:
    /// Whole numbers go to the next one outside: rounding must not bring them back in.
    static std::string beyond(const Column& column, double end, double distance, const Call& call) {
        const bool up = distance > 0, whole = column.family == Family::integer;
        if (call.doses_rows()) {
            const auto value = call.number(end) + " + " + call.dosed(distance);
            return whole ? (up ? "ceil(" : "floor(") + value + ")" : value;
        }
        const auto value = end + call.severity() * distance;
        return call.number(!whole ? value : up ? std::ceil(value) : std::floor(value));
    }

    double beyond_;
    std::string side_;
    std::optional<double> lower_, upper_;
};

}  // namespace

FAULTLINE_PLUGIN(OutOfRange)
