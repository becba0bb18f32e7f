#include <catch2/catch.hpp>
#include <fstream>

#include "core/error.h"
#include "laboratory.h"

using namespace faultline;
using namespace faultline::run;

namespace {

namespace fs = std::filesystem;

/// numbers → clean → step (a program) → result. `keys` are further keys of the step.
std::string pipeline_with(const std::string& exchange, const std::string& keys = "") {
    return R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
      "numbers": {"source": {"sql": "select i as id, i * 1.5 as v from range(20) t(i)"}, "key": ["id"]},
      "clean": {"sql": "select id, v from numbers"},
      "step": {"command": ["sh", "step.sh", "{in:clean}", "{out}", "{folder}/log"], "exchange": )json" +
           ("\"" + exchange + "\"") + keys + R"(, "key": ["id"]},
      "result": {"sql": "select id, v * 2 as v from step"}},
      "outputs": ["step", "result"]})";
}

std::string scenario_with(const std::string& perturbations, const std::string& more = "") {
    return R"({"faultline": "scenario/1", "pipeline": "pipeline.json", "seed": 3, "perturbations": [)" +
           perturbations + R"json(], "metrics": [
      {"id": "total", "output": "result", "sql": "sum(v)", "tolerance": {"absolute": 0.5}}],
      "design": {"method": "one_at_a_time", "replicates": 2}, "profile": 0)json" +
           more + "}";
}

const char* const shifted =
    R"({"id": "up", "node": "numbers", "plugin": "shift", "params": {"columns": ["v"], "delta": 1000}})";

void write_step(const Laboratory& laboratory, const std::string& script) {
    std::ofstream(laboratory.folder() / "step.sh") << script;
}

/// Copies its input, notes that it ran, and does `deed` instead where the data is the shifted one.
std::string copies_unless_shifted(const std::string& deed) {
    return "echo ran >> \"$3\"\nif [ \"$(wc -c < \"$1\")\" -gt 170 ]; then\n" + deed +
           "\nelse cp \"$1\" \"$2\"; fi\n";
}

std::size_t lines_in(const fs::path& file) {
    std::ifstream in(file);
    std::size_t count = 0;
    for (std::string line; std::getline(in, line);) ++count;
    return count;
}

journal::TrialRecord only_trial(const journal::Journal& journal) {
    REQUIRE(journal.trials.size() == 1);
    return journal.trials.front();
}

std::string problem_of(const Laboratory& laboratory) {
    try {
        RunOptions options;
        options.out = laboratory.folder() / "refused";
        (void)execute(laboratory.load(), options);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::user);
        REQUIRE(!error.problems().empty());
        return error.problems().front().pointer + ": " + error.problems().front().found;
    }
    return "no problem";
}

}  // namespace

