// Doubles numbers: a plugin with nothing but the installed headers.
#include <faultline/plugin.hpp>

namespace {

using namespace faultline::sdk;

class Doubler {
  public:
    static constexpr const char* describe = R"json({
      "name": "doubler",
      "version": "0.0.1",
      "summary": "Multiplies numbers, by two unless told otherwise",
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "magnitude",
      "at_severity_1": "selected numbers are multiplied by the whole factor",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {"type": "object", "additionalProperties": false,
                 "properties": {"factor": {"type": "number", "default": 2, "description": "what full severity multiplies by"}}},
      "examples": [{"columns": ["price"]}]
    })json";

    explicit Doubler(const nlohmann::json& params) : factor_(params.at("factor").get<double>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection projection(relation, call);
        const double factor = 1 + (factor_ - 1) * call.severity();
        for (const auto& column : relation.targets())
            projection.replace(
                column, call.back_to(column, call.as_double(column) + " * " + call.number(factor)));
        return projection.build();
    }

  private:
    double factor_;
};

}  // namespace

FAULTLINE_PLUGIN(Doubler)
