#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Turns the sign of numbers: a refund booked as a sale. Severity scales how many.
class SignFlip {
  public:
    static constexpr const char* describe = R"json({
      "name": "sign_flip",
      "version": "1.0.0",
      "summary": "Turns the sign of numbers",
      "keywords": ["negative", "minus", "debit credit", "refund", "reversed sign"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of values has the other sign",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "only": {"enum": ["all", "positive", "negative"], "default": "all",
            "description": "which of the selected values turn: positive leaves the negative ones alone (a lost minus makes negative ones positive)"}
        }
      },
      "examples": [
        {"columns": ["price"], "fraction": 0.3},
        {"columns": {"type": "numeric"}, "only": "negative"},
        {"columns": ["score"], "only": "positive", "fraction": 0.5, "exact": true}
      ]
    })json";

    explicit SignFlip(const nlohmann::json& params) : only_(params.at("only").get<std::string>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets()) {
            const auto x = call.quote(column);
            // 0 has no sign to turn: -0.0 would be another fault (boundary).
            const auto which = only_ == "positive"   ? " > 0"
                               : only_ == "negative" ? " < 0"
                                                     : " <> 0";
            out.replace(column, turned(column, call), call.selected() + " AND " + x + which);
        }
        return out.build();
    }

  private:
    static std::string turned(const Column& column, const Call& call) {
        const auto x = call.quote(column);
        if (column.family != Family::integer) return call.cast("-" + x, column.type);
        // The smallest integer has no counterpart, an unsigned one none at all: they stay.
        const auto wide = call.type_name(Family::decimal);
        return "coalesce(" + call.try_cast("-" + call.try_cast(x, wide), column.type) + ", " + x +
               ")";
    }

    std::string only_;
};

}  // namespace

FAULTLINE_PLUGIN(SignFlip)
