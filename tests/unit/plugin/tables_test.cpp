// What faults look up in tables: kept with the relation, or made for one trial.
#include <catch2/catch.hpp>
#include <set>

#include "bench.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {

// Keys with gaps, so that places among them are looked up.
const char* const gaps =
    "SELECT 3 * i + i % 2 AS id, CAST(i * 37 % 101 AS DOUBLE) AS v, i % 4 AS g FROM range(100) "
    "t(i)";

std::set<std::string> tables(Bench& bench) {
    std::set<std::string> out;
    for (const auto& row : bench.query("SELECT table_name FROM duckdb_tables()").rows)
        out.insert(std::get<std::string>(row[0]));
    return out;
}

std::vector<std::vector<engine::Value>> rows(Bench& bench, const Perturbed& perturbed) {
    return bench.query("SELECT * FROM (" + perturbed.select + ") ORDER BY ALL").rows;
}

}  // namespace

TEST_CASE("what a fault looks up is made once where the relation keeps it, else by each trial") {
    Bench bench(gaps);
    // However its forms are called: the columns of draws are __fl_n0, __fl_n1, …
    bench.keyed.site.tag = GENERATE("", "n0");
    const auto fault = Bench::fault("duplicate_keys", R"({"fraction": 0.3})");
    const auto alone = bench.apply(fault);
    REQUIRE(alone.made.size() == 1);

    bench.keyed.tables = std::make_shared<MadeOnce>();
    const auto first = bench.apply(fault), second = bench.apply(fault, 0.5);
    CHECK(first.made.empty());
    CHECK(second.made.empty());
    REQUIRE(bench.keyed.tables->made().size() == 1);
    CHECK(first.select.find(bench.keyed.tables->made()[0]) != std::string::npos);
    CHECK(second.select.find(bench.keyed.tables->made()[0]) != std::string::npos);
    CHECK(rows(bench, first) == rows(bench, alone));
    CHECK(first.answer_keys[0].to_json() == alone.answer_keys[0].to_json());
}

TEST_CASE("what is drawn, and what an earlier fault left, is kept for no other trial") {
    Bench bench(gaps);
    bench.keyed.tables = std::make_shared<MadeOnce>();
    const auto shuffle = Bench::fault("shuffle", R"({"columns": ["v"]})");
    CHECK(bench.apply(shuffle).made.size() == 1);
    const auto shift = Bench::fault("shift", R"({"columns": ["v"], "delta": 1})");
    const auto other = Bench::fault("duplicate_keys", R"({"fraction": 0.3})");
    CHECK(bench.apply({{&shift, 1, 1}, {&other, 1, 2}}).made.size() == 1);
    CHECK(bench.keyed.tables->made().empty());
}

TEST_CASE("a table that cannot be made is an error, and nothing is left of it") {
    Bench bench(gaps);
    bench.keyed.tables = std::make_shared<MadeOnce>();
    // The second fault of the stack fails when the first has made its table.
    const auto before = tables(bench);
    const auto shuffle = Bench::fault("shuffle", R"({"columns": ["v"]})");
    const auto wrong = Bench::fault("swap_columns", R"({"columns": ["v"]})");
    REQUIRE_THROWS_AS(bench.apply({{&shuffle, 1, 1}, {&wrong, 1, 2}}), Error);
    CHECK(tables(bench) == before);
}

