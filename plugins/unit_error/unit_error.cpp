#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// becomes = (value + before) * times / per + after; a quotient, so that a hundredth is exact.
struct Conversion {
    std::string_view name;
    double before, times, per, after;
};

constexpr std::array conversions{
    Conversion{"cents_from_units", 0, 100, 1, 0},
    Conversion{"units_from_cents", 0, 1, 100, 0},
    Conversion{"thousandths_from_units", 0, 1000, 1, 0},
    Conversion{"units_from_thousandths", 0, 1, 1000, 0},
    Conversion{"fahrenheit_from_celsius", 0, 9, 5, 32},
    Conversion{"celsius_from_fahrenheit", -32, 5, 9, 0},
    Conversion{"kelvin_from_celsius", 273.15, 1, 1, 0},
    Conversion{"celsius_from_kelvin", -273.15, 1, 1, 0},
    Conversion{"miles_from_kilometres", 0, 1, 1.609344, 0},
    Conversion{"kilometres_from_miles", 0, 1.609344, 1, 0},
    Conversion{"feet_from_metres", 0, 1, 0.3048, 0},
    Conversion{"metres_from_feet", 0, 0.3048, 1, 0},
    Conversion{"inches_from_centimetres", 0, 1, 2.54, 0},
    Conversion{"centimetres_from_inches", 0, 2.54, 1, 0},
    Conversion{"pounds_from_kilograms", 0, 1, 0.45359237, 0},
    Conversion{"kilograms_from_pounds", 0, 0.45359237, 1, 0},
    Conversion{"degrees_from_radians", 0, 180, 3.14159265358979323846, 0},
    Conversion{"radians_from_degrees", 0, 3.14159265358979323846, 180, 0},
    Conversion{"minutes_from_hours", 0, 60, 1, 0},
    Conversion{"hours_from_minutes", 0, 1, 60, 0},
    Conversion{"seconds_from_days", 0, 86400, 1, 0},
    Conversion{"days_from_seconds", 0, 1, 86400, 0},
};

/// Some rows come in another unit than the rest. Severity scales how many: half a conversion is no
/// mistake that anybody makes.
class UnitError {
  public:
    static constexpr const char* describe = R"json({
      "name": "unit_error",
      "version": "1.0.0",
      "summary": "Writes numbers in the wrong unit: cents for units, Fahrenheit for Celsius, thousands",
      "keywords": ["wrong unit", "currency", "cents", "conversion", "imperial", "metric system",
        "milliseconds"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of values is in the wrong unit",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "unit": {"goes_with": {"factor": [null], "offset": [null]}, "enum": ["cents_from_units", "units_from_cents", "thousandths_from_units", "units_from_thousandths",
              "fahrenheit_from_celsius", "celsius_from_fahrenheit", "kelvin_from_celsius", "celsius_from_kelvin",
              "miles_from_kilometres", "kilometres_from_miles", "feet_from_metres", "metres_from_feet",
              "inches_from_centimetres", "centimetres_from_inches", "pounds_from_kilograms", "kilograms_from_pounds",
              "degrees_from_radians", "radians_from_degrees", "minutes_from_hours", "hours_from_minutes",
              "seconds_from_days", "days_from_seconds"],
            "default": "cents_from_units",
            "description": "what comes, from what should have come; not used where factor or offset is set"},
          "factor": {"type": ["number", "null"], "default": null,
            "description": "a conversion of your own: values times this, plus the offset"},
          "offset": {"type": ["number", "null"], "default": null,
            "description": "a conversion of your own: what is added after the factor"}
        }
      },
      "examples": [
        {"columns": ["price"], "unit": "cents_from_units", "fraction": 0.1},
        {"columns": ["score"], "unit": "fahrenheit_from_celsius", "where": "region = 'north'"},
        {"columns": ["qty", "price"], "factor": 12, "offset": 0.5, "fraction": 0.25, "exact": true}
      ]
    })json";

    explicit UnitError(const nlohmann::json& params) {
        const auto factor = stated<double>(params, "factor"),
                   offset = stated<double>(params, "offset");
        if (factor || offset) {
            conversion_ = {"own", 0, factor.value_or(1), 1, offset.value_or(0)};
            return;
        }
        const auto unit = params.at("unit").get<std::string>();
        const auto* const known = std::find_if(conversions.begin(), conversions.end(),
                                               [&](const auto& c) { return c.name == unit; });
        if (known == conversions.end()) throw ParamError("unit is \"" + unit + "\"");
        conversion_ = *known;
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        const auto& c = conversion_;
        for (const auto& column : relation.targets()) {
            auto value = call.as_double(column);
            if (c.before != 0) value = "(" + value + " + " + call.number(c.before) + ")";
            if (c.times != 1) value += " * " + call.number(c.times);
            if (c.per != 1) value += " / " + call.number(c.per);
            if (c.after != 0) value += " + " + call.number(c.after);
            out.replace(column, call.computed(column, value));
        }
        auto rewrite = out.build();
        rewrite.identity = c.before == 0 && c.times == 1 && c.per == 1 && c.after == 0;
        return rewrite;
    }

  private:
    Conversion conversion_{};
};

}  // namespace

FAULTLINE_PLUGIN(UnitError)
