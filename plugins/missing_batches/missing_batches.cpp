#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Loses whole deliveries, or the end of them. Severity scales how many.
class MissingBatches {
  public:
    static constexpr const char* describe = R"json({
      "name": "missing_batches",
      "version": "1.0.0",
      "summary": "Loses whole batches of rows, or the end of each",
      "keywords": ["missing partition", "missing day", "partial load", "incomplete load",
        "late file", "late feed", "freshness", "stale data", "gaps", "deleted partition"],
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
          "mode": {"enum": ["drop", "empty", "truncate"], "default": "drop",
            "description": "drop: the batch never came; empty: it came with no rows, which within one table is the same; truncate: its end is lost"},
          "keep": {"goes_with": {"mode": ["truncate"]}, "type": "number", "minimum": 0, "maximum": 1, "default": 0.5,
            "description": "truncate: the share of each hit batch that is left, in the order of the key"}
        }
      },
      "examples": [
        {"fraction": 0.3},
        {"mode": "truncate", "keep": 0.4, "fraction": 0.5},
        {"mode": "empty", "sampling": "latest"},
        {"fraction": 0.5, "where": "region = 'north'", "sampling": "block"}
      ]
    })json";

    explicit MissingBatches(const nlohmann::json& params)
        : truncates_(params.at("mode") == "truncate"), keep_(params.at("keep").get<double>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        const auto hit = call.selected();
        if (!truncates_) return out.keep("NOT " + hit).build();
        // Within a batch only its selected rows are counted off: `where` may have chosen some of
        // them.
        const auto window = "(PARTITION BY " + hit + ", " + call.batch();
        out.over("SELECT *, row_number() OVER " + window + " ORDER BY " + call.rank() +
                 ") AS \"__fl_nth\", count(*) OVER " + window + ") AS \"__fl_of\" FROM " +
                 relation.from());
        auto rewrite = out.keep("NOT " + hit + " OR \"__fl_nth\" <= ceil(" + call.number(keep_) +
                                " * \"__fl_of\")")
                           .build();
        rewrite.identity = keep_ == 1;
        return rewrite;
    }

  private:
    bool truncates_;
    double keep_;
};

}  // namespace

FAULTLINE_PLUGIN(MissingBatches)
