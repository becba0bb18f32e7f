#include <catch2/catch.hpp>
#include <set>

#include "laboratory.h"

namespace faultline::run {
namespace {

/// 100 orders of 10 each in every month of half a year.
const char* const half_year = R"json({"faultline": "pipeline/1", "name": "half_year", "nodes": {
  "orders": {"source": {"sql": "select i as id, 10.0 as amount, (date '2024-01-15' + to_months((i // 100)::int))::date as day from range(600) t(i)"},
             "key": ["id"], "batch": "day"},
  "monthly": {"sql": "select month(day) as month, sum(amount) as amount from orders group by 1", "key": ["month"]}},
  "outputs": ["monthly"]})json";

/// From April on a price is wrong; in May every order came twice. Both go to the same node.
const char* const two_faults =
    R"json({"faultline": "scenario/1", "title": "along", "pipeline": "pipeline.json", "seed": 5,
  "perturbations": [
    {"id": "dearer", "node": "orders", "plugin": "shift",
     "params": {"columns": ["amount"], "delta": 1, "along": {"shape": "step", "start": "2024-04-01"}}},
    {"id": "twice", "node": "orders", "plugin": "duplicate_rows",
     "params": {"fraction": 1, "along": {"shape": "spike", "start": "2024-05-01", "end": "2024-05-31"}}}],
  "metrics": [{"id": "amount", "output": "monthly", "sql": "sum(amount)", "by": ["month"], "tolerance": {"relative": 0.01}}],
  "design": {"method": "plackett_burman"}})json";

}  // namespace

TEST_CASE("faults that follow time move the months that they say, alone and together") {
    Laboratory laboratory(half_year, two_faults);
    const auto journal = laboratory.run();
    REQUIRE(journal.closing);
    REQUIRE(journal.closing->status == "completed");
    std::set<std::pair<bool, bool>> seen;
    for (const auto& trial : journal.trials) {
        const auto on = [&](const char* id) {
            const auto found = trial.severities.find(id);
            return found != trial.severities.end() && found->second == 1;
        };
        const bool dearer = on("dearer"), twice = on("twice");
        seen.emplace(dearer, twice);
        for (int month = 1; month <= 6; ++month) {
            INFO("month " << month << " dearer " << dearer << " twice " << twice);
            const double price = dearer && month >= 4 ? 11 : 10,
                         orders = twice && month == 5 ? 200 : 100;
            CHECK(value_of(journal, trial, "amount",
                           R"({"month":)" + std::to_string(month) + "}") == price * orders);
        }
        if (dearer) CHECK(trial.answer_keys.at("dearer")["rows_changed"] == 300);
        if (twice) CHECK(trial.answer_keys.at("twice")["rows_added"] == 100);
    }
    CHECK(seen.contains({true, false}));
    CHECK(seen.contains({false, true}));
    CHECK(seen.contains({true, true}));
}

TEST_CASE("what along cannot be is found before anything runs") {
    const auto refused = [](const std::string& along) {
        const auto scenario =
            R"json({"faultline": "scenario/1", "title": "along", "pipeline": "pipeline.json",
          "perturbations": [{"id": "f", "node": "orders", "plugin": "shift", "params": {"columns": ["amount"], "delta": 1, "along": )json" +
            along + R"json(}}],
          "metrics": [{"id": "amount", "output": "monthly", "sql": "sum(amount)", "tolerance": {"relative": 0.01}}]})json";
        Laboratory laboratory(half_year, scenario);
        try {
            const auto journal = laboratory.run();
            return std::string("ran");
        } catch (const Error& e) {
            CHECK(e.kind() == ErrorKind::user);
            return e.problems().empty() ? std::string("no place") : e.problems()[0].pointer;
        }
    };
    CHECK(refused(R"({"column": "dya"})") == "/perturbations/0/params/along/column");
    CHECK(refused(R"({"start": "soon"})") == "/perturbations/0/params/along/start");
    CHECK(refused(R"({"shape": "ramp", "start": 0.9, "end": "2024-02-01"})") ==
          "/perturbations/0/params/along");
    CHECK(refused(R"({"shape": "wave"})") == "/perturbations/0/params/along/shape");
}

}  // namespace faultline::run
