#include <catch2/catch.hpp>

#include "bench.h"

// Faults of keys: what each claims, counted by other SQL than its own.

using namespace faultline;
using namespace faultline::plugin;

namespace {

const char* const lines =
    "SELECT i AS id, CAST(i % 40 AS INTEGER) AS customer, 'C' || (i % 40) AS code, "
    "'city ' || (i % 8) AS city, i % 8 AS zip FROM range(1000) t(i)";
const char* const before = "store.\"site\"";

std::int64_t one(Bench& bench, const std::string& sql) {
    return bench.numbers(sql).at(0);
}

}  // namespace

TEST_CASE("duplicate_rows adds exactly its copies, and fuzzy ones differ where they should") {
    Bench bench(lines);
    const auto exact = bench.apply(
        Bench::fault("duplicate_rows", R"({"times": 3, "fraction": 0.1, "exact": true})"));
    CHECK(bench.count(exact) == 1300);
    CHECK(exact.answer_keys[0].rows_added == 300);
    CHECK(bench.count(exact, "count(DISTINCT id)") == 1000);
    CHECK(one(bench, fmt::format("SELECT count(*) FROM (SELECT DISTINCT * FROM ({}))",
                                 exact.select)) == 1000);
    const auto fuzzy = bench.apply(Bench::fault(
        "duplicate_rows",
        R"({"mode": "fuzzy", "columns": ["code"], "where": "id < 50", "fraction": 1})"));
    CHECK(fuzzy.answer_keys[0].rows_added == 50);
    CHECK(one(bench, fmt::format("SELECT count(*) FROM ({}) p JOIN {} s USING (id) WHERE p.code = "
                                 "s.code || right(s.code, 1) AND p.city = s.city",
                                 fuzzy.select, before)) == 50);
    CHECK_THROWS_AS(bench.apply(Bench::fault("duplicate_rows", R"({"mode": "fuzzy"})")), Error);
    CHECK_THROWS_AS(bench.apply(Bench::fault("duplicate_rows", R"({"columns": ["code"]})")), Error);
}

TEST_CASE("duplicate_keys gives each row hit the key of another row") {
    Bench bench(lines);
    const auto out =
        bench.apply(Bench::fault("duplicate_keys", R"({"fraction": 0.2, "exact": true})"));
    CHECK(out.answer_keys[0].cells.at("id") == 200);
    CHECK(bench.count(out) == 1000);
    CHECK(one(bench, fmt::format("SELECT count(*) FROM ({}) WHERE id NOT IN (SELECT id FROM {})",
                                 out.select, before)) == 0);
    CHECK(bench.count(out, "count(DISTINCT id)") < 1000);
    Bench keyless(lines, {});
    CHECK_THROWS_AS(keyless.apply(Bench::fault("duplicate_keys", "{}")), Error);
}

TEST_CASE("the parts of a key stay together, and every other key is as likely") {
    Bench bench("SELECT i AS id, i % 4 AS a, (i % 4) * 10 AS b FROM range(4000) t(i)");
    const auto out =
        bench.apply(Bench::fault("duplicate_keys", R"({"columns": ["a", "b"], "fraction": 1})"));
    CHECK(bench.count(out, "count(*) FILTER (b <> a * 10)") == 0);
    CHECK(out.answer_keys[0].rows_changed == 4000);
    // 1,000 rows have each key and go to one of three others: 333 each, σ 15. Six are 90.
    for (const auto n : bench.numbers(
             fmt::format("SELECT count(*) FROM ({}) p JOIN {} s USING (id) GROUP BY p.a, s.a",
                         out.select, before)))
        CHECK(std::abs(n - 333) < 90);
}

TEST_CASE("orphans point at nobody, one to one") {
    Bench bench(lines);
    const auto out = bench.apply(Bench::fault(
        "orphan_keys", R"({"columns": ["customer", "code"], "fraction": 0.3, "exact": true})"));
    for (const char* column : {"customer", "code"}) {
        INFO(column);
        CHECK(out.answer_keys[0].cells.at(column) == 300);
        CHECK(one(bench, fmt::format("SELECT count(*) FROM ({0}) WHERE {1} NOT IN (SELECT {1} FROM "
                                     "{2})",
                                     out.select, column, before)) == 300);
        CHECK(one(bench, fmt::format("SELECT max(n) FROM (SELECT count(DISTINCT p.{0}) AS n FROM "
                                     "({1}) p JOIN {2} s USING (id) WHERE p.{0} <> s.{0} GROUP BY "
                                     "s.{0})",
                                     column, out.select, before)) == 1);
    }
    // Parents that nobody refers to yet have larger ids than those of this column: a leap clears
    // them, as far as the type has room.
    Bench sizes(
        "SELECT i AS id, 707 + i AS b, CAST(i AS SMALLINT) AS s, CAST(900000000 + i AS INTEGER) AS "
        "n, CAST(18000000000000000000 + i AS UBIGINT) AS u FROM range(72) t(i)");
    const auto leapt = sizes.apply(
        Bench::fault("orphan_keys", R"({"columns": ["b", "s", "n", "u"], "fraction": 1})"));
    CHECK(sizes.count(leapt,
                      "count(*) FILTER (b = 1000707 + id AND s = 10000 + id AND n = 1900000000 + "
                      "id AND u <> 18000000000000000000 + id)") == 72);
    CHECK(leapt.answer_keys[0].cells.at("u") == 72);
    Bench full(
        "SELECT i AS id, CAST(i - 100 AS TINYINT) AS t, CASE WHEN i % 2 = 0 THEN 'unknown-' "
        "ELSE 'x' END || i AS s FROM range(120) t(i)");
    const auto low =
        full.apply(Bench::fault("orphan_keys", R"({"columns": ["t", "s"], "fraction": 1})"));
    CHECK(full.count(low, "min(t)") >= -128);
    CHECK(low.answer_keys[0].cells.at("t") > 100);  // what has room above or below
    CHECK(full.count(low, "count(*) FILTER (s LIKE 'unknown-!_%' ESCAPE '!')") == 120);
}