TEST_CASE("a program is a step like any other", "[run][commands]") {
    const std::string exchange = GENERATE("csv", "ndjson", "parquet");
    CAPTURE(exchange);
    Laboratory laboratory(pipeline_with(exchange), scenario_with(std::string(shifted) + R"(,
          {"id": "out_up", "node": "step", "plugin": "shift", "params": {"columns": ["v"], "delta": 1}},
          {"id": "edge_up", "node": "step", "consumer": "result", "plugin": "shift", "params": {"columns": ["v"], "delta": 2}},
          {"id": "as_ever", "node": "numbers", "plugin": "noop", "params": {}},
          {"id": "gone", "node": "step", "plugin": "no_output", "params": {}},
          {"id": "late", "node": "step", "plugin": "slow", "params": {"seconds": 0.01}},
          {"id": "dead", "node": "step", "plugin": "fail", "params": {"message": "no disk"}})"));
    write_step(laboratory, "echo ran >> \"$3\"\ncp \"$1\" \"$2\"\n");
    const auto journal = laboratory.run();
    REQUIRE(journal.trials.size() == 7);
    REQUIRE(journal.closing->status == "completed");
    CHECK(journal.base->values[0] == 570);
    CHECK(value_of(journal, journal.trials[0], "total") == 570 + 2 * 20 * 1000);
    CHECK(value_of(journal, journal.trials[1], "total") == 570 + 2 * 20);
    CHECK(value_of(journal, journal.trials[2], "total") == 570 + 2 * 40);
    CHECK(journal.trials[4].outcome == journal::Outcome::silent);
    CHECK(value_of(journal, journal.trials[5], "total") == 570);
    REQUIRE(journal.trials[6].failure);
    CHECK(journal.trials[6].failure->message == "no disk");
    // In the base, for the noise floor, for "up" and for "late"; what comes out as in the base,
    // what is perturbed afterwards and what fails before it begins needs no program.
    CHECK(lines_in(laboratory.folder() / "log") == 4);
    CHECK(journal.base->node_milliseconds.at("step") > 0);
    CHECK(journal.trials[0].node_milliseconds.at("step") > 0);
    CHECK(journal.trials[5].node_milliseconds.at("step") > 10);
    CHECK(fs::is_empty(laboratory.folder() / "out0") == false);
    CHECK(!fs::exists(laboratory.folder() / "out0" / "scratch"));
}

TEST_CASE("each way to fail has a message and a stage of its own", "[run][commands]") {
    struct Deed {
        std::string deed, stage, message;
    };
    const auto deed = GENERATE(
        Deed{"echo oops >&2; echo 'ValueError: too much' >&2; exit 3", "step",
             "the program exited with status 3: ValueError: too much"},
        Deed{"echo only on stdout; exit 1", "step",
             "the program exited with status 1: only on stdout"},
        Deed{"kill -SEGV $$", "step", "the program was killed by SIGSEGV (Segmentation fault)"},
        Deed{"true", "output",
             "the program exited with status 0 and left no output: there is no out.csv"},
        Deed{": > \"$2\"", "output",
             "the program exited with status 0 and left an empty output: out.csv has no bytes"},
        Deed{"mkdir \"$2\"", "output",
             "the program exited with status 0 and left a folder in the place of its output "
             "out.csv"},
        Deed{"ln -s /etc/passwd \"$2\"", "output",
             "the program exited with status 0 and left a link, pipe or device in the place of its "
             "output out.csv"},
        Deed{
            "printf 'id,v\\n1,2.5\\n3,' > \"$2\"", "output",
            "the program exited with status 0 and left a half-written output: out.csv does not end "
            "with a line end"},
        Deed{"printf 'id,w\\n1,2.5\\n' > \"$2\"", "output",
             "the program exited with status 0 and left other columns than it promises: the column "
             "\"v\" is missing; it has id, w"});
    CAPTURE(deed.deed);
    Laboratory laboratory(pipeline_with("csv", R"(, "columns": {"id": "BIGINT", "v": "DOUBLE"})"),
                          scenario_with(shifted));
    write_step(laboratory, copies_unless_shifted(deed.deed));
    const auto trial = only_trial(laboratory.run());
    CHECK(trial.outcome == journal::Outcome::crashed);
    REQUIRE(trial.failure);
    CHECK(trial.failure->node == "step");
    CHECK(trial.failure->stage == deed.stage);
    CHECK(trial.failure->message == deed.message);
    CHECK(lines_in(laboratory.folder() / "log") == 3);  // not tried twice
}

TEST_CASE("text that does not fit the promised type, and Parquet that breaks off",
          "[run][commands]") {
    SECTION("a value of another type") {
        Laboratory laboratory(
            pipeline_with("csv", R"(, "columns": {"id": "BIGINT", "v": "DOUBLE"})"),
            scenario_with(shifted));
        write_step(laboratory, copies_unless_shifted("printf 'id,v\\n1,many\\n' > \"$2\""));
        const auto trial = only_trial(laboratory.run());
        REQUIRE(trial.failure);
        CHECK(trial.failure->stage == "output");
        CHECK_THAT(trial.failure->message, Catch::Contains("cannot be read as csv") &&
                                               Catch::Contains("many") &&
                                               !Catch::Contains("scratch"));
    }
    SECTION("a footer that is missing") {
        Laboratory laboratory(pipeline_with("parquet"), scenario_with(shifted));
        write_step(laboratory,
                   "if [ -e \"$3\" ] && [ $(wc -l < \"$3\") -ge 2 ]; then head -c 100 \"$1\" > "
                   "\"$2\"; else cp \"$1\" \"$2\"; fi; echo ran >> \"$3\"\n");
        const auto trial = only_trial(laboratory.run());
        REQUIRE(trial.failure);
        CHECK(trial.failure->message ==
              "the program exited with status 0 and left a half-written output: out.parquet has no "
              "Parquet footer at its end");
    }
}

TEST_CASE("a program that hangs is timed out and blamed", "[run][commands]") {
    Laboratory laboratory(pipeline_with("csv", R"(, "timeout": "1s")"), scenario_with(shifted));
    write_step(laboratory, copies_unless_shifted("trap '' TERM; while :; do sleep 1; done"));
    const auto trial = only_trial(laboratory.run());
    CHECK(trial.outcome == journal::Outcome::timed_out);
    REQUIRE(trial.failure);
    CHECK(trial.failure->message == "outlived its time-out of 1000 ms");
    CHECK(trial.milliseconds < 10000);
}

TEST_CASE("what is wrong with a command is bad input", "[run][commands]") {
    SECTION("no such program") {
        auto text = pipeline_with("csv");
        text.replace(text.find("\"sh\""), 4, "\"no-such-program\"");
        const Laboratory laboratory(text, scenario_with(shifted));
        CHECK(problem_of(laboratory) ==
              "/nodes/step/command/0: no program \"no-such-program\" on the PATH");
    }
    SECTION("no such file") {
        const Laboratory laboratory(pipeline_with("csv", R"(, "files": ["lib/*.py"])"),
                                    scenario_with(shifted));
        CHECK(problem_of(laboratory) == "/nodes/step/files/0: \"lib/*.py\", which no file matches");
    }
    SECTION("it fails on the unperturbed data") {
        const Laboratory laboratory(pipeline_with("csv"), scenario_with(shifted));
        write_step(laboratory, "echo 'no model' >&2; exit 2\n");
        CHECK(problem_of(laboratory) ==
              "/nodes/step/command: a command that fails on the unperturbed data: the program "
              "exited with status 2: no model");
        CHECK(!fs::exists(laboratory.folder() / "refused"));
    }
    SECTION("a metric on a column that it does not give") {
        auto text = scenario_with(shifted);
        text.replace(text.find("sum(v)"), 6, "sum(w)");
        const Laboratory laboratory(pipeline_with("csv"), text);
        write_step(laboratory, "cp \"$1\" \"$2\"\n");
        CHECK_THAT(problem_of(laboratory),
                   Catch::StartsWith("/metrics/0/sql: SQL that the engine"));
    }
}

TEST_CASE("only what is allowed reaches the program, and its content is its identity",
          "[run][commands]") {
    setenv("FAULTLINE_ALLOWED", "yes", 1);
    setenv("FAULTLINE_SECRET", "no", 1);
    Laboratory laboratory(pipeline_with("csv", R"(, "env": ["FAULTLINE_ALLOWED", "SET={folder}"])"),
                          scenario_with(shifted));
    write_step(laboratory, "env | cut -d= -f1 | sort | tr '\\n' ' ' > \"$3\"\ncp \"$1\" \"$2\"\n");
    const auto first = laboratory.run();
    std::ifstream in(laboratory.folder() / "log");
    std::string names;
    std::getline(in, names);
    CHECK(names == "FAULTLINE_ALLOWED PATH PWD SET TMPDIR ");  // PWD is the shell's own
    CHECK(laboratory.run().header.fingerprint == first.header.fingerprint);
    setenv("FAULTLINE_ALLOWED", "otherwise", 1);
    CHECK(laboratory.run().header.fingerprint != first.header.fingerprint);
    setenv("FAULTLINE_ALLOWED", "yes", 1);
    write_step(laboratory, "cp \"$1\" \"$2\" # another version\n");
    CHECK(laboratory.run().header.fingerprint != first.header.fingerprint);
    unsetenv("FAULTLINE_ALLOWED");
    unsetenv("FAULTLINE_SECRET");
}

TEST_CASE("a program that never says the same twice has a noise floor", "[run][commands]") {
    Laboratory laboratory(pipeline_with("csv"), scenario_with(shifted));
    write_step(laboratory,
               "echo ran >> \"$3\"\n(cat \"$1\"; echo \"99,$(wc -l < \"$3\")\") > \"$2\"\n");
    const auto journal = laboratory.run();
    CHECK(journal.base->noise_floor[0] == 2);
}

TEST_CASE("a replay keeps the command line, the files and the streams", "[run][commands]") {
    Laboratory laboratory(pipeline_with("csv"), scenario_with(shifted));
    write_step(laboratory,
               copies_unless_shifted("echo 'what is this' >&2; cp \"$1\" \"$2\"; exit 4"));
    const auto journal = laboratory.run();
    const auto to = laboratory.folder() / "replayed";
    const auto written = replay(laboratory.load(), journal, 0, to);
    for (const char* name :
         {"command.json", "in/clean.csv", "out.csv", "stderr.txt", "stdout.txt"}) {
        const std::string file = std::string("commands/step/") + name;
        CAPTURE(file);
        CHECK(std::find(written.begin(), written.end(), file) != written.end());
        CHECK(fs::exists(to / file));
    }
    std::ifstream in(to / "commands/step/command.json");
    const auto about = journal::Json::parse(in);
    CHECK(about["end"] == "exited with status 4");
    CHECK(about["arguments"][2] == "in/clean.csv");
    CHECK(!fs::exists(to / "files"));
}

TEST_CASE("the time until an output is there is a metric", "[run][commands]") {
    // Two ways lead to the output; only the longer one counts.
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
          "a": {"source": {"sql": "select i as id from range(10) t(i)"}, "key": ["id"]},
          "b": {"source": {"sql": "select i as id from range(10) t(i)"}, "key": ["id"], "batch": "id"},
          "west": {"sql": "select id + 1 as id from a"},
          "both": {"sql": "select count(*) as n from west join b using (id)"}},
          "outputs": ["both"]})json",
        R"json({"faultline": "scenario/1", "pipeline": "pipeline.json", "perturbations": [
          {"id": "slow_a", "node": "a", "plugin": "slow", "params": {"seconds": 0.3}},
          {"id": "slow_west", "node": "west", "plugin": "slow", "params": {"seconds": 0.3}},
          {"id": "fast_b", "node": "b", "plugin": "slow", "params": {"seconds": 0.001}}],
          "metrics": [
            {"id": "ready", "output": "both", "measure": "seconds", "tolerance": {"absolute": 0.2}},
            {"id": "n", "output": "both", "sql": "sum(n)", "tolerance": {"absolute": 0}}],
          "design": {"method": "one_at_a_time", "replicates": 2}})json");
    const auto journal = laboratory.run(1);
    // A fixed wait draws nothing, yet each time it is measured is another.
    REQUIRE(journal.trials.size() == 6);
    CHECK(journal.header.deterministic.empty());
    const double base = journal.base->values[0].value();
    for (const auto& trial : journal.trials) {
        const double ready = value_of(journal, trial, "ready").value();
        CHECK(value_of(journal, trial, "n") == journal.base->values[1]);
        if (trial.severities.contains("fast_b")) {
            CHECK(ready < 0.25);
            CHECK(trial.outcome == journal::Outcome::absorbed);
        } else {
            CHECK(ready > base + 0.25);
            CHECK(trial.outcome == journal::Outcome::silent);
        }
        if (trial.severities.contains("slow_west"))
            CHECK(trial.node_milliseconds.at("west") >= 300);
    }
}
