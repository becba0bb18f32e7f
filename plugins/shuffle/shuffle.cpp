#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
      "keywords": ["permutation", "misaligned rows", "wrong join", "mixed up"],
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
        return call.rows_unique() ? by_pairs(relation, call) : by_windows(relation, call);
    }

  private:
    /// The draw that decides about the i-th column's pairs.
    [[nodiscard]] std::uint32_t lot(std::size_t i) const {
        return static_cast<std::uint32_t>(together_ ? 0 : i);
    }
    /// Of an odd number of rows, the last has no partner and keeps what it has.
    [[nodiscard]] static std::string exchanges(const std::string& place, const std::string& of,
                                               const Call& call) {
        return place + " < 2 * ceil(" + call.number(call.severity()) + " * floor(" + of + " / 2))";
    }
    /// How many rows are hit: one group where nothing else is stated, and counted once.
    [[nodiscard]] static std::string hits(const Relation& relation, const Call& call) {
        return call.looked_up(
            {"", call.type_name(Family::integer), Family::integer},
            "SELECT count(*) FROM " + relation.from() + " WHERE " + call.selected());
    }

    /// Who gets what is looked up by rank: sorted once for all severities of a draw.
    [[nodiscard]] Rewrite by_pairs(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        Projection out(relation, call);
        Lookup lookup(relation, call);
        for (std::size_t i = 0; i < targets.size();) {
            const auto many = together_ ? targets.size() : 1;
            const std::vector<Column> moved(
                targets.begin() + static_cast<std::ptrdiff_t>(i),
                targets.begin() + static_cast<std::ptrdiff_t>(i + many));
            const auto found = lookup.at(lookup.read(pairs_of(moved, lot(i), relation, call),
                                                     relation.rows(), many + (within_ ? 2 : 1)),
                                         call.rank(), call.selected());
            auto when = call.selected();
            if (call.severity() < 1)
                when += " AND " + exchanges(found[many],
                                            within_ ? found[many + 1] : hits(relation, call), call);
            for (std::size_t j = 0; j < many; ++j, ++i) out.replace(targets[i], found[j], when);
        }
        return out.over(lookup.select()).build();
    }

    /// Of each row that is hit, by its rank: the values that it gets where all pairs exchange, its
    /// number in the order of the lots, and, within groups, how many rows its group has.
    [[nodiscard]] std::string pairs_of(const std::vector<Column>& columns, std::uint32_t draw,
                                       const Relation& relation, const Call& call) const {
        const auto lot = call.uniform(draw);
        const auto many = columns.size();
        std::string cells, next, last, now;
        next = ", lead(TRUE, 1, FALSE) OVER w AS paired";
        for (std::size_t j = 0; j < many; ++j) {
            const auto n = std::to_string(j);
            cells += ", " + call.quote(columns[j]) + " AS old" + n;
            next += ", lead(old" + n + ") OVER w AS next" + n;
            last += ", lag(old" + n + ") OVER w AS last" + n;
            now += ", CASE WHEN nth % 2 = 1 THEN last" + n + " WHEN paired THEN next" + n +
                   " ELSE old" + n + " END AS v" + n;
        }
        // Where there are no groups, the rows are sorted and then read as they come.
        std::string rows = "SELECT " + call.rank() + " AS place" + cells, window = "()", group;
        if (within_) {
            rows += ", " + call.quote(relation.named(*within_)) + " AS g, " + lot + " AS lot";
            window = "(PARTITION BY g ORDER BY lot, place)";
            group = ", count(*) OVER (PARTITION BY g) AS v" + std::to_string(many + 1);
        }
        rows += " FROM " + relation.from() + " WHERE " + call.selected();
        if (!within_) rows += " ORDER BY " + lot + ", " + call.rank();
        return "SELECT place" + names("v", many) + ", nth AS v" + std::to_string(many) +
               (within_ ? ", v" + std::to_string(many + 1) : "") + " FROM (SELECT *" + now +
               " FROM (SELECT *, row_number() OVER w - 1 AS nth" + group + next + last + " FROM (" +
               rows + ") WINDOW w AS " + window + "))";
    }
    static std::string names(const std::string& stem, std::size_t many) {
        std::string out;
        for (std::size_t j = 0; j < many; ++j) out += ", " + stem + std::to_string(j);
        return out;
    }

    /// The same where a row may have copies, which have its rank: every row is sorted with all of
    /// its columns, to count and again to be read.
    [[nodiscard]] Rewrite by_windows(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        std::string group = call.selected();
        if (within_) group += ", " + call.quote(relation.named(*within_));
        Projection out(relation, call);
        std::string windows;
        for (std::size_t i = 0; i < targets.size(); ++i) {
            const auto column = call.quote(targets[i]);
            const auto over = ") OVER (PARTITION BY " + group + " ORDER BY " +
                              call.uniform(lot(i)) + ", " + call.rank() + ")";
            const auto index = std::to_string(i);
            const auto named = [&](const char* what) {
                return call.quote("__fl_" + std::string(what) + index);
            };
            const auto of =
                within_ ? "count(*) OVER (PARTITION BY " + group + ")" : hits(relation, call);
            windows += ", row_number(" + over + " - 1 AS " + named("place") + ", " + of + " AS " +
                       named("of") + ", lead(" + column + over + " AS " + named("next") + ", lag(" +
                       column + over + " AS " + named("last");
            out.replace(targets[i],
                        "CASE WHEN " + named("place") + " % 2 = 0 THEN " + named("next") +
                            " ELSE " + named("last") + " END",
                        call.selected() + " AND " + exchanges(named("place"), named("of"), call));
        }
        out.over("SELECT *" + windows + " FROM " + relation.from());
        return out.build();
    }

    std::optional<std::string> within_;
    bool together_;
};

}  // namespace

FAULTLINE_PLUGIN(Shuffle)
