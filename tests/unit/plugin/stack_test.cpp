#include <catch2/catch.hpp>

#include "bench.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {
const char* const hundred =
    "SELECT i AS id, CAST(i AS DOUBLE) AS v, i % 4 AS g, DATE '2024-01-01' + CAST(i // 10 AS "
    "INTEGER) AS day "
    "FROM range(100) t(i)";
}

TEST_CASE("faults stack in order, each on what the one before made") {
    Bench bench(hundred);
    const auto add = Bench::fault("shift", R"({"columns": ["v"], "delta": 10})");
    const auto twice = Bench::fault("shift", R"({"columns": ["v"], "relative": 1})");
    REQUIRE(bench.count(bench.apply({{&add, 1, 1}, {&twice, 1, 2}}), "sum(v)") ==
            2 * (4950 + 1000));
    REQUIRE(bench.count(bench.apply({{&twice, 1, 2}, {&add, 1, 1}}), "sum(v)") == 2 * 4950 + 1000);
}

TEST_CASE("where sees the relation as first received, whatever came before in the stack") {
    Bench bench(hundred);
    const auto away = Bench::fault("shift", R"({"columns": ["g"], "delta": 100})");
    const auto hit = Bench::fault("shift", R"({"columns": ["v"], "delta": 1, "where": "g = 1"})");
    const auto drop = Bench::fault("schema_drift", R"({"mode": "drop", "columns": ["g"]})");
    for (const auto* first : {&away, &drop}) {
        const auto out = bench.apply({{first, 1, 1}, {&hit, 1, 2}});
        REQUIRE(out.answer_keys[1].cells.at("v") == 25);
    }
}

TEST_CASE("a fault whose columns an earlier one took away is not applied, and says so") {
    Bench bench(hundred);
    const auto rename =
        Bench::fault("schema_drift", R"({"mode": "rename", "columns": ["v"], "to": "w"})");
    const auto hit = Bench::fault("shift", R"({"columns": ["v"], "delta": 1})");
    const auto out = bench.apply({{&rename, 1, 1}, {&hit, 1, 2}});
    REQUIRE_FALSE(out.answer_keys[1].changed_anything());
    REQUIRE(out.answer_keys[1].expected_any);
    REQUIRE(bench.count(out, "sum(w)") == 4950);
}

TEST_CASE("a transform in the middle of a stack keeps what later faults need") {
    Bench bench(hundred, {"id"}, "day");
    const auto noop = Bench::fault("noop", "{}");
    const auto half = Bench::fault("missing_batches", R"({"fraction": 0.5})");
    const auto hit =
        Bench::fault("shift", R"({"columns": ["v"], "delta": 1000, "where": "g = 1"})");
    const auto with = bench.apply({{&half, 1, 1}, {&noop, 1, 2, true}, {&hit, 1, 3}});
    REQUIRE(with.made.size() == 1);
    const auto without = bench.apply({{&half, 1, 1}, {&hit, 1, 3}});
    REQUIRE(bench.query("SELECT * FROM (" + with.select + ") ORDER BY ALL").rows ==
            bench.query("SELECT * FROM (" + without.select + ") ORDER BY ALL").rows);
    REQUIRE(with.columns == without.columns);
    // Batches first, then the transform's table: the third fault hits a quarter of what is left.
    REQUIRE(with.answer_keys[0].rows_removed == 50);
    REQUIRE(with.answer_keys[2].rows_changed == without.answer_keys[1].rows_changed);
}

TEST_CASE("behind a transform faults look values and tables up like before it") {
    Bench bench("SELECT i AS id, 'é' || i % 3 AS t, i % 4 AS g, i % 5 AS day FROM range(100) t(i)",
                {"id"}, "day");
    const auto garbled = Bench::fault("garbled_text", R"({"columns": ["t"], "fraction": 1})");
    for (const auto& [plugin, params] : std::vector<std::pair<std::string, std::string>>{
             {"default_value", R"({"columns": ["g"], "fraction": 0.5})"},
             {"late_rows", "{}"},
             {"stuck", R"({"columns": ["g"]})"},
             {"shuffle", R"({"columns": ["g"]})"},
             {"category", R"({"columns": ["t"]})"},
             {"dependency_broken", R"({"columns": ["g"], "determinant": "day"})"},
             {"duplicate_keys", "{}"}}) {
        INFO(plugin);
        const auto fault = Bench::fault(plugin, params);
        const auto behind = bench.apply({{&garbled, 1, 1}, {&fault, 1, 2}});
        const auto alone = bench.apply({{&fault, 1, 2}});
        CHECK(behind.answer_keys[1].rows_changed == alone.answer_keys[0].rows_changed);
        CHECK(bench.count(behind) == bench.count(alone));
    }
}

