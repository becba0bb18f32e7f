#include <atomic>
#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

#include "core/error.h"
#include "laboratory.h"

// Faults of a node's own execution: it waits, fails, hangs; what the trial then ends as.

namespace faultline::run {
namespace {

using journal::Outcome;

std::string chain(const std::string& middle = "") {
    return R"json({"faultline": "pipeline/1", "name": "chain", "nodes": {
        "raw": {"source": {"sql": "select i as id, 1.0 as amount from range(1000) t(i)"}, "key": ["id"]},
        "clean": {"sql": "select id, amount from raw", "key": ["id"])json" +
           middle + R"json(},
        "total": {"sql": "select sum(amount) as total from clean"},
        "other": {"sql": "select count(*) as n from raw"}},
        "outputs": ["total", "other"]})json";
}

std::string disturbing(const std::string& perturbations, const std::string& limits = "{}",
                       int replicates = 1) {
    return R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "seed": 5,
        "perturbations": [)json" +
           perturbations +
           R"json(], "metrics": [{"id": "total", "output": "total", "sql": "sum(total)", "tolerance": {"relative": 0.01}},
                             {"id": "n", "output": "other", "sql": "sum(n)", "tolerance": {"absolute": 0}}],
        "design": {"method": "one_at_a_time", "replicates": )json" +
           std::to_string(replicates) + R"json(}, "limits": )json" + limits + "}";
}

std::string fault(const std::string& node, const std::string& plugin,
                  const std::string& params = "{}", const std::string& more = "") {
    return "{\"id\": \"f\", \"node\": \"" + node + "\", \"plugin\": \"" + plugin +
           "\", \"params\": " + params + more + "}";
}

journal::Journal run(const std::string& perturbations, const std::string& limits = "{}",
                     const std::string& middle = "", int replicates = 1) {
    Laboratory laboratory(chain(middle), disturbing(perturbations, limits, replicates));
    auto journal = laboratory.run();
    REQUIRE(journal.closing);
    CHECK(journal.closing->status == "completed");
    return journal;
}

/// The problems that loading finds.
std::string refusal(const std::string& pipeline, const std::string& scenario) {
    Laboratory laboratory(pipeline, scenario);
    try {
        (void)laboratory.load();
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::user);
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a step that fails is a crash at its node with the message that was asked for") {
    const auto journal = run(fault("clean", "fail", R"json({"message": "disk is full"})json"));
    REQUIRE(journal.trials.size() == 1);  // it draws nothing
    const auto& trial = journal.trials[0];
    CHECK(trial.outcome == Outcome::crashed);
    REQUIRE(trial.failure);
    CHECK(trial.failure->node == "clean");
    CHECK(trial.failure->stage == "step");
    CHECK(trial.failure->message == "disk is full");
    CHECK(trial.answer_keys.at("f")["calls"] == 1);
    CHECK(trial.run == 2);     // clean and total
    CHECK(trial.reused == 1);  // other reads what is as ever
}

TEST_CASE("a source may fail as a step does") {
    const auto journal = run(fault("raw", "fail"));
    REQUIRE(journal.trials.at(0).failure);
    CHECK(journal.trials[0].outcome == Outcome::crashed);
    CHECK(journal.trials[0].failure->node == "raw");
}

TEST_CASE("a node that nothing asks about is not run, and cannot fail") {
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
            "raw": {"source": {"sql": "select 1 as a"}}, "seen": {"sql": "select a from raw"},
            "unseen": {"sql": "select a from raw"}}, "outputs": ["seen", "unseen"]})json",
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "perturbations": [)json" +
            fault("unseen", "fail") +
            R"json(], "metrics": [{"id": "a", "output": "seen", "sql": "sum(a)", "tolerance": {"absolute": 0}}]})json");
    CHECK(laboratory.run().trials.at(0).outcome == Outcome::absorbed);
}

TEST_CASE("a slow node is waited for, and changes nothing") {
    for (const char* node : {"raw", "clean"}) {
        INFO(node);
        const auto journal = run(fault(node, "slow", R"json({"seconds": 0.3})json"));
        REQUIRE(journal.trials.size() == 1);
        const auto& trial = journal.trials[0];
        CHECK(trial.outcome == Outcome::absorbed);
        CHECK(trial.milliseconds >= 300);
        CHECK(trial.values == journal.base->values);
        CHECK(trial.answer_keys.at("f")["calls"] == 1);
        CHECK(trial.answer_keys.at("f")["rows_changed"] == 0);
    }
}

