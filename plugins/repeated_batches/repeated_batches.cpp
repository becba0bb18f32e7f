#include <cstdlib>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A delivery that was loaded twice, or one that is not today's.
class RepeatedBatches {
  public:
    static constexpr const char* describe = R"json({
      "name": "repeated_batches",
      "version": "1.0.0",
      "summary": "Delivers batches twice, or another batch's rows instead of a batch's own",
      "keywords": ["backfill", "reprocessing", "double load", "duplicates", "duplicate batch",
        "replay", "retry", "snapshot", "idempotent", "stale data"],
      "group": "batches",
      "dose": "continuous",
      "unit": "batch",
      "scales": "fraction",
      "at_severity_1": "the full fraction of the batches is hit",
      "keeps": ["schema"],
      "defaults": {"fraction": 0.2},
      "params": {
        "type": "object",
        "properties": {
          "mode": {"enum": ["again", "stale"], "default": "again",
            "description": "again: the batch is there twice; stale: in place of its rows come those of the batch before, under this batch's value"},
          "times": {"goes_with": {"mode": ["again"]}, "type": "integer", "minimum": 1, "maximum": 100, "default": 1,
            "description": "again: how many times more"},
          "lag": {"goes_with": {"mode": ["stale"]}, "type": "integer", "minimum": -1000, "maximum": 1000, "default": 1,
            "description": "stale: how many batches earlier the rows are from; below 0: later ones, as of a backfill that overwrote history"}
        }
      },
      "examples": [
        {"fraction": 0.3},
        {"times": 2, "sampling": "latest", "fraction": 0.1, "where": "region = 'north'"},
        {"mode": "stale", "sampling": "latest", "fraction": 0.04},
        {"mode": "stale", "sampling": "latest", "fraction": 0.04, "where": "region = 'north'"},
        {"mode": "stale", "lag": -2, "sampling": "earliest", "fraction": 0.04}
      ]
    })json";

    explicit RepeatedBatches(const nlohmann::json& params)
        : stale_(params.at("mode") == "stale"),
          times_(params.at("times").get<int>()),
          lag_(params.at("lag").get<int>()) {
        if (lag_ == 0) throw ParamError("a lag of 0 is the batch itself");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        if (stale_) return stale(relation, call);
        Multiplied out(
            relation, call,
            "CASE WHEN " + call.selected() + " THEN " + std::to_string(times_ + 1) + " ELSE 1 END",
            times_ + 1, 1);
        if (times_ == 1) out.twice_where(call.selected());
        return out.build();
    }

  private:
    /// A row may do both: go, since its own batch is stale, and come again, since the next one is.
    /// Then it has changed its batch and is neither removed nor added.
    [[nodiscard]] Rewrite stale(const Relation& relation, const Call& call) const {
        const auto& batch = relation.batch();
        const auto label = call.quote(batch);
        const auto source = call.quote("__fl_source"), sink = call.quote("__fl_sink");
        const std::string window = lag_ > 0 ? "lag" : "lead";
        const auto batches = "(SELECT b, hit, " + window + "(b, " + std::to_string(std::abs(lag_)) +
                             ") OVER (ORDER BY b) AS source FROM (SELECT " + label +
                             " AS b, max(CASE WHEN " + call.selected() +
                             " THEN 1 ELSE 0 END) AS hit FROM " + relation.from() + " WHERE " +
                             label + " IS NOT NULL GROUP BY " + label + ") AS \"__fl_hits\")";
        const auto from = "(SELECT r.*, own.source AS " + source + ", other.b AS " + sink +
                          " FROM " + relation.from() + " AS r LEFT JOIN " + batches +
                          " AS own ON own.b = r." + label + " LEFT JOIN (SELECT b, source FROM " +
                          batches +
                          " AS \"__fl_all\" WHERE hit = 1) AS other ON other.source = r." + label +
                          ") AS \"__fl_over\"";
        const auto goes = "(" + call.selected() + " AND " + source + " IS NOT NULL)";
        // `where` narrows what comes as it narrows what goes.
        const auto comes = "(" + sink + " IS NOT NULL AND " + call.eligible() + ")";
        std::string own, copied;
        const auto pass_on = [&](const std::string& name, const std::string& value) {
            own += (own.empty() ? "" : ", ") + name;
            copied += (copied.empty() ? "" : ", ") + value + " AS " + name;
        };
        for (const auto& column : relation.columns())
            pass_on(call.quote(column), column.batch ? sink : call.quote(column));
        for (const auto& name : relation.hidden()) pass_on(call.quote(name), call.quote(name));
        const auto count = [](const std::string& condition) {
            return "coalesce(sum(CASE WHEN " + condition + " THEN 1 ELSE 0 END), 0)";
        };
        Rewrite out;
        out.select = "SELECT " + own + " FROM " + from + " WHERE NOT " + goes +
                     " UNION ALL SELECT " + copied + " FROM " + from + " WHERE " + comes;
        const auto moved = count(goes + " AND " + comes);
        out.answer_key = "SELECT " + count(comes + " AND NOT " + goes) + " AS rows_added, " +
                         count(goes + " AND NOT " + comes) + " AS rows_removed, " + moved +
                         " AS rows_changed, " + moved + " AS " + call.quote("cells:" + batch.name) +
                         " FROM " + from;
        return out;
    }

    bool stale_;
    int times_, lag_;
};

}  // namespace

FAULTLINE_PLUGIN(RepeatedBatches)
