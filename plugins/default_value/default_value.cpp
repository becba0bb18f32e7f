#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Implicit missing values: the form was left at its default, or somebody filled the gaps. Nothing
/// looks missing, and the column's spread shrinks. Severity scales how many cells.
class DefaultValue {
  public:
    static constexpr const char* describe = R"json({
      "name": "default_value",
      "version": "1.0.0",
      "summary": "Writes the column's most frequent value, mean, median or a stated default over values or NULLs (implicit missing)",
      "keywords": ["imputation", "fill value", "coalesce", "placeholder", "disguised missing"],
      "group": "missing",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of cells holds the default",
      "accepts": ["numeric", "text", "boolean", "date", "timestamp"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "default_is": {"goes_with": {"value": [null]}, "enum": ["mode", "mean", "median", "smallest", "largest"], "default": "mode",
            "description": "which value of the column it is: mode is the most frequent one, the smallest of several; mean and median are for numbers"},
          "value": {"type": ["string", "number", "boolean", "null"], "default": null,
            "description": "the default itself, instead of default_is"},
          "replaces": {"enum": ["values", "nulls", "both"], "default": "values",
            "description": "values: a value is lost; nulls: what was NULL is filled; both"}
        }
      },
      "examples": [
        {"columns": ["region"], "fraction": 0.2},
        {"columns": ["score"], "default_is": "mean", "replaces": "nulls", "fraction": 1},
        {"columns": ["qty", "price"], "default_is": "median", "fraction": 0.3, "exact": true},
        {"columns": ["note"], "value": "n/a", "replaces": "both", "fraction": 0.5},
        {"columns": ["flag", "at"], "default_is": "smallest", "fraction": 0.4}
      ]
    })json";

    explicit DefaultValue(const nlohmann::json& params)
        : is_(params.at("default_is").get<std::string>()),
          value_(stated_value(params, "value")),
          replaces_(params.at("replaces").get<std::string>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets()) {
            const auto cell = call.quote(column);
            out.replace(column, default_of(column, relation, call),
                        call.selected() + (replaces_ == "values"  ? " AND " + cell + " IS NOT NULL"
                                           : replaces_ == "nulls" ? " AND " + cell + " IS NULL"
                                                                  : ""));
        }
        return out.build();
    }

  private:
    [[nodiscard]] std::string default_of(const Column& column, const Relation& relation,
                                         const Call& call) const {
        if (value_) return call.constant(column, *value_, "value");
        if (is_ == "mean" || is_ == "median") {
            if (!column.numeric())
                throw ParamError(is_ + " is for numbers; column " + column.name + " is a " +
                                 column.type);
            const auto number = is_ == "mean" ? call.mean(column) : call.quantile(column, 0.5);
            return call.back_to(column, call.number(number.value_or(0)));
        }
        const auto cell = call.quote(column);
        const auto present = " FROM " + relation.from() + " WHERE " + cell + " IS NOT NULL";
        if (is_ == "smallest") return call.looked_up(column, "SELECT min(" + cell + ")" + present);
        if (is_ == "largest") return call.looked_up(column, "SELECT max(" + cell + ")" + present);
        return call.looked_up(column, "SELECT " + cell + present + " GROUP BY " + cell +
                                          " ORDER BY count(*) DESC, " + cell + " LIMIT 1");
    }

    std::string is_;
    std::optional<std::string> value_;
    std::string replaces_;
};

}  // namespace

FAULTLINE_PLUGIN(DefaultValue)
