#include <cstdint>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"
#include "limits_of.h"

namespace {

using namespace faultline::sdk;

/// Values at the edge of what a type can hold, where code is least tried. Severity scales how many
/// cells.
class Boundary {
  public:
    static constexpr const char* describe = R"json({
      "name": "boundary",
      "version": "1.0.0",
      "summary": "Writes boundary values: NaN, infinity, -0.0, the largest and smallest of the type, empty and very long text",
      "keywords": ["edge case", "corner case", "overflow", "underflow", "integer limit", "epoch",
        "year 9999", "empty string", "blank", "not a number"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of values is at the boundary",
      "accepts": ["numeric", "text", "date", "timestamp"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.05},
      "params": {
        "type": "object",
        "properties": {
          "value": {"enum": ["any", "largest", "smallest", "nan", "infinity", "minus_infinity", "minus_zero", "tiny", "empty", "blank", "newline", "long", "epoch"],
            "default": "any",
            "description": "any: one of those that the column's type has, each as likely. largest, smallest: of numbers, dates (9999-12-31, 0001-01-01) and timestamps; nan, infinity, minus_infinity, minus_zero, tiny (the smallest above 0): of floating numbers; empty, blank (a space), newline, long: of text; epoch: 1970-01-01"},
          "length": {"goes_with": {"value": ["any", "long"]}, "type": "integer", "minimum": 1, "maximum": 10000000, "default": 10000,
            "description": "long: how many characters"}
        }
      },
      "examples": [
        {"columns": ["score"], "fraction": 0.2},
        {"columns": {"type": "numeric"}, "value": "largest", "fraction": 0.1, "exact": true},
        {"columns": ["note"], "value": "long", "length": 500, "fraction": 0.3},
        {"columns": ["region", "day", "at", "qty"], "fraction": 0.4},
        {"columns": ["score"], "value": "minus_zero", "fraction": 0.5}
      ]
    })json";

    explicit Boundary(const nlohmann::json& params)
        : value_(params.at("value").get<std::string>()), length_(params.at("length").get<int>()) {}

    [[nodiscard]] bool draws(double /*severity*/) const { return value_ == "any"; }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        std::uint32_t index = 0;
        for (const auto& column : relation.targets()) {
            const auto values = edges(column, call);
            const auto value = call.chosen(index++, values);
            // Which edge it becomes matters only where there is one already.
            const auto cell = call.quote(column);
            std::string any;
            for (const auto& edge : values) any += (any.empty() ? "" : ", ") + edge;
            out.replace_by_other(column, value, call.selected() + " AND " + cell + " IS NOT NULL",
                                 "CASE WHEN " + cell + " IN (" + any + ") THEN " +
                                     call.differs(column, cell, value) + " ELSE TRUE END");
        }
        return out.build();
    }

  private:
    /// The values at the edge of what the column's type holds, as SQL of it.
    [[nodiscard]] std::vector<std::string> edges(const Column& column, const Call& call) const {
        std::vector<std::string> values;
        std::string known;
        for (const auto& limit : faultline::boundary::limits_of(column)) {
            known += (known.empty() ? "" : ", ") + limit.name;
            if (value_ == "any" || value_ == limit.name)
                values.push_back(call.cast(text_of(limit, call), column.type));
        }
        if (values.empty())
            throw ParamError("value is \"" + value_ + "\"; column " + column.name + " is a " +
                             column.type + ", which has " + known);
        return values;
    }
    [[nodiscard]] std::string text_of(const faultline::boundary::Limit& limit,
                                      const Call& call) const {
        if (limit.name == "long")
            return "repeat(" + call.text("x") + ", " + std::to_string(length_) + ")";
        return call.text(limit.text);
    }

    std::string value_;
    int length_;
};

}  // namespace

FAULTLINE_PLUGIN(Boundary)
