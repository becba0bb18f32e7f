#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Moves values far away by multiples of the column's own spread. Severity scales the distance;
/// rows and sides stay the same.
class Outlier {
  public:
    static constexpr const char* describe = R"json({
      "name": "outlier",
      "version": "1.0.0",
      "summary": "Makes outliers: moves numbers by multiples of the column's standard deviation or IQR",
      "keywords": ["anomaly", "spike", "extreme values", "fat finger"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "multiples", "measure": "spreads"}],
      "doses_rows": true,
      "at_severity_1": "every selected value is moved by the full number of spreads",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.01},
      "params": {
        "type": "object",
        "properties": {
          "multiples": {"type": "number", "exclusiveMinimum": 0, "default": 5,
            "description": "how far values move, in spreads"},
          "spread": {"enum": ["sigma", "iqr"], "default": "sigma",
            "description": "the unit: the column's standard deviation, or the distance between its quartiles, over its finite values as first received"},
          "side": {"enum": ["away", "up", "down", "both"], "default": "away",
            "description": "away: from the median, so that every value ends at least that far from it; up; down; both: each value by lot"}
        }
      },
      "examples": [
        {"columns": ["score"], "multiples": 6, "fraction": 0.05},
        {"columns": {"type": "numeric"}, "multiples": 3, "spread": "iqr", "side": "both", "fraction": 0.2},
        {"columns": ["price"], "side": "up", "fraction": 0.1, "exact": true}
      ]
    })json";

    explicit Outlier(const nlohmann::json& params)
        : multiples_(params.at("multiples").get<double>()),
          by_iqr_(params.at("spread") == "iqr"),
          side_(params.at("side").get<std::string>()) {}

    [[nodiscard]] bool draws(double /*severity*/) const { return side_ != "up" && side_ != "down"; }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        std::uint32_t index = 0;
        for (const auto& column : relation.targets()) {
            const auto distance = call.dosed(multiples_ * spread(column, call));
            out.replace(column, call.computed(column, call.as_double(column) + " + " +
                                                          direction(column, call, index++) + " * " +
                                                          distance));
        }
        return out.build();
    }

  private:
    [[nodiscard]] double spread(const Column& column, const Call& call) const {
        if (!by_iqr_) return call.deviation(column);
        return call.quantile(column, 0.75).value_or(0) - call.quantile(column, 0.25).value_or(0);
    }

    [[nodiscard]] std::string direction(const Column& column, const Call& call,
                                        std::uint32_t index) const {
        const auto one = call.number(1), minus_one = call.number(-1);
        if (side_ == "up") return one;
        if (side_ == "down") return minus_one;
        const auto by_lot = call.chosen(index, {minus_one, one});
        if (side_ == "both") return by_lot;
        const auto x = call.as_double(column);
        const auto median = call.number(call.quantile(column, 0.5).value_or(0));
        return "(CASE WHEN " + x + " < " + median + " THEN " + minus_one + " WHEN " + x + " > " +
               median + " THEN " + one + " ELSE " + by_lot + " END)";
    }

    double multiples_;
    bool by_iqr_;
    std::string side_;
};

}  // namespace

FAULTLINE_PLUGIN(Outlier)
