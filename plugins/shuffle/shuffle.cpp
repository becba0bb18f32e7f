#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Values change places with those of other rows: the column as a whole stays what it was, what it
/// had to do with the others is lost. The rows are put into pairs by lot, and pairs exchange;
/// severity scales how many pairs, so that what is exchanged stays so.
class Shuffle {
  public:
    static constexpr const char* describe = R"json({
      "name": "shuffle",
      "version": "1.0.0",
      "summary": "Shuffles (permutes) a column's values among the selected rows, or within groups of them",
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "magnitude",
      "at_severity_1": "every selected row has the value of another one; at s, that share of them",
      "accepts": ["any"],
      "needs_columns": true,
      "keeps": ["schema", "rows"],
      "params": {
        "type": "object",
        "properties": {
          "within": {"type": ["string", "null"], "default": null,
            "description": "a column: values only move between rows that have the same there"},
          "together": {"type": "boolean", "default": false,
            "description": "the cells of a row move as one; if not, every column has pairs of its own"}
        }
      },
      "examples": [
        {"columns": ["score"]},
        {"columns": ["region", "price"], "together": true, "fraction": 0.5, "exact": true},
        {"columns": ["price", "note"], "within": "region", "where": "flag"}
      ]
    })json";

    explicit Shuffle(const nlohmann::json& params)
        : within_(stated<std::string>(params, "within")),
          together_(params.at("together").get<bool>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        for (const auto& column : targets)
            if (within_ && relation.named(*within_).name == column.name)
                throw ParamError("within is " + column.name +
                                 ", whose equal values would change places with themselves");
        std::string group = call.selected();
        if (within_) group += ", " + call.quote(relation.named(*within_));
        Projection out(relation, call);
        std::string windows;
        for (std::size_t i = 0; i < targets.size(); ++i) {
            const auto column = call.quote(targets[i]);
            const auto lot = call.uniform(static_cast<std::uint32_t>(together_ ? 0 : i));
            const auto over =
                ") OVER (PARTITION BY " + group + " ORDER BY " + lot + ", " + call.rank() + ")";
            const auto index = std::to_string(i);
            const auto named = [&](const char* what) {
                return call.quote("__fl_" + std::string(what) + index);
            };
            // All that are hit are one group where nothing is stated, and counted once.
            const auto of =
                within_ ? "count(*) OVER (PARTITION BY " + group + ")"
                        : call.looked_up({"", call.type_name(Family::integer), Family::integer},
                                         "SELECT count(*) FROM " + relation.from() + " WHERE " +
                                             call.selected());
            windows += ", row_number(" + over + " - 1 AS " + named("place") + ", " + of + " AS " +
                       named("of") + ", lead(" + column + over + " AS " + named("next") + ", lag(" +
                       column + over + " AS " + named("last");
            // Of an odd number, the last has no partner and keeps what it has.
            const auto pair = "floor(" + named("place") + " / 2)";
            const auto pairs = "floor(" + named("of") + " / 2)";
            out.replace(targets[i],
                        "CASE WHEN " + named("place") + " % 2 = 0 THEN " + named("next") +
                            " ELSE " + named("last") + " END",
                        call.selected() + " AND " + pair + " < ceil(" +
                            call.number(call.severity()) + " * " + pairs + ")");
        }
        out.over("SELECT *" + windows + " FROM " + relation.from());
        return out.build();
    }

  private:
    std::optional<std::string> within_;
    bool together_;
};

}  // namespace

FAULTLINE_PLUGIN(Shuffle)
