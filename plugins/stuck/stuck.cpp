#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A sensor that stopped moving: every cell hit holds the same value. Severity scales how many
/// cells; by default they are neighbours, and the stretch grows at its end.
class Stuck {
  public:
    static constexpr const char* describe = R"json({
      "name": "stuck",
      "version": "1.0.0",
      "summary": "Sticks a column at a constant (flatline): the last good value, the first one hit, or a stated one",
      "keywords": ["frozen sensor", "constant", "stuck sensor", "forward fill", "repeated value"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of cells holds the constant",
      "accepts": ["any"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.2, "sampling": "block"},
      "params": {
        "type": "object",
        "properties": {
          "at": {"goes_with": {"value": [null]}, "enum": ["first", "previous"], "default": "first",
            "description": "first: the value of the first row hit; previous: that of the last row before it that is not hit. NULLs are passed over"},
          "order": {"type": ["string", "null"], "default": null,
            "description": "the column that says which row is first; the order of the key if not set"},
          "value": {"type": ["string", "number", "boolean", "null"], "default": null,
            "description": "the constant itself, instead of at"}
        }
      },
      "examples": [
        {"columns": ["score"], "fraction": 0.3},
        {"columns": ["price", "score"], "at": "previous", "fraction": 0.25},
        {"columns": ["price"], "order": "at", "mechanism": "at_random_given", "given": "at", "fraction": 0.2},
        {"columns": ["qty"], "value": 7, "sampling": "uniform", "fraction": 0.5}
      ]
    })json";

    explicit Stuck(const nlohmann::json& params)
        : at_(params.at("at").get<std::string>()),
          order_(stated<std::string>(params, "order")),
          value_(stated_value(params, "value")) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto order = order_ ? call.quote(relation.named(*order_)) + ", " : "";
        Projection out(relation, call);
        for (const auto& column : relation.targets())
            out.replace(column, value_ ? call.constant(column, *value_, "value")
                                       : held(column, relation, call, order));
        return out.build();
    }

  private:
    /// One value for all: looked up once, not row by row. A column of NULLs stays one.
    [[nodiscard]] std::string held(const Column& column, const Relation& relation, const Call& call,
                                   const std::string& order) const {
        const auto cell = call.quote(column);
        const auto there = " FROM " + relation.from() + " WHERE " + cell + " IS NOT NULL AND ";
        const auto first =
            call.looked_up(column, "SELECT " + cell + there + call.selected() + " ORDER BY " +
                                       order + call.rank() + " LIMIT 1");
        if (at_ == "first") return "coalesce(" + first + ", " + cell + ")";
        const auto key = order_ ? call.quote(relation.named(*order_)) : call.rank();
        const auto begin = "(SELECT " + key + " FROM " + relation.from() + " WHERE " +
                           call.selected() + " ORDER BY " + order + call.rank() + " LIMIT 1)";
        const auto before = call.looked_up(
            column, "SELECT " + cell + there + "NOT " + call.selected() + " AND " + key + " < " +
                        begin + " ORDER BY " + key + " DESC, " + call.rank() + " DESC LIMIT 1");
        // Stuck from the very first row on: there is nothing before it.
        return "coalesce(" + before + ", " + first + ", " + cell + ")";
    }

    std::string at_;
    std::optional<std::string> order_, value_;
};

}  // namespace

FAULTLINE_PLUGIN(Stuck)
