#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Zero where a measurement should be. Severity scales how many cells.
class Zeros {
  public:
    static constexpr const char* describe = R"json({
      "name": "zeros",
      "version": "1.0.0",
      "summary": "Writes 0 where a number should be, or where NULL was (a missing value filled with 0)",
      "keywords": ["zero fill", "null as zero", "imputation"],
      "group": "missing",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of cells is 0",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "replaces": {"enum": ["values", "nulls", "both"], "default": "values",
            "description": "values: a value is lost; nulls: what was NULL is filled with 0; both"}
        }
      },
      "examples": [
        {"columns": ["price"], "fraction": 0.2},
        {"columns": ["qty", "score"], "replaces": "nulls", "fraction": 1},
        {"columns": {"type": "numeric"}, "replaces": "both", "fraction": 0.3, "exact": true}
      ]
    })json";

    explicit Zeros(const nlohmann::json& params)
        : replaces_(params.at("replaces").get<std::string>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets()) {
            const auto cell = call.quote(column);
            out.replace(column, call.cast("0", column.type),
                        call.selected() + (replaces_ == "values"  ? " AND " + cell + " IS NOT NULL"
                                           : replaces_ == "nulls" ? " AND " + cell + " IS NULL"
                                                                  : ""));
        }
        return out.build();
    }

  private:
    std::string replaces_;
};

}  // namespace

FAULTLINE_PLUGIN(Zeros)
