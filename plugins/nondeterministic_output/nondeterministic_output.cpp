#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"
#include "faultline/sdk/sorted_by.hpp"

namespace {

using namespace faultline::sdk;

/// A step that gives something slightly else each time it runs: rows in another order, sums that
/// were added up in another order, ties that were broken the other way. Every replicate is a run.
class NondeterministicOutput {
  public:
    static constexpr const char* describe = R"json({
      "name": "nondeterministic_output",
      "version": "1.0.0",
      "summary": "Gives another order of rows, other last digits and other winners of ties in each run",
      "keywords": ["flaky", "race condition", "ties", "random order", "reproducibility"],
      "group": "process",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of the cells, and of the ties, came out otherwise",
      "accepts": ["floating"],
      "keeps": ["schema", "rows"],
      "params": {
        "type": "object",
        "properties": {
          "order": {"type": "boolean", "default": true,
            "description": "the rows come in another order, all of them at any severity"},
          "last_digits": {"type": "integer", "minimum": 0, "maximum": 1000000, "default": 4,
            "description": "floating columns (those of columns, else all) are off by up to so many units in their last binary place; 0: they are not"},
          "ties": {"type": ["array", "null"], "items": {"type": "string"}, "minItems": 1, "default": null,
            "description": "rows that are equal in all of these columns tie"},
          "winners": {"type": ["array", "null"], "items": {"type": "string"}, "minItems": 1, "default": null,
            "description": "the columns (a rank, a flag) that two tied rows have the other way round"}
        }
      },
      "examples": [
        {},
        {"columns": ["score"], "last_digits": 1, "order": false, "fraction": 0.5},
        {"ties": ["region", "day"], "winners": ["qty", "price"], "last_digits": 0, "where": "flag"}
      ]
    })json";

    explicit NondeterministicOutput(const nlohmann::json& params)
        : order_(params.at("order").get<bool>()),
          last_digits_(params.at("last_digits").get<std::int64_t>()) {
        const auto names = [&](const char* name) {
            return stated<std::vector<std::string>>(params, name)
                .value_or(std::vector<std::string>{});
        };
        ties_ = names("ties");
        winners_ = names("winners");
        if (ties_.empty() != winners_.empty())
            throw ParamError("ties and winners go together: which rows tie, and what is then open");
    }

    [[nodiscard]] bool draws(double /*severity*/) const {
        return order_ || last_digits_ > 0 || !ties_.empty();
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        if (!ties_.empty()) swap_winners(relation, call, out);
        if (last_digits_ > 0) touch_digits(relation, call, out);
        auto rewrite = out.build();
        if (order_) rewrite.select += " ORDER BY " + call.uniform(order_draw) + ", " + call.key();
        // The order of rows is not counted, so that zeros are no mistake where it changes.
        rewrite.identity = order_ || (last_digits_ == 0 && ties_.empty());
        return rewrite;
    }

  private:
    static constexpr std::uint32_t order_draw = 0, pair_draw = 1, first_digit_draw = 2;

    /// Tied rows are put in pairs by chance. Where the first of a pair is hit the two swap.
    void swap_winners(const Relation& relation, const Call& call, Projection& out) const {
        std::string tied = call.eligible();
        for (const auto& name : ties_) tied += ", " + sorted_by(call, relation.named(name));
        const auto window = " OVER (PARTITION BY " + tied + " ORDER BY " + call.uniform(pair_draw) +
                            ", " + call.key() + ")";
        const auto neighbour = [&](const std::string& of, bool first) {
            return (first ? "lead(" : "lag(") + of + ")" + window;
        };
        std::string extra;
        const auto add = [&](const std::string& value, const std::string& name) {
            extra += ", " + value + " AS " + call.quote(name);
        };
        add("row_number()" + window + " % 2", "__fl_first");
        add(neighbour(call.selected(), false), "__fl_led");
        add(neighbour("1", true), "__fl_follower");
        for (std::size_t i = 0; i < winners_.size(); ++i) {
            const auto column = call.quote(relation.named(winners_[i]));
            add(neighbour(column, true), "__fl_next" + std::to_string(i));
            add(neighbour(column, false), "__fl_last" + std::to_string(i));
        }
        out.over("SELECT *" + extra + " FROM " + relation.from());
        const std::string leads =
            "(\"__fl_first\" = 1 AND " + call.selected() + " AND \"__fl_follower\" IS NOT NULL)";
        const std::string follows = "(\"__fl_first\" = 0 AND coalesce(\"__fl_led\", FALSE))";
        for (std::size_t i = 0; i < winners_.size(); ++i) {
            const auto n = std::to_string(i);
            out.replace(relation.named(winners_[i]),
                        "CASE WHEN " + leads + " THEN " + call.quote("__fl_next" + n) + " ELSE " +
                            call.quote("__fl_last" + n) + " END",
                        "(" + leads + " OR " + follows + ")");
        }
    }

    void touch_digits(const Relation& relation, const Call& call, Projection& out) const {
        auto columns = relation.targets();
        if (columns.empty())
            for (const auto& column : relation.columns())
                if (column.family == Family::floating && !is_winner(relation, column))
                    columns.push_back(column);
        auto index = first_digit_draw;
        for (const auto& column : columns) {
            if (is_winner(relation, column))
                throw ParamError("column " + column.name + " is both in columns and in winners");
            // The distance of 1 to the next number: of 24 binary places, or of 53.
            const bool single = column.type == "FLOAT" || column.type == "REAL";
            const auto x = call.as_double(column);
            const auto off = steps(index++, single ? 0x1p-23 : 0x1p-52, call);
            // What is no number stays as it is.
            out.replace(column, call.computed(column, "(" + x + " + " + x + " * " + off + ")"),
                        call.selected() + " AND abs(" + x + ") < " + call.number(1e300));
        }
    }

    /// A whole number of units from -last_digits to last_digits, and never 0.
    [[nodiscard]] std::string steps(std::uint32_t draw, double unit, const Call& call) const {
        if (last_digits_ == 1) return call.chosen(draw, {call.number(-unit), call.number(unit)});
        const auto n = call.number(static_cast<double>(last_digits_));
        const auto step = "floor(" + call.uniform(draw) + " * 2 * " + n + ") - " + n;
        return "((" + step + " + CASE WHEN " + call.below(draw, 0.5) + " THEN 0 ELSE 1 END) * " +
               call.number(unit) + ")";
    }

    [[nodiscard]] bool is_winner(const Relation& relation, const Column& column) const {
        return std::any_of(winners_.begin(), winners_.end(), [&](const auto& name) {
            return relation.named(name).name == column.name;
        });
    }

    bool order_;
    std::int64_t last_digits_;
    std::vector<std::string> ties_, winners_;
};

}  // namespace

FAULTLINE_PLUGIN(NondeterministicOutput)