TEST_CASE("what a fault counts does not depend on how many are counted with it") {
    Bench bench(hundred, {"id"}, "day");
    const auto noise = Bench::fault("noise", R"({"columns": ["v"], "std": 1, "fraction": 0.5})");
    const auto nulls = Bench::fault("nulls", R"({"columns": ["v", "g"], "fraction": 0.3})");
    const auto batches = Bench::fault("missing_batches", R"({"fraction": 0.2})");
    const auto noop = Bench::fault("noop", "{}");
    const auto again = Bench::fault("duplicate_rows", R"({"fraction": 0.4})");
    const auto rename =
        Bench::fault("schema_drift", R"({"mode": "rename", "columns": ["g"], "to": "w"})");
    const std::vector<Application> stack{{&noise, 1, 1},      {&nulls, 1, 2}, {&batches, 1, 3},
                                         {&noop, 1, 4, true}, {&again, 1, 5}, {&rename, 1, 6}};
    const auto all = bench.apply(stack);
    CHECK(all.answer_keys[0].cells.contains("v"));
    CHECK(all.answer_keys[1].cells.contains("g"));
    CHECK(all.answer_keys[2].rows_removed > 0);
    CHECK(all.answer_keys[4].rows_added > 0);
    CHECK(all.answer_keys[5].columns_added == std::vector<std::string>{"w"});
    for (std::size_t length = 1; length < stack.size(); ++length) {
        const auto fewer =
            bench.apply({stack.begin(), stack.begin() + static_cast<std::ptrdiff_t>(length)});
        for (std::size_t i = 0; i < length; ++i)
            CHECK(fewer.answer_keys[i].to_json() == all.answer_keys[i].to_json());
    }
    // More than are asked in one statement.
    std::vector<Application> many{{&nulls, 1, 1}};
    const auto alone = bench.apply(many).answer_keys[0];
    while (many.size() < 8) many.push_back({&noise, 1, many.size() + 1});
    const auto eight = bench.apply(many);
    CHECK(eight.answer_keys[0].to_json() == alone.to_json());
    for (std::size_t i = 1; i < many.size(); ++i) CHECK(eight.answer_keys[i].cells.contains("v"));
}

TEST_CASE("of several that are counted at once the one that fails is named, the first of them") {
    Bench bench(
        "SELECT i AS id, TIMESTAMP '294246-01-01 00:00:00' AS t, 1.0 AS v FROM range(3) t(i)");
    const auto fine = Bench::fault("round", R"({"columns": ["v"]})");
    const auto beyond = Bench::fault("shift", R"({"columns": ["t"], "days": 4000000})");
    const auto gone = Bench::fault("nulls", R"({"columns": ["v"], "fraction": 1})");
    try {
        bench.apply({{&fine, 1, 1}, {&beyond, 1, 2}, {&gone, 1, 3}});
        FAIL("passed");
    } catch (const Error& e) {
        CHECK(e.kind() == ErrorKind::data);
        CHECK(e.node() == "orders");
        CHECK_THAT(e.what(), Catch::Contains("plugin shift on orders"));
    }
}

TEST_CASE("types that Arrow has no word for come back from a transform as they were") {
    Bench bench(
        "SELECT i AS id, CAST('00000000-0000-0000-0000-00000000000' || i AS UUID) AS u, "
        "CAST('a' AS ENUM('a', 'b')) AS e, CAST(i AS HUGEINT) AS h, CAST('{\"a\": 1}' AS JSON) AS "
        "j, "
        "TIME '12:00:00' AS t, INTERVAL 1 DAY AS s FROM range(3) t(i)");
    const auto noop = Bench::fault("noop", "{}");
    const auto out = bench.apply({{&noop, 1, 1, true}});
    REQUIRE(out.columns == bench.keyed.site.columns);
    REQUIRE(bench.count(out, "count(*) FILTER (h = id AND e = 'a' AND u IS NOT NULL)") == 3);
}

TEST_CASE("values that Arrow is too narrow for come through a transform as they were") {
    // The smallest HUGEINT has 39 digits; as a decimal of 38 the transform's rows were refused.
    const std::string smallest = "-170141183460469231731687303715884105728";
    Bench bench("SELECT i AS id, 'é' AS t, CASE WHEN i > 0 THEN CAST('" + smallest +
                "' AS HUGEINT) END AS h FROM range(3) t(i)");
    const auto garbled = Bench::fault("garbled_text", R"({"columns": ["t"], "fraction": 1})");
    const auto later =
        Bench::fault("nulls", R"({"columns": ["h"], "where": "id = 2", "fraction": 1})");
    const auto out = bench.apply({{&garbled, 1, 1}, {&later, 1, 2}});
    REQUIRE(out.columns == bench.keyed.site.columns);
    REQUIRE(bench.count(out,
                        "count(*) FILTER (t <> 'é' AND CAST(h AS VARCHAR) IS NOT DISTINCT FROM "
                        "CASE WHEN id = 1 THEN '" +
                            smallest + "' END)") == 3);
}

TEST_CASE("the statement names store tables alone and stands as a common table expression") {
    Bench bench(hundred);
    const auto fault = Bench::fault("noise", R"({"columns": ["v"], "std": 1})");
    const auto out = bench.apply(fault);
    REQUIRE(bench.numbers(
                "WITH \"orders\" AS NOT MATERIALIZED (" + out.select +
                ") SELECT count(*) FROM \"orders\" a JOIN \"orders\" b USING (id, v)")[0] == 100);
}

TEST_CASE("SQL that fails on the data is the data's, with its node") {
    Bench bench("SELECT 1 AS id, TIMESTAMP '294246-01-01 00:00:00' AS t");
    try {
        bench.apply(Bench::fault("shift", R"({"columns": ["t"], "days": 4000000})"));
        FAIL("passed");
    } catch (const Error& e) {
        REQUIRE(e.kind() == ErrorKind::data);
        REQUIRE(e.node() == "orders");
    }
}

TEST_CASE("an answer key as JSON") {
    Bench bench(hundred);
    const auto out = bench.apply(
        Bench::fault("schema_drift", R"({"mode": "rename", "columns": ["v"], "to": "w"})"));
    REQUIRE(out.answer_keys[0].to_json().dump() ==
            R"({"rows_added":0,"rows_removed":0,"rows_changed":0,"cells":{},)"
            R"("columns":{"added":["w"],"removed":["v"],"retyped":[],"reordered":false}})");
}
