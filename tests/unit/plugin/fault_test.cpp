#include <catch2/catch.hpp>

#include "bench.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {
std::vector<Problem> problems(const std::string& plugin, const std::string& params) {
    try {
        Bench::fault(plugin, params);
    } catch (const Error& e) {
        REQUIRE(e.kind() == ErrorKind::user);
        return e.problems();
    }
    return {};
}
}  // namespace

TEST_CASE("every problem of the params at once, each at its place") {
    const auto found = problems(
        "noise",
        R"({"columns": ["v"], "distributoin": "uniform", "std": -1, "fraction": 2, "distribution": "x"})");
    REQUIRE(found.size() == 4);
    REQUIRE(found[0].pointer == "/perturbations/0/params/distributoin");
    REQUIRE(found[0].nearest == "distribution");
    REQUIRE(found[1].pointer == "/perturbations/0/params/std");
    REQUIRE(found[1].expected == "number or null, at least 0");
    REQUIRE(found[2].pointer == "/perturbations/0/params/distribution");
    REQUIRE(found[2].expected.find("\"laplace\"") != std::string::npos);
    REQUIRE(found[3].pointer == "/perturbations/0/params/fraction");
    REQUIRE(found[0].file == "scenario.json");
}

TEST_CASE("keys of the selection that a plugin does not admit are unknown to it") {
    REQUIRE(problems("schema_drift", R"({"mode": "reorder", "fraction": 0.5})").size() == 1);
    REQUIRE(problems("missing_batches", R"({"columns": ["a"]})").size() == 1);
    REQUIRE(problems("missing_batches", R"({"mechanism": "not_at_random"})").size() == 1);
    REQUIRE(problems("shift", R"({"columns": ["a"], "delta": 1, "block_rows": 5})").size() == 1);
}

TEST_CASE("keys that mean nothing without another are refused") {
    REQUIRE(problems("shift", R"({"columns": ["a"], "delta": 1, "given": "b"})").size() == 1);
    REQUIRE(problems("shift", R"({"columns": ["a"], "delta": 1, "mechanism": "at_random_given"})")
                .size() == 1);
    REQUIRE(problems("shift", R"({"columns": ["a"], "delta": 1, "sampling": "weight"})").size() ==
            1);
    REQUIRE(problems("shift", R"({"columns": ["a"], "delta": 1, "by": "day"})").size() == 1);
}

TEST_CASE("what only the plugin can say is said at the params") {
    const auto both = problems("shift", R"({"columns": ["a"], "delta": 1, "relative": 1})");
    REQUIRE(both.size() == 1);
    REQUIRE(both[0].pointer == "/perturbations/0/params");
    REQUIRE_THAT(both[0].expected, Catch::StartsWith("params that shift can use: "));
    REQUIRE(problems("shift", R"({"delta": 1})").at(0).found == "no \"columns\"");
    REQUIRE(problems("schema_drift", R"({})").at(0).found == "no \"mode\"");
}

TEST_CASE("defaults are filled in, the plugin's and its selection's") {
    const auto fault = Bench::fault("missing_batches", "{}");
    REQUIRE(fault.params().at("mode") == "drop");
    REQUIRE(fault.selection().fraction == 0.2);
    REQUIRE(Bench::fault("missing_batches", R"({"fraction": 0.7})").selection().fraction == 0.7);
}

TEST_CASE("with sets one number and leaves the rest") {
    const auto fault = Bench::fault("shift", R"({"columns": ["v"], "fraction": 0.5})");
    REQUIRE(fault.with("delta", 2.5).params().at("delta") == 2.5);
    REQUIRE(fault.with("fraction", 0.25).selection().fraction == 0.25);
    REQUIRE_THROWS_AS(fault.with("detla", 1), Error);
    REQUIRE_THROWS_AS(fault.with("fraction", 3), Error);
    REQUIRE_THROWS_AS(fault.with("columns", 3), Error);
    const auto late = Bench::fault("late_rows", "{}");
    REQUIRE(late.with("lag", 2).params().at("lag") == 2);
    REQUIRE_THROWS_WITH(late.with("lag", 2.5), Catch::Contains("a whole number: lag of late_rows"));
}

TEST_CASE("a required parameter that a severity map sets need not be stated") {
    const auto* plugin = Bench::registry().find("schema_drift");
    REQUIRE_THROWS_AS(Fault("x", *plugin, Json::object(), "f", "/p"), Error);
    REQUIRE_NOTHROW(Fault("x", *plugin, Json::object(), "f", "/p", "mode"));
}

TEST_CASE("what decides the outcome decides the identity") {
    const auto a = Bench::fault("shift", R"({"columns": ["v"], "delta": 1})");
    REQUIRE(a.identity() == Bench::fault("shift", R"({"delta": 1, "columns": ["v"]})").identity());
    REQUIRE(a.identity() != a.with("delta", 2).identity());
    REQUIRE(
        a.identity() !=
        Bench::fault("shift", R"({"columns": ["v"], "delta": 1, "where": "v > 0"})").identity());
}

TEST_CASE("a fault draws when chance has a say in it") {
    REQUIRE_FALSE(Bench::fault("shift", R"({"columns": ["v"], "delta": 1})").draws());
    REQUIRE(Bench::fault("shift", R"({"columns": ["v"], "delta": 1, "fraction": 0.5})").draws());
    REQUIRE(Bench::fault("noise", R"({"columns": ["v"]})").draws());
    REQUIRE_FALSE(Bench::fault("schema_drift", R"({"mode": "reorder"})").draws());
    REQUIRE(Bench::fault("missing_batches", "{}").draws());
    REQUIRE_FALSE(Bench::fault("missing_batches", R"({"sampling": "latest"})").draws());
    REQUIRE(Bench::fault("missing_batches", R"({"fraction": 1})").draws());
    REQUIRE_FALSE(Bench::fault("missing_batches", R"({"fraction": 1})").draws_at(1));
}