TEST_CASE("severity scales the seconds, and rows add to them") {
    Laboratory laboratory(
        chain(), disturbing(fault("clean", "slow",
                                  R"json({"seconds": 0, "seconds_per_million_rows": 400})json")));
    CHECK(laboratory.run().trials.at(0).milliseconds >= 400);  // 1,000 rows
    Laboratory half(
        chain(),
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "perturbations": [)json" +
            fault("clean", "slow", R"json({"seconds": 3})json") +
            R"json(], "metrics": [{"id": "total", "output": "total", "sql": "sum(total)", "tolerance": {"relative": 0.01}}],
            "design": {"levels": [0.1]}})json");
    const auto took = half.run().trials.at(0).milliseconds;
    CHECK(took >= 300);
    CHECK(took < 3000);
}

TEST_CASE("waiting counts towards the node's time-out, which names it") {
    for (const auto& [limits, middle] :
         {std::pair<const char*, const char*>{R"json({"timeout": "600ms"})json", ""},
          std::pair<const char*, const char*>{"{}", R"json(, "timeout": "600ms")json"}})
        for (const auto& how :
             {fault("clean", "hang"), fault("clean", "slow", R"json({"seconds": 60})json")}) {
            INFO(limits << middle << how);
            const auto journal = run(how, limits, middle);
            REQUIRE(journal.trials.size() == 1);
            const auto& trial = journal.trials[0];
            CHECK(trial.outcome == Outcome::timed_out);
            REQUIRE(trial.failure);
            CHECK(trial.failure->node == "clean");
            CHECK_THAT(trial.failure->message, Catch::Contains("600 ms"));
            CHECK(trial.answer_keys.at("f")["calls"] == 1);
            CHECK(trial.milliseconds >= 600);
            CHECK(trial.milliseconds < 5000);  // once, and not for a minute
        }
    CHECK(run(fault("raw", "hang"), R"json({"timeout": "600ms"})json").trials.at(0).failure->node ==
          "raw");
}

TEST_CASE("a hang that nothing would end is refused") {
    CHECK_THAT(refusal(chain(), disturbing(fault("clean", "hang"))),
               Catch::Contains("/perturbations/0") &&
                   Catch::Contains("hang, with nothing that would ever end it") &&
                   Catch::Contains("the node \"clean\""));
    CHECK(refusal(chain(), disturbing(fault("clean", "hang"), R"json({"deadline": "1s"})json"))
              .empty());
    CHECK(
        refusal(chain(R"json(, "timeout": "1s")json"), disturbing(fault("clean", "hang"))).empty());
}

TEST_CASE("an execution has no consumer") {
    CHECK_THAT(refusal(chain(),
                       disturbing(fault("raw", "slow", "{}", R"json(, "consumer": "clean")json"))),
               Catch::Contains("/perturbations/0/consumer") &&
                   Catch::Contains("acts on the node's execution"));
}

TEST_CASE("the run's deadline and an interrupt end a wait") {
    using Clock = std::chrono::steady_clock;
    Laboratory laboratory(chain(),
                          disturbing(fault("clean", "hang"), R"json({"deadline": "2s"})json"));
    auto start = Clock::now();
    const auto journal = laboratory.run();
    CHECK(Clock::now() - start < std::chrono::seconds(5));
    CHECK(journal.closing->status == "interrupted");
    CHECK(journal.trials.empty());

    Laboratory stopped(chain(), disturbing(fault("clean", "slow", R"json({"seconds": 600})json")));
    StopFlag stop;
    RunOptions options;
    options.out = stopped.folder() / "out";
    options.stop = &stop;
    // Asked for once the trials have begun, however long it takes to get there.
    std::atomic<bool> over{false};
    std::thread later([&] {
        while (!over && !std::filesystem::exists(options.out / "journal.jsonl"))
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        start = Clock::now();
        stop.request();
    });
    journal::Journal cut;
    try {
        cut = execute(stopped.load(), options);
    } catch (const Error& error) {
        UNSCOPED_INFO(error.what());
    }
    over = true;
    later.join();
    CHECK(Clock::now() - start < std::chrono::seconds(5));
    REQUIRE(cut.closing);
    CHECK(cut.closing->status == "interrupted");
}

