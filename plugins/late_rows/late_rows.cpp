#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Rows that miss their batch and come with a later one.
class LateRows {
  public:
    static constexpr const char* describe = R"json({
      "name": "late_rows",
      "version": "1.0.0",
      "summary": "Moves rows into a later batch",
      "keywords": ["late data", "late arriving", "delay", "latency", "lag", "watermark",
        "event time"],
      "group": "batches",
      "dose": "continuous",
      "unit": "row",
      "scales": "fraction",
      "at_severity_1": "the full fraction of the rows is late",
      "keeps": ["schema"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "lag": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1,
            "description": "how many batches later the rows come, counted among the batches there are"},
          "unarrived": {"enum": ["missing", "stay"], "default": "missing",
            "description": "late rows for which there is no later batch yet: missing, they have not come; stay, they are where they were"}
        }
      },
      "examples": [
        {"fraction": 0.2},
        {"lag": 3, "fraction": 0.5, "exact": true, "where": "region = 'south'"},
        {"unarrived": "stay", "fraction": 0.3}
      ]
    })json";

    explicit LateRows(const nlohmann::json& params)
        : lag_(params.at("lag").get<int>()), missing_(params.at("unarrived") == "missing") {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto& batch = relation.batch();
        const auto label = call.quote(batch);
        const auto batches = "(SELECT DISTINCT " + label + " AS b FROM " + relation.from() +
                             " WHERE " + label + " IS NOT NULL) AS \"__fl_batches\"";
        // What comes in one of the last batches has no later one: which those are is asked once.
        const auto last = call.looked_up(batch, "SELECT b FROM " + batches + " ORDER BY b DESC " +
                                                    "LIMIT 1 OFFSET " + std::to_string(lag_ - 1));
        const auto late = coalesce_false(label + " < " + last);
        Projection out(relation, call);
        auto later = call.quote("__fl_later");
        if (known_run(batch, batches, call)) {
            // Whole numbers, or days, none of which is missing: the later batch can be computed.
            later = call.cast(label + " + " + std::to_string(lag_), batch.type);
        } else {
            out.over("SELECT r.*, m.later AS " + later + " FROM " + relation.from() +
                     " AS r LEFT JOIN (SELECT b, lead(b, " + std::to_string(lag_) +
                     ") OVER (ORDER BY b) AS later FROM " + known(batch, batches, call) +
                     ") AS m ON m.b = r." + label);
        }
        // The last is NULL where there are fewer batches than that: then no row has a later one.
        if (missing_)
            out.keep("coalesce(NOT (" + call.selected() + " AND " + label + " >= " + last + "), " +
                     label + " IS NULL)");
        // Of the rows that are hit and left, each has a later batch, or none of its own.
        out.replace_by_other(batch, later, call.selected() + (missing_ ? "" : " AND " + late));
        auto rewrite = out.build();
        // Of the rows that are hit each is late, or has nowhere to go.
        rewrite.answer_key =
            "SELECT 0 AS rows_added, " + std::string(missing_ ? "hit - late" : "0") +
            " AS rows_removed, late AS rows_changed, late AS " + call.quote("cells:" + batch.name) +
            " FROM (SELECT count(*) AS hit, count(CASE WHEN " + late +
            " THEN 1 END) AS late FROM " + relation.from() + " WHERE " + call.selected() + " AND " +
            label + " IS NOT NULL) AS \"__fl_counted\"";
        return rewrite;
    }

  private:
    static std::string coalesce_false(const std::string& condition) {
        return "coalesce(" + condition + ", FALSE)";
    }
    /// Is there a batch of every number, or of every day, between the first and the last?
    static bool known_run(const Column& batch, const std::string& batches, const Call& call) {
        if (batch.family != Family::date && batch.family != Family::integer) return false;
        // Infinite dates are no number of days apart.
        return call
            .value(
                "SELECT CASE WHEN TRY(last - first) = n - 1 THEN 'run' END FROM (SELECT max(b) "
                "AS last, min(b) AS first, count(*) AS n FROM " +
                batches + ")")
            .has_value();
    }

    /// The batches as a constant, where they are few and print as what they are: nothing needs to
    /// be read for them again.
    static std::string known(const Column& batch, const std::string& batches, const Call& call) {
        const bool prints = batch.family == Family::date || batch.family == Family::integer ||
                            batch.type == "TIMESTAMP";
        if (!prints) return batches;
        const auto list = call.value("SELECT CASE WHEN count(*) <= 10000 THEN " +
                                     call.cast("list(b ORDER BY b)", call.type_name(Family::text)) +
                                     " END FROM " + batches);
        if (!list) return batches;
        return "(SELECT unnest(" + call.cast(*list, batch.type + "[]") +
               ") AS b) AS \"__fl_batches\"";
    }

    int lag_;
    bool missing_;
};

}  // namespace

FAULTLINE_PLUGIN(LateRows)
