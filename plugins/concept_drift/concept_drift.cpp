#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// The relation between two columns changes while each looks much as it did: a column leans on a
/// driver as it did not before, y + slope · (x − mean of x), and keeps its mean. Severity scales
/// the slope.
class ConceptDrift {
  public:
    static constexpr const char* describe = R"json({
      "name": "concept_drift",
      "version": "1.0.0",
      "summary": "Changes how numbers depend on another column: adds a slope along it, the mean staying the same",
      "keywords": ["changed relationship", "model decay", "regression", "train test mismatch"],
      "group": "distribution",
      "dose": "continuous",
      "unit": "cell",
      "scales": "magnitude",
      "amounts": [{"param": "slope"}, {"param": "sigmas", "measure": "standard deviations", "otherwise": 1}],
      "doses_rows": true,
      "at_severity_1": "the full slope has been added",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "required": ["driver"],
        "properties": {
          "driver": {"type": "string", "minLength": 1,
            "description": "the numeric column that the values of columns come to depend on, or depend on otherwise"},
          "slope": {"type": ["number", "null"], "default": null,
            "description": "what is added for each unit of the driver, in the column's unit"},
          "sigmas": {"type": ["number", "null"], "default": null,
            "description": "the same in standard deviations: of the column, for each of the driver's; 1 if slope is not set. Below 0 the column falls where the driver rises"}
        }
      },
      "examples": [
        {"columns": ["score"], "driver": "price", "slope": 0.5},
        {"columns": ["score", "price"], "driver": "qty", "sigmas": -1},
        {"columns": ["price"], "driver": "id", "sigmas": 2, "where": "region = 'north'"}
      ]
    })json";

    explicit ConceptDrift(const nlohmann::json& params)
        : driver_(params.at("driver").get<std::string>()),
          slope_(stated<double>(params, "slope")),
          sigmas_(stated<double>(params, "sigmas")) {
        if (slope_ && sigmas_) throw ParamError("state one of slope and sigmas");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto& driver = relation.named(driver_);
        if (!driver.numeric())
            throw ParamError("driver is " + driver.name + ", a " + driver.type +
                             "; it must be numeric");
        const auto mean = call.mean(driver).value_or(0);
        // Where the driver is no finite number the value stays.
        const auto x = call.as_double(driver);
        const auto off = "(" + x + " - " + call.number(mean) + ")";
        const auto when = call.selected() + " AND " +
                          (call.finite(driver) == x ? call.quote(driver) + " IS NOT NULL"
                                                    : "abs(" + x + ") < " + call.number(1e300));
        Projection out(relation, call);
        for (const auto& column : relation.targets()) {
            if (column.name == driver.name)
                throw ParamError("column " + column.name + " is its own driver");
            out.replace(
                column,
                call.computed(column, call.as_double(column) + " + " +
                                          call.dosed(slope(column, driver, call)) + " * " + off),
                when);
        }
        auto rewrite = out.build();
        rewrite.identity = slope_.value_or(1) == 0 || sigmas_.value_or(1) == 0;
        return rewrite;
    }

  private:
    [[nodiscard]] double slope(const Column& column, const Column& driver, const Call& call) const {
        if (slope_) return *slope_;
        const auto spread = call.deviation(driver);
        return spread > 0 ? sigmas_.value_or(1) * call.deviation(column) / spread : 0;
    }

    std::string driver_;
    std::optional<double> slope_, sigmas_;
};

}  // namespace

FAULTLINE_PLUGIN(ConceptDrift)
