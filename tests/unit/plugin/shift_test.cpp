#include <catch2/catch.hpp>

#include "bench.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {
const char* const thousand =
    "SELECT i AS id, CAST(i AS DOUBLE) AS v, i % 10 AS g FROM range(1000) t(i)";
}

TEST_CASE("shift adds exactly delta to a DOUBLE column") {
    Bench bench(thousand);
    const auto base = Bench::fault("shift", R"({"columns": ["v"]})");
    for (const double delta : {-3.14159, 0.1, 3.14159}) {
        const auto fault = base.with("delta", delta);
        const auto out = bench.apply(fault);
        const auto wrong =
            bench.query(fmt::format("SELECT count(*) FROM ({}) p JOIN store.\"site\" s USING (id) "
                                    "WHERE p.v <> s.v + {:.17g}::DOUBLE",
                                    out.select, delta));
        REQUIRE(std::get<std::int64_t>(wrong.rows[0][0]) == 0);
        REQUIRE(out.answer_keys[0].rows_changed == 1000);
        REQUIRE(out.answer_keys[0].cells.at("v") == 1000);
    }
}

TEST_CASE("a shift by 0 is no sign of a fault that was never applied") {
    Bench bench(thousand);
    const auto fault = Bench::fault("shift", R"({"columns": ["v"]})").with("delta", 0);
    const auto out = bench.apply(fault);
    REQUIRE_FALSE(out.answer_keys[0].changed_anything());
    REQUIRE_FALSE(out.answer_keys[0].expected_any);
}

TEST_CASE("severity scales the amount and leaves the rows alone") {
    Bench bench(thousand);
    const auto fault =
        Bench::fault("shift", R"({"columns": ["v"], "delta": 8, "fraction": 0.25, "exact": true})");
    const auto half = bench.apply(fault, 0.5), full = bench.apply(fault, 1);
    REQUIRE(bench.count(half, "sum(v - id)") == 250 * 4);
    REQUIRE(bench.count(full, "sum(v - id)") == 250 * 8);
    REQUIRE(bench.numbers("SELECT id FROM (" + half.select + ") WHERE v <> id ORDER BY id") ==
            bench.numbers("SELECT id FROM (" + full.select + ") WHERE v <> id ORDER BY id"));
}

TEST_CASE("severity 0 is the input") {
    Bench bench(thousand);
    const auto fault = Bench::fault("shift", R"({"columns": ["v"], "delta": 8})");
    const auto out = bench.apply(fault, 0);
    REQUIRE(out.columns == bench.keyed.site.columns);
    REQUIRE(bench.numbers("SELECT count(*) FROM (" + out.select +
                          " EXCEPT ALL SELECT * FROM store.\"site\")")[0] == 0);
    REQUIRE_FALSE(out.answer_keys[0].expected_any);
}

TEST_CASE("a value that would not fit its type stays as it was") {
    Bench bench("SELECT i AS id, CAST(100 + i AS TINYINT) AS v FROM range(20) t(i)");
    const auto out = bench.apply(Bench::fault("shift", R"({"columns": ["v"], "delta": 10})"));
    REQUIRE(bench.count(out, "max(v)") == 127);
    REQUIRE(out.answer_keys[0].cells.at("v") == 18);  // 118 and 119 have no room
}

TEST_CASE("dates move by whole days, timestamps by any") {
    Bench bench(
        "SELECT i AS id, DATE '2024-01-01' AS d, TIMESTAMP '2024-01-01 00:00:00' AS t FROM "
        "range(3) t(i)");
    const auto out = bench.apply(Bench::fault("shift", R"({"columns": ["d", "t"], "days": -1.5})"));
    REQUIRE(
        bench.count(
            out,
            "count(*) FILTER (d = DATE '2023-12-30' AND t = TIMESTAMP '2023-12-30 12:00:00')") ==
        3);
    REQUIRE(out.columns == bench.keyed.site.columns);
}
