#include "run/base_inputs.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "laboratory.h"
#include "run/own_folder.h"

using namespace faultline::run;

namespace {
void nothing() {}
}  // namespace

TEST_CASE("a base result is written once, whoever asks", "[run][commands]") {
    const OwnFolder folder;
    BaseInputs inputs;
    std::atomic<int> written{0};
    const auto write = [&](const std::filesystem::path& path) {
        std::ofstream(path) << "rows";
        ++written;
    };
    std::vector<std::filesystem::path> files(4);
    std::vector<std::thread> askers;
    for (auto& file : files)
        askers.emplace_back(
            [&] { file = inputs.file(folder.path() / "inputs", "a", write, nothing); });
    for (auto& asker : askers) asker.join();
    CHECK(written == 1);
    for (const auto& file : files) CHECK(file == files[0]);
    CHECK(inputs.file(folder.path() / "inputs", "b", write, nothing) != files[0]);
    CHECK(written == 2);
}

TEST_CASE("what could not be written is written by the next one to ask", "[run][commands]") {
    const OwnFolder folder;
    BaseInputs inputs;
    const auto fail = [&](const std::filesystem::path& path) {
        std::ofstream(path) << "half";
        throw std::runtime_error("no space");
    };
    CHECK_THROWS_AS(inputs.file(folder.path(), "a", fail, nothing), std::runtime_error);
    CHECK(std::filesystem::is_empty(folder.path()));
    const auto make = [](const std::filesystem::path& path) { std::ofstream(path) << "rows"; };
    const auto b = inputs.file(folder.path(), "b", make, nothing);
    const auto a = inputs.file(folder.path(), "a", make, nothing);
    CHECK(a != b);
    CHECK(std::filesystem::exists(a));
}

TEST_CASE("a program may spoil its inputs: the next trial has the base's again",
          "[run][commands]") {
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
          "numbers": {"source": {"sql": "select i as id, i * 1.5 as v from range(20) t(i)"}, "key": ["id"]},
          "fixed": {"source": {"sql": "select i as id from range(7) t(i)"}, "key": ["id"]},
          "step": {"command": ["sh", "step.sh", "{in:numbers}", "{in:fixed}", "{out}"], "exchange": "csv", "key": ["id"]}},
          "outputs": ["step"]})json",
        R"json({"faultline": "scenario/1", "pipeline": "pipeline.json", "seed": 3, "perturbations": [
          {"id": "up", "node": "numbers", "plugin": "shift", "params": {"columns": ["v"], "delta": 1}},
          {"id": "down", "node": "numbers", "plugin": "shift", "params": {"columns": ["v"], "delta": -1}},
          {"id": "out", "node": "numbers", "plugin": "scale", "params": {"columns": ["v"], "factor": 3}}],
          "metrics": [{"id": "lines", "output": "step", "sql": "sum(lines)", "tolerance": {"absolute": 0}},
                      {"id": "v", "output": "step", "sql": "sum(v)", "tolerance": {"absolute": 0}}],
          "design": {"method": "one_at_a_time"}, "profile": 0})json");
    // A header and seven rows; then a ninth line, which nobody else may see.
    std::ofstream(laboratory.folder() / "step.sh") << R"sh(lines=$(wc -l < "$2")
sed "1s/$/,lines/;2,\$s/$/,$lines/" "$1" > "$3"
echo spoilt >> "$2"
)sh";
    for (const unsigned jobs : {1u, 2u}) {
        const auto journal = laboratory.run(jobs);
        REQUIRE(journal.trials.size() == 3);
        CHECK(journal.base->values[0] == 20 * 8);
        for (const auto& trial : journal.trials) {
            CHECK(value_of(journal, trial, "lines") == 20 * 8);
            CHECK(value_of(journal, trial, "v") != journal.base->values[1]);
        }
    }
}
