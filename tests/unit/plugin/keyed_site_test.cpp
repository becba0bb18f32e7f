#include <catch2/catch.hpp>

#include "bench.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {
/// Every row's key, in the order of its columns.
std::vector<std::int64_t> keys(Bench& bench) {
    std::string order;
    for (const auto& column : bench.keyed.site.columns)
        order += (order.empty() ? "" : ", ") + bench.dialect().quote(column.name);
    return bench.numbers("SELECT \"__fl_key\" FROM store.\"keyed\" ORDER BY " + order + ", 1");
}
bool all_different(std::vector<std::int64_t> keys) {
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) == keys.end();
}
}  // namespace

TEST_CASE("an integer key is its own key") {
    Bench bench("SELECT 3 * i - 5 AS id FROM range(4) t(i)");
    REQUIRE(keys(bench) == std::vector<std::int64_t>{-5, -2, 1, 4});
    REQUIRE(bench.numbers("SELECT \"__fl_rank\" FROM store.\"keyed\" ORDER BY id") ==
            std::vector<std::int64_t>{0, 1, 2, 3});
}

TEST_CASE("rows in the order of their key are keyed like rows in any order") {
    // Batches few and many, of every type; the fast way looks at a key that rises and no other.
    for (const char* batch : {"DATE '2024-01-01' + CAST(i // 50 AS INTEGER)",
                              "CASE WHEN i % 9 > 0 THEN 'b' || i // 40 END", "i // 30",
                              "TIMESTAMP '2024-01-01' + INTERVAL 1 SECOND * i",
                              "CAST(i // 20 AS DOUBLE)", "i % 2 = 0"}) {
        INFO(batch);
        const auto rows =
            fmt::format("SELECT 2 * i - 77 AS id, {} AS part FROM range(5000) t(i)", batch);
        Bench plain(rows, {"id"}, "part"), turned(rows + " ORDER BY hash(i)", {"id"}, "part", 4);
        const auto hidden = [](Bench& bench) {
            return bench
                .query(
                    "SELECT \"__fl_key\", \"__fl_rank\", \"__fl_batch\" FROM store.\"keyed\" "
                    "ORDER BY id")
                .rows;
        };
        CHECK(hidden(plain) == hidden(turned));
        // Either hands the rows on in the order in which they came.
        for (auto* bench : {&plain, &turned})
            CHECK(bench->numbers("SELECT id FROM store.\"keyed\"") ==
                  bench->numbers("SELECT id FROM store.\"site\""));
    }
}

TEST_CASE("keys that repeat or are NULL are told apart, by content alone") {
    const std::string rows =
        "SELECT * FROM (VALUES (1, 'a'), (1, 'b'), (1, 'b'), (NULL, 'c'), (NULL, 'd'), "
        "(2, 'e')) t(id, note)";
    Bench plain(rows), turned(rows + " ORDER BY note DESC, id");
    REQUIRE(all_different(keys(plain)));
    REQUIRE(keys(plain) == keys(turned));
}

TEST_CASE("compound keys keep their parts apart") {
    Bench bench(
        "SELECT * FROM (VALUES ('ab', 'c'), ('a', 'bc'), (NULL, 'abc'), ('n', 'v')) t(a, b)",
        {"a", "b"});
    REQUIRE(all_different(keys(bench)));
}

TEST_CASE("no key: a rank over the columns") {
    Bench bench("SELECT i % 2 AS a, -i AS b FROM range(4) t(i)", {});
    REQUIRE(keys(bench) == std::vector<std::int64_t>{0, 1, 2, 3});
}

TEST_CASE("no key: the order of the rows has no say") {
    const std::string rows = "SELECT hash(i) % 50 AS a, 'x' || i % 7 AS b FROM range(500) t(i)";
    Bench plain(rows, {}), turned(rows + " ORDER BY hash(i + 7)", {}, "", 4);
    REQUIRE(keys(plain) == keys(turned));
    REQUIRE(all_different(keys(plain)));
}

TEST_CASE("a floating key is ranked, never printed") {
    Bench bench("SELECT CAST(i AS DOUBLE) / 7 AS k FROM range(5) t(i)", {"k"});
    REQUIRE(keys(bench) == std::vector<std::int64_t>{0, 1, 2, 3, 4});
}

TEST_CASE("rows keep their order") {
    Bench bench("SELECT (i * 7919) % 5000 AS id FROM range(5000) t(i)");
    REQUIRE(bench.numbers("SELECT id FROM store.\"keyed\"") ==
            bench.numbers("SELECT id FROM store.\"site\""));
}

TEST_CASE("what is sorted stays as it was: -0.0 is not 0.0, in lists and structs neither") {
    const std::string rows =
        "SELECT i AS id, -0.0::DOUBLE AS d, -0.0::FLOAT AS f, [-0.0::DOUBLE] AS l, "
        "{'a': -0.0::FLOAT} AS s FROM range(100) t(i)";
    const std::string kept =
        "count(*) FILTER (CAST(d AS VARCHAR) || CAST(f AS VARCHAR) || CAST(l AS VARCHAR) || "
        "CAST(s AS VARCHAR) = '-0.0-0.0[-0.0]{''a'': -0.0}')";
    for (const auto& key : std::vector<std::vector<std::string>>{{}, {"d"}, {"s", "l"}, {"f"}}) {
        Bench bench(rows, key, "d");
        CHECK(bench.numbers("SELECT " + kept + " FROM store.\"keyed\"") ==
              std::vector<std::int64_t>{100});
    }
    Bench bench(rows);
    const auto part =
        bench.apply(Bench::fault("partial_output", R"({"keep": 0.5, "order_by": "d"})"));
    CHECK(bench.count(part, kept) == 50);
    const auto tied = bench.apply(Bench::fault(
        "nondeterministic_output", R"({"ties": ["d"], "winners": ["id"], "last_digits": 0})"));
    CHECK(bench.count(tied, kept) == 100);
}

TEST_CASE("empty relations have keys and faults") {
    Bench bench("SELECT 1 AS id, 2.5::DOUBLE AS v WHERE FALSE");
    const auto out = bench.apply(Bench::fault(
        "shift", R"({"columns": ["v"], "sigmas": 1, "fraction": 0.5, "exact": true})"));
    REQUIRE(bench.count(out) == 0);
    REQUIRE_FALSE(out.answer_keys[0].expected_any);
}

TEST_CASE("reserved and missing columns are the user's to mend") {
    REQUIRE_THROWS_AS(Bench("SELECT 1 AS __fl_key", {}), Error);
    REQUIRE_THROWS_AS(Bench("SELECT 1 AS a", {"b"}), Error);
    REQUIRE_THROWS_AS(Bench("SELECT 1 AS a", {"a"}, "day"), Error);
}
