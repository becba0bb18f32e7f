#include <cmath>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Multiplies numbers. Severity scales the factor's logarithm, so that ×1000 and ×1/1000 are mirror
/// images and every step of severity is as many decades as the one before.
class Scale {
  public:
    static constexpr const char* describe = R"json({
      "name": "scale",
      "version": "1.0.0",
      "summary": "Multiplies numbers by a factor, around zero or around the column's middle (its spread changes)",
      "keywords": ["multiplier", "gain error", "exchange rate", "currency", "inflation",
        "variance"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "magnitude",
      "amounts": [{"param": "factor", "by_power": true, "measure": "times"}],
      "doses_rows": true,
      "at_severity_1": "every selected value is multiplied by the full factor; at s by its s-th power",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "factor": {"type": "number", "exclusiveMinimum": 0, "default": 10,
            "description": "what values are multiplied by: above 1 they grow, below 1 they shrink"},
          "around": {"enum": ["zero", "mean", "median"], "default": "zero",
            "description": "the point that stays where it is; around the mean or the median of the column as first received, its spread changes and its middle does not"}
        }
      },
      "examples": [
        {"columns": ["price"], "factor": 1000},
        {"columns": {"type": "numeric"}, "factor": 0.5, "fraction": 0.3},
        {"columns": ["score"], "factor": 2, "around": "mean", "fraction": 0.5, "exact": true}
      ]
    })json";

    explicit Scale(const nlohmann::json& params)
        : factor_(params.at("factor").get<double>()),
          around_(params.at("around").get<std::string>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        const auto factor = call.doses_rows()
                                ? "pow(" + call.number(factor_) + ", " + call.row_severity() + ")"
                                : call.number(std::pow(factor_, call.severity()));
        for (const auto& column : relation.targets()) {
            const auto value = call.as_double(column);
            const auto middle = centre(column, call);
            out.replace(
                column,
                call.computed(column, middle == 0 ? value + " * " + factor
                                                  : call.number(middle) + " + (" + value + " - " +
                                                        call.number(middle) + ") * " + factor));
        }
        auto rewrite = out.build();
        rewrite.identity = factor_ == 1;
        return rewrite;
    }

  private:
    [[nodiscard]] double centre(const Column& column, const Call& call) const {
        if (around_ == "mean") return call.mean(column).value_or(0);
        if (around_ == "median") return call.quantile(column, 0.5).value_or(0);
        return 0;
    }

    double factor_;
    std::string around_;
};

}  // namespace

FAULTLINE_PLUGIN(Scale)
