#include <catch2/catch.hpp>
#include <fstream>

#include "core/error.h"
#include "laboratory.h"
#include "run/trial_plan.h"

namespace faultline::run {
namespace {

using journal::Outcome;

const char* const shop = R"json({"faultline": "pipeline/1", "name": "shop", "nodes": {
  "orders": {"source": {"path": "orders-*.csv", "reader": "READER"}, "key": ["id"]},
  "revenue": {"sql": "select sum(amount) as revenue, count(*) as orders from orders"}},
  "outputs": ["revenue"]})json";

/// Three files of 50 orders of 10 each.
class Shop {
  public:
    explicit Shop(const std::string& perturbations, const std::string& reader = "frozen",
                  const std::string& design = R"({"method": "one_at_a_time", "replicates": 2})")
        : laboratory(
              std::string(shop).replace(std::string(shop).find("READER"), 6, reader),
              R"json({"faultline": "scenario/1", "title": "shop", "pipeline": "pipeline.json", "seed": 3,
      "perturbations": [)json" +
                  perturbations +
                  R"json(],
      "metrics": [{"id": "revenue", "output": "revenue", "sql": "sum(revenue)", "tolerance": {"relative": 0.01}},
                  {"id": "orders", "output": "revenue", "sql": "sum(orders)", "tolerance": {"absolute": 0.5}}],
      "design": )json" +
                  design + "}") {
        for (int file = 0; file < 3; ++file) {
            std::ofstream out(laboratory.folder() / ("orders-" + std::to_string(file) + ".csv"));
            out << "id,amount\n";
            for (int i = 0; i < 50; ++i) out << file * 50 + i << ",10.0\n";
        }
    }
    Laboratory laboratory;
};

const char* const one_gone =
    R"({"id": "gone", "node": "orders", "plugin": "missing_file", "params": {"files": "orders-1.csv"}})";
const char* const ragged =
    R"({"id": "ragged", "node": "orders", "plugin": "ragged_records", "params": {"fraction": 0.1, "kind": "more", "value": "x"}})";

/// Everything of a trial but the time it took.
std::string told(journal::TrialRecord trial) {
    trial.milliseconds = 0;
    trial.node_milliseconds.clear();
    return journal::to_json(trial).dump();
}

}  // namespace

TEST_CASE("a file that is gone takes its rows with it and nothing is left behind") {
    Shop s(one_gone);
    const auto journal = s.laboratory.run();
    REQUIRE(journal.trials.size() == 1);  // nothing is drawn
    CHECK(journal.trials[0].outcome == Outcome::silent);
    CHECK(value_of(journal, journal.trials[0], "orders") == 100.0);
    CHECK(journal.trials[0].answer_keys.at("gone")["files"] == 1);
    CHECK_FALSE(std::filesystem::exists(s.laboratory.folder() / "out0" / "scratch"));
}

TEST_CASE("what cannot be read is a crash at the source, and says so without a path") {
    Shop s(ragged);
    const auto journal = s.laboratory.run();
    REQUIRE(journal.trials.size() == 2);
    for (const auto& trial : journal.trials) {
        CHECK(trial.outcome == Outcome::crashed);
        REQUIRE(trial.failure);
        CHECK(trial.failure->node == "orders");
        CHECK(trial.failure->stage == "read");
        CHECK(trial.failure->message ==
              "Invalid Input Error: CSV Error: Expected Number of Columns: 2 Found: 3");
        CHECK(trial.answer_keys.at("ragged")["records"] > 0);
    }
    CHECK(journal.trials[0].answer_keys.at("ragged") != journal.trials[1].answer_keys.at("ragged"));
}

TEST_CASE("damaged sources have addresses of their own, by fault, severity and stream") {
    Shop s(std::string(one_gone) + ", " + ragged);
    const auto experiment = s.laboratory.load();
    const TrialPlan base(experiment, {"orders-as-read", ""});
    const auto address = [&](std::map<std::string, double> severities,
                             std::uint64_t replicate = 0) {
        design::Trial trial;
        trial.severities = std::move(severities);
        trial.replicate = replicate;
        return TrialPlan(experiment, base, trial).result(0);
    };
    CHECK(address({}) == "orders-as-read");
    CHECK(address({{"gone", 0}}) == "orders-as-read");
    const auto gone = address({{"gone", 1}});
    CHECK(gone != "orders-as-read");
    CHECK(address({{"gone", 1}}, 5) == gone);  // which file is stated, not drawn
    CHECK(address({{"ragged", 1}}) != address({{"ragged", 1}}, 1));
    CHECK(address({{"ragged", 1}}) != address({{"ragged", 0.5}}));
    CHECK(address({{"gone", 1}, {"ragged", 1}}) != address({{"ragged", 1}}));
}

TEST_CASE("the number of jobs does not matter") {
    for (const auto* reader : {"frozen", "sniff"}) {
        Shop s(
            std::string(one_gone) + ", " + ragged +
                R"(, {"id": "flips", "node": "orders", "plugin": "byte_flips", "params": {"fraction": 0.002}})",
            reader, R"({"replicates": 2})");
        const auto one = s.laboratory.run(1), four = s.laboratory.run(4);
        REQUIRE(one.trials.size() == four.trials.size());
        for (const auto& trial : one.trials) {
            const auto same = std::find_if(four.trials.begin(), four.trials.end(),
                                           [&](const auto& t) { return t.number == trial.number; });
            REQUIRE(same != four.trials.end());
            CHECK(told(trial) == told(*same));
        }
    }
}

TEST_CASE("nothing changed where something should have is not applied") {
    Shop s(R"({"id": "f", "node": "orders", "plugin": "mojibake", "params": {}})");
    const auto journal = s.laboratory.run();
    CHECK(journal.trials[0].outcome == Outcome::not_applied);
    CHECK(journal.trials[0].failure->stage == "perturb");
}

TEST_CASE("a fault of files has to fit its node") {
    const auto problem_of = [](const std::string& perturbation) {
        try {
            Shop s(perturbation);
            (void)s.laboratory.load();
        } catch (const Error& error) {
            REQUIRE(error.problems().size() == 1);
            return error.problems()[0];
        }
        FAIL("accepted");
        return Problem{};
    };
    CHECK(problem_of(R"({"id": "f", "node": "revenue", "plugin": "bom"})").pointer ==
          "/perturbations/0/node");
    CHECK(
        problem_of(
            R"({"id": "f", "node": "orders", "plugin": "json_poisoned", "params": {"kind": "cut"}})")
            .pointer == "/perturbations/0/node");
    CHECK(problem_of(R"({"id": "f", "node": "orders", "consumer": "revenue", "plugin": "bom"})")
              .pointer == "/perturbations/0/consumer");
}

}  // namespace faultline::run