TEST_CASE("references to somebody else are to another one that is there") {
    Bench bench(lines);
    const auto out = bench.apply(Bench::fault(
        "orphan_keys", R"({"columns": ["customer"], "mode": "somebody_else", "fraction": 1})"));
    CHECK(out.answer_keys[0].cells.at("customer") == 1000);
    CHECK(bench.count(out, "count(*) FILTER (customer NOT BETWEEN 0 AND 39)") == 0);
}

TEST_CASE("keys written otherwise") {
    Bench bench("SELECT i AS id, '00' || i AS code FROM range(10) t(i)");
    const auto is = [&](const char* params, const std::string& condition) {
        INFO(params);
        const auto out = bench.apply(Bench::fault("key_format", params));
        CHECK(bench.count(out, "count(*) FILTER (" + condition + ")") == 10);
        return out.answer_keys[0];
    };
    const auto padded = is(R"({"mode": "zeros", "width": 4})", "length(id) = 4 AND id LIKE '000%'");
    CHECK(padded.columns_retyped == std::vector<std::string>{"id"});
    CHECK(padded.cells.at("id") == 10);
    CHECK(padded.rows_changed == 10);
    CHECK(is(R"({"mode": "prefix"})", "id LIKE 'ID-%'").cells.at("id") == 10);
    CHECK(is(R"({"mode": "decimal"})", "id LIKE '_.0'").cells.at("id") == 10);
    Bench below("SELECT i - 5 AS id, '-' || i AS code FROM range(4) t(i)");
    const auto signs = below.apply(
        Bench::fault("key_format", R"({"mode": "zeros", "width": 4, "columns": ["id", "code"]})"));
    CHECK(below.count(signs, "count(*) FILTER (id = format('-{:03d}', -id::BIGINT))") == 4);
    CHECK(below.count(signs, "count(*) FILTER (code = '00-' || right(code, 1))") == 4);
    CHECK(signs.answer_keys[0].cells.at("id") == 4);
    // Four keys are padded, and what is long enough is not; NULL is none.
    const auto some = bench.apply(
        Bench::fault("key_format", R"({"mode": "zeros", "width": 3, "columns": ["id", "code"],
                                       "fraction": 0.4, "exact": true, "where": "id > 0"})"));
    CHECK(some.answer_keys[0].cells.at("id") == 4);
    CHECK(some.answer_keys[0].cells.at("code") == 0);
    CHECK(some.answer_keys[0].rows_changed == 4);
    CHECK(is(R"({"mode": "text"})", "id = CAST(id AS BIGINT)::VARCHAR").rows_changed == 0);
    is(R"({"mode": "zeros_lost", "columns": ["code"]})", "length(code) = 1");
    is(R"({"mode": "space", "columns": ["code"]})", "code LIKE '00_ '");
    for (const char* params : {R"({"mode": "upper"})", R"({"mode": "zeros_lost"})",
                               R"({"mode": "text", "columns": ["code"]})"}) {
        INFO(params);
        CHECK_THROWS_AS(bench.apply(Bench::fault("key_format", params)), Error);
    }
}

TEST_CASE("every cell that breaks a dependency contradicts another row of its group") {
    Bench bench(lines);
    const auto out = bench.apply(Bench::fault(
        "dependency_broken", R"({"determinant": "ZIP", "columns": ["city"], "fraction": 0.5})"));
    const auto changed = out.answer_keys[0].cells.at("city");
    CHECK(changed > 400);
    CHECK(one(bench, fmt::format("WITH p AS ({}) SELECT count(*) FROM p JOIN {} s USING (id) WHERE "
                                 "p.city <> s.city AND EXISTS (SELECT 1 FROM p q WHERE q.zip = "
                                 "p.zip AND q.city <> p.city)",
                                 out.select, before)) == changed);
    // All rows hit: the first of each of the eight groups is left.
    const auto all = bench.apply(Bench::fault(
        "dependency_broken", R"({"determinant": ["zip"], "columns": ["city"], "fraction": 1})"));
    CHECK(all.answer_keys[0].cells.at("city") == 992);
    for (const char* params : {R"({"determinant": "nowhere", "columns": ["city"]})",
                               R"({"determinant": "city", "columns": ["city"]})"})
        CHECK_THROWS_AS(bench.apply(Bench::fault("dependency_broken", params)), Error);
}