TEST_CASE("copies of a row are shuffled, and given keys, one by one") {
    Bench bench(gaps);
    const auto twice = Bench::fault("duplicate_rows", R"({"fraction": 0.5})");
    for (const char* plugin : {"shuffle", "duplicate_keys"}) {
        INFO(plugin);
        const auto second = Bench::fault(plugin, R"({"columns": ["v"], "fraction": 1})");
        const auto out = bench.apply({{&twice, 1, 1}, {&second, 1, 2}});
        CHECK(bench.count(out) == 100 + out.answer_keys[0].rows_added);
        CHECK(bench.count(out, "count(v)") == bench.count(out));
    }
    const auto shuffle = Bench::fault("shuffle", R"({"columns": ["v"]})");
    const auto doubled = bench.apply({{&twice, 1, 1}}),
               shuffled = bench.apply({{&twice, 1, 1}, {&shuffle, 1, 2}});
    const auto values = [&](const Perturbed& perturbed) {
        return bench.numbers("SELECT CAST(v AS BIGINT) FROM (" + perturbed.select + ") ORDER BY v");
    };
    CHECK(values(doubled) == values(shuffled));
}

TEST_CASE("whole numbers without a gap are given as those that are looked up would be") {
    // The same places among the different values, of numbers with a gap and of those without.
    Bench dense("SELECT i AS id, i % 10 + 5 AS c FROM range(200) t(i)"),
        wide("SELECT i AS id, (i % 10) * 1000 + 7 AS c FROM range(200) t(i)");
    const auto fault = Bench::fault("duplicate_keys", R"({"columns": ["c"], "fraction": 0.6})");
    const auto computed = dense.apply(fault), looked_up = wide.apply(fault);
    CHECK(computed.made.empty());
    CHECK(looked_up.made.size() == 1);
    CHECK(dense.numbers("SELECT c - 5 FROM (" + computed.select + ") ORDER BY id") ==
          wide.numbers("SELECT (c - 7) // 1000 FROM (" + looked_up.select + ") ORDER BY id"));
    CHECK(computed.answer_keys[0].to_json() == looked_up.answer_keys[0].to_json());
    // From below zero, of a narrow type; of one number there is no other.
    Bench narrow("SELECT i AS id, CAST(i % 4 - 2 AS TINYINT) AS c FROM range(200) t(i)"),
        single("SELECT i AS id, 3 AS c FROM range(50) t(i)");
    CHECK(narrow.count(narrow.apply(fault), "count(*) FILTER (c BETWEEN -2 AND 1)") == 200);
    CHECK_FALSE(single.apply(fault).answer_keys[0].changed_anything());
}

TEST_CASE("versions of a row have the values of the row before, however rows come") {
    Bench sorted("SELECT i AS id, CAST(i * 37 % 101 AS DOUBLE) AS v FROM range(100) t(i)"),
        shuffled(
            "SELECT i AS id, CAST(i * 37 % 101 AS DOUBLE) AS v FROM range(100) t(i) ORDER BY "
            "hash(i)");
    CHECK(sorted.keyed.in_order);
    CHECK_FALSE(shuffled.keyed.in_order);
    const auto fault = Bench::fault("join_fan_out", R"({"columns": ["v"], "fraction": 0.5})");
    CHECK(rows(sorted, sorted.apply(fault)) == rows(shuffled, shuffled.apply(fault)));
}

TEST_CASE("rows are read in the order of their ranks by any number of threads") {
    // Long enough for the engine to cut it into pieces for its threads.
    const auto* const many =
        "SELECT i AS id, CAST(i * 7919 % 300007 AS DOUBLE) AS v FROM range(300000) t(i)";
    Bench one(many), eight(many, {"id"}, "", 8);
    REQUIRE(eight.keyed.in_order);
    for (const char* plugin : {"join_fan_out", "shuffle"}) {
        INFO(plugin);
        const auto fault = Bench::fault(plugin, R"({"columns": ["v"], "fraction": 0.5})");
        const auto a = one.apply(fault), b = eight.apply(fault);
        CHECK(a.answer_keys[0].to_json() == b.answer_keys[0].to_json());
        const char* const sum = "sum(id * 31 * CAST(v AS BIGINT) % 1000003)";
        CHECK(one.count(a, sum) == eight.count(b, sum));
        CHECK(one.count(a, sum) !=
              one.count(a, "sum(id * 31 * (CAST(v AS BIGINT) + 1) % 1000003)"));
    }
}
