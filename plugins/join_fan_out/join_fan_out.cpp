#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A table of reference in which some keys are there more than once, so that a join to it gives
/// more rows than went in. The further versions of a row may differ from it, as those of a
/// history do.
class JoinFanOut {
  public:
    static constexpr const char* describe = R"json({
      "name": "join_fan_out",
      "version": "1.0.0",
      "summary": "Gives rows of a reference table further versions under the same key, so that joins to it multiply rows",
      "keywords": ["fanout", "many to many", "cartesian", "slowly changing dimension", "SCD",
        "double counting", "row explosion"],
      "group": "keys",
      "dose": "continuous",
      "unit": "row",
      "scales": "fraction",
      "at_severity_1": "the full fraction of the rows has its further versions",
      "accepts": ["any"],
      "keeps": ["schema"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "versions": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1,
            "description": "how many more rows there are for each row hit; the columns of columns hold another row's values in them, all others are the same"}
        }
      },
      "examples": [
        {},
        {"columns": ["region", "note"], "versions": 2, "fraction": 0.2},
        {"columns": ["price"], "fraction": 1, "where": "flag"}
      ]
    })json";

    explicit JoinFanOut(const nlohmann::json& params)
        : versions_(params.at("versions").get<int>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        std::string own, version, before;
        const bool in_order = call.rows_in_order();
        int nth = 0;
        const auto append = [](std::string& list, const std::string& item) {
            list += (list.empty() ? "" : ", ") + item;
        };
        for (const auto& column : relation.columns()) {
            const auto name = call.quote(column);
            append(own, name);
            if (!column.target) {
                append(version, name);
                continue;
            }
            if (column.key)
                throw ParamError("column " + column.name +
                                 " is part of the key, which the versions of a row share");
            // What the row before had, by rank; the first takes the last one's.
            const auto other = "\"__fl_before" + std::to_string(nth++) + "\"";
            // Where rows come in that order nothing is sorted.
            const auto last =
                in_order ? call.looked_up(column, "SELECT " + name + " FROM " + relation.from() +
                                                      " ORDER BY " + call.rank() + " DESC LIMIT 1")
                         : "last_value(" + name + ") OVER \"__fl_rows\"";
            before += ", coalesce(lag(" + name + ") OVER " + (in_order ? "()" : "\"__fl_rows\"") +
                      ", " + last + ") AS " + other;
            append(version, "coalesce(" + other + ", " + name + ") AS " + name);
        }
        for (const auto& name : relation.hidden()) {
            append(own, call.quote(name));
            append(version, call.quote(name));
        }
        std::string numbers;
        for (int n = 1; n <= versions_; ++n) append(numbers, "(" + std::to_string(n) + ")");
        auto from = relation.from();
        if (!before.empty())
            from = "(SELECT *" + before + " FROM " + relation.from() +
                   (in_order ? ""
                             : " WINDOW \"__fl_rows\" AS (ORDER BY " + call.rank() +
                                   " ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)") +
                   ") AS \"__fl_over\"";
        Rewrite out;
        out.select = "SELECT " + own + " FROM " + relation.from() + " UNION ALL SELECT " + version +
                     " FROM " + from + " JOIN (VALUES " + numbers +
                     ") AS \"__fl_versions\"(\"__fl_version\") ON TRUE WHERE " + call.selected();
        out.answer_key = "SELECT coalesce(sum(CASE WHEN " + call.selected() + " THEN " +
                         std::to_string(versions_) +
                         " ELSE 0 END), 0) AS rows_added, 0 AS rows_removed, 0 AS rows_changed "
                         "FROM " +
                         relation.from();
        return out;
    }

  private:
    int versions_;
};

}  // namespace

FAULTLINE_PLUGIN(JoinFanOut)
