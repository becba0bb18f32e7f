#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A step that did not run, and whose result of some runs ago is read instead.
class StaleOutput {
  public:
    static constexpr const char* describe = R"json({
      "name": "stale_output",
      "version": "1.0.0",
      "summary": "Hands on the result of an earlier run, as where the last ones did not take place",
      "keywords": ["stale data", "freshness", "cache", "skipped run", "not refreshed"],
      "group": "process",
      "dose": "binary",
      "unit": "row",
      "scales": "nothing",
      "at_severity_1": "the result is the stated number of runs old (from severity 0.5 on)",
      "selects": false,
      "keeps": ["schema"],
      "params": {
        "type": "object",
        "properties": {
          "runs": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1,
            "description": "how many runs old the result is; a run is a value of the batch column"},
          "mode": {"enum": ["as_of", "again"], "default": "as_of",
            "description": "as_of: what there was then, so the newest batches are not there yet; again: what the run gave then, under the newest batch's value"}
        }
      },
      "examples": [{}, {"runs": 3}, {"mode": "again"}, {"mode": "again", "runs": 2}]
    })json";

    explicit StaleOutput(const nlohmann::json& params)
        : runs_(params.at("runs").get<int>()), again_(params.at("mode") == "again") {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto batch = call.quote(relation.batch());
        if (again_) return again(relation, call);
        // Rows in no batch were there before the first run.
        const auto oldest = nth_newest(runs_, relation, call);
        return Projection(relation, call)
            .keep(batch + " IS NULL OR coalesce(" + batch + " < " + oldest + ", FALSE)")
            .build();
    }

  private:
    /// The batch of the n-th run from the last, as a literal; NULL where there were fewer.
    static std::string nth_newest(int n, const Relation& relation, const Call& call) {
        const auto batch = call.quote(relation.batch());
        return call.looked_up(relation.batch(), "SELECT DISTINCT " + batch + " FROM " +
                                                    relation.from() + " WHERE " + batch +
                                                    " IS NOT NULL ORDER BY 1 DESC LIMIT 1 OFFSET " +
                                                    std::to_string(n - 1));
    }

    [[nodiscard]] Rewrite again(const Relation& relation, const Call& call) const {
        const auto& from = relation.from();
        const auto batch = call.quote(relation.batch());
        const auto newest = nth_newest(1, relation, call);
        std::string own, copied;
        const auto pass_on = [&](const std::string& name, const std::string& value) {
            own += (own.empty() ? "" : ", ") + name;
            copied += (copied.empty() ? "" : ", ") + value + " AS " + name;
        };
        for (const auto& column : relation.columns())
            pass_on(call.quote(column), column.batch ? newest : call.quote(column));
        for (const auto& name : relation.hidden()) pass_on(call.quote(name), call.quote(name));
        const auto count = [](const std::string& condition) {
            return "coalesce(sum(CASE WHEN " + condition + " THEN 1 ELSE 0 END), 0)";
        };
        const auto is = [&](const std::string& which) {
            return "coalesce(" + batch + " = " + which + ", FALSE)";
        };
        const auto then = is(nth_newest(runs_ + 1, relation, call));
        Rewrite out;
        out.select = "SELECT " + own + " FROM " + from + " WHERE NOT " + is(newest) +
                     " UNION ALL SELECT " + copied + " FROM " + from + " WHERE " + then;
        out.answer_key = "SELECT " + count(then) + " AS rows_added, " + count(is(newest)) +
                         " AS rows_removed, 0 AS rows_changed FROM " + from;
        return out;
    }

    int runs_;
    bool again_;
};

}  // namespace

FAULTLINE_PLUGIN(StaleOutput)