TEST_CASE(
    "the call that fails is the replicate, and chance fails the same calls at more severity") {
    const auto failed = [](const std::string& params, double severity) {
        Laboratory laboratory(
            chain(),
            R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "seed": 5, "perturbations": [)json" +
                fault("clean", "fail", params) +
                R"json(], "metrics": [{"id": "total", "output": "total", "sql": "sum(total)", "tolerance": {"relative": 0.01}}],
                "design": {"replicates": 12, "levels": [)json" +
                std::to_string(severity) + "]}}");
        std::vector<std::uint64_t> calls;
        for (const auto& trial : laboratory.run().trials) {
            if (trial.outcome == Outcome::crashed)
                calls.push_back(trial.replicate + 1);
            else
                CHECK(trial.outcome == Outcome::absorbed);
        }
        return calls;
    };
    CHECK(failed(R"json({"call": 3})json", 1) == std::vector<std::uint64_t>{3});
    CHECK(failed(R"json({"every": 5})json", 1) == std::vector<std::uint64_t>{5, 10});
    CHECK(failed("{}", 1) == std::vector<std::uint64_t>{1});  // draws nothing: run once
    const auto few = failed(R"json({"probability": 0.7})json", 0.4),
               many = failed(R"json({"probability": 0.7})json", 1);
    CHECK(few.size() < many.size());
    CHECK(many.size() < 12);
    CHECK(std::includes(many.begin(), many.end(), few.begin(), few.end()));
}

TEST_CASE("what is wrong with an input comes out before the node begins") {
    const std::string both =
        R"json({"id": "gone", "node": "raw", "plugin": "schema_drift", "params": {"mode": "drop", "columns": ["amount"]}}, )json" +
        fault("total", "fail");
    Laboratory laboratory(
        chain(),
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "perturbations": [)json" +
            both +
            R"json(], "metrics": [{"id": "total", "output": "total", "sql": "sum(total)", "tolerance": {"relative": 0.01}}],
            "design": {"method": "full_factorial"}})json");
    const auto journal = laboratory.run();
    bool together = false;
    for (const auto& trial : journal.trials)
        if (trial.severities.size() == 2 && trial.severities.at("gone") == 1 &&
            trial.severities.at("f") == 1) {
            together = true;
            REQUIRE(trial.failure);
            CHECK(trial.failure->node == "clean");
        }
    CHECK(together);
}

TEST_CASE("a fault of the execution and one of the rows of one node") {
    const auto journal = run(
        R"json({"id": "w", "node": "raw", "plugin": "slow", "params": {"seconds": 0.05}}, )json" +
        fault("raw", "shift", R"json({"columns": ["amount"], "delta": 1})json"));
    REQUIRE(journal.trials.size() == 2);
    CHECK(journal.trials[0].outcome == Outcome::absorbed);
    CHECK(journal.trials[1].outcome == Outcome::silent);
}

TEST_CASE("disturbed trials leave the same records whatever the number of workers") {
    const std::string scenario = disturbing(
        R"json({"id": "s", "node": "clean", "plugin": "slow", "params": {"seconds": 0.02, "distribution": "exponential"}}, )json"
        R"json({"id": "p", "node": "raw", "plugin": "fail", "params": {"probability": 0.5}}, )json"
        R"json({"id": "h", "node": "total", "plugin": "hang"}, )json"
        R"json({"id": "part", "node": "clean", "plugin": "partial_output", "params": {"part": "random"}})json",
        R"json({"timeout": "500ms"})json", 6);
    Laboratory laboratory(chain(), scenario);
    const auto one = laboratory.run(1), four = laboratory.run(4);
    REQUIRE(one.trials.size() == 19);  // the hang draws nothing
    REQUIRE(four.trials.size() == one.trials.size());
    std::size_t crashed = 0;
    for (std::size_t i = 0; i < one.trials.size(); ++i) {
        auto a = journal::to_json(one.trials[i]), b = journal::to_json(four.trials[i]);
        for (auto* record : {&a, &b})
            for (const char* timed : {"milliseconds", "node_milliseconds", "ms"})
                record->erase(timed);
        CHECK(a == b);
        crashed += one.trials[i].outcome == Outcome::crashed ? 1u : 0u;
    }
    CHECK(crashed > 0);
    CHECK(crashed < 6);
}

}  // namespace faultline::run
