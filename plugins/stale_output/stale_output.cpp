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
        // Rows in no batch were there before the first run.
        const auto aged = "SELECT *, max(" + batch + ") OVER () AS \"__fl_newest\", CASE WHEN " +
                          batch + " IS NOT NULL THEN dense_rank() OVER (ORDER BY " + batch +
                          " DESC NULLS LAST) END AS \"__fl_age\" FROM " + relation.from();
        const std::string age = "coalesce(\"__fl_age\", 1001)";
        if (again_) return again(relation, call, "(" + aged + ") AS \"__fl_over\"", age);
        Projection out(relation, call);
        out.over(aged);
        return out.keep(age + " > " + std::to_string(runs_)).build();
    }

  private:
    [[nodiscard]] Rewrite again(const Relation& relation, const Call& call, const std::string& from,
                                const std::string& age) const {
        std::string own, copied;
        const auto pass_on = [&](const std::string& name, const std::string& value) {
            own += (own.empty() ? "" : ", ") + name;
            copied += (copied.empty() ? "" : ", ") + value + " AS " + name;
        };
        for (const auto& column : relation.columns())
            pass_on(call.quote(column), column.batch ? "\"__fl_newest\"" : call.quote(column));
        for (const auto& name : relation.hidden()) pass_on(call.quote(name), call.quote(name));
        const auto count = [](const std::string& condition) {
            return "coalesce(sum(CASE WHEN " + condition + " THEN 1 ELSE 0 END), 0)";
        };
        const auto then = age + " = " + std::to_string(runs_ + 1);
        Rewrite out;
        out.select = "SELECT " + own + " FROM " + from + " WHERE " + age +
                     " > 1 UNION ALL SELECT " + copied + " FROM " + from + " WHERE " + then;
        out.answer_key = "SELECT " + count(then) + " AS rows_added, " + count(age + " = 1") +
                         " AS rows_removed, 0 AS rows_changed FROM " + from;
        return out;
    }

    int runs_;
    bool again_;
};

}  // namespace

FAULTLINE_PLUGIN(StaleOutput)
