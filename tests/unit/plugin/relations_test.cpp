#include <catch2/catch.hpp>

#include "bench.h"

// Faults of what tables and columns are to each other: joins, dependencies, contracts.

using namespace faultline;
using namespace faultline::plugin;

namespace {

const char* const orders =
    "SELECT i AS id, DATE '2024-01-01' + CAST(i // 100 AS INTEGER) AS day, "
    "CAST(hash(i) % 1000 AS DOUBLE) / 10 AS x, CAST(hash(i + 7777777) % 1000 AS DOUBLE) AS y, "
    "CASE WHEN i % 5 = 0 THEN NULL ELSE 'k' || (i % 10) END AS kind, "
    "CASE WHEN i % 4 = 0 THEN NULL ELSE i END AS n FROM range(1000) t(i)";

double number(Bench& bench, const std::string& sql) {
    return std::get<double>(bench.query("SELECT CAST((" + sql + ") AS DOUBLE) AS v").rows[0][0]);
}

}  // namespace

TEST_CASE("concept_drift adds the stated slope and keeps the mean") {
    Bench bench(orders);
    const auto slope = [&](const std::string& from, const char* y) {
        return number(bench, fmt::format("SELECT regr_slope({}, x) FROM ({})", y, from));
    };
    const auto mean = [&](const std::string& from) {
        return number(bench, "SELECT avg(y) FROM (" + from + ")");
    };
    const std::string base = "SELECT * FROM store.site";
    const auto fault =
        Bench::fault("concept_drift", R"({"columns": ["y"], "driver": "x", "slope": 2.5})");
    for (const double severity : {0.4, 1.0}) {
        const auto out = bench.apply(fault, severity);
        CHECK(slope(out.select, "y") == Approx(slope(base, "y") + severity * 2.5));
        CHECK(mean(out.select) == Approx(mean(base)));
        CHECK(out.answer_keys[0].cells.at("y") > 990);
    }
    CHECK_FALSE(fault.draws());
    // In standard deviations: y gains one of its own for each of x's.
    const auto out = bench.apply(
        Bench::fault("concept_drift", R"({"columns": ["y"], "driver": "X", "sigmas": -1})"));
    const auto expected =
        slope(base, "y") -
        number(bench, "SELECT stddev_samp(y) / stddev_samp(x) FROM (" + base + ")");
    CHECK(slope(out.select, "y") == Approx(expected));
    for (const auto& [params, says] : std::vector<std::pair<const char*, const char*>>{
             {R"({"columns": ["y"], "driver": "z"})", "no column \"z\""},
             {R"({"columns": ["y"], "driver": "kind"})", "must be numeric"},
             {R"({"columns": ["y"], "driver": "y"})", "its own driver"}})
        CHECK_THROWS_WITH(bench.apply(Bench::fault("concept_drift", params)),
                          Catch::Contains(says));
}

TEST_CASE("join_fan_out multiplies what joins to it") {
    Bench bench("SELECT i AS id, 'name ' || i AS name, i % 3 AS grp FROM range(100) t(i)");
    const auto out = bench.apply(
        Bench::fault("join_fan_out",
                     R"({"columns": ["name"], "versions": 2, "fraction": 0.25, "exact": true})"));
    CHECK(out.answer_keys[0].rows_added == 50);
    const auto facts = "FROM (SELECT i % 100 AS id FROM range(1000) t(i)) f JOIN (" + out.select +
                       ") d USING (id)";
    CHECK(bench.numbers("SELECT count(*) " + facts)[0] == 1500);
    // The further versions have another row's name, and the same of all else.
    CHECK(bench.numbers("SELECT count(*) FROM (" + out.select +
                        ") WHERE name <> 'name ' || id AND grp = id % 3")[0] == 50);
    CHECK(bench.numbers("SELECT max(n) FROM (SELECT count(*) AS n FROM (" + out.select +
                        ") GROUP BY id)")[0] == 3);
    CHECK_THROWS_WITH(bench.apply(Bench::fault("join_fan_out", R"({"columns": ["id"]})")),
                      Catch::Contains("part of the key"));
    // Users' columns may have any name.
    Bench named("SELECT i AS id, i AS n, i AS r, i AS b FROM range(10) t(i)");
    const auto all = named.apply(Bench::fault("join_fan_out", R"({"fraction": 1, "versions": 2})"));
    CHECK(named.count(all) == 30);
}

TEST_CASE("schema_migration adds first and breaks later") {
    Bench bench(orders);
    const auto fault = Bench::fault("schema_migration", R"({"columns": ["kind"], "to": "sort"})");
    const auto early = bench.apply(fault, 0.3), late = bench.apply(fault, 0.5);
    CHECK(early.answer_keys[0].columns_added == std::vector<std::string>{"sort"});
    CHECK(early.answer_keys[0].columns_removed.empty());
    CHECK(bench.count(early, "count(*) FILTER (WHERE sort IS DISTINCT FROM kind)") == 0);
    CHECK(late.answer_keys[0].columns_added == std::vector<std::string>{"sort"});
    CHECK(late.answer_keys[0].columns_removed == std::vector<std::string>{"kind"});
    CHECK_THROWS_WITH(
        bench.apply(Bench::fault("schema_migration", R"({"columns": ["kind"], "to": "n"})")),
        Catch::Contains("named n already"));
}

TEST_CASE("nullable_to_required leaves rows out, or fills them") {
    Bench bench(orders);
    const auto refused =
        bench.apply(Bench::fault("nullable_to_required", R"({"columns": ["kind", "n"]})"));
    CHECK(bench.count(refused) == 600);  // neither a fifth nor a quarter
    CHECK(refused.answer_keys[0].rows_removed == 400);
    const auto filled = bench.apply(
        Bench::fault("nullable_to_required", R"({"columns": ["kind", "n"], "rows": "filled"})"));
    CHECK(filled.answer_keys[0].cells.at("kind") == 200);
    CHECK(filled.answer_keys[0].cells.at("n") == 250);
    CHECK(bench.count(filled, "count(*) FILTER (WHERE kind = '' OR n = 0)") == 400);
    const auto none = bench.apply(Bench::fault("nullable_to_required", R"({"columns": ["id"]})"));
    CHECK(none.answer_keys[0].expected_any);  // there was nothing to do: not_applied
    CHECK_FALSE(none.answer_keys[0].changed_anything());
    CHECK_THROWS_WITH(
        bench.apply(Bench::fault("nullable_to_required",
                                 R"({"columns": ["n"], "rows": "filled", "value": "x"})")),
        Catch::Contains("cannot hold"));
}

TEST_CASE("schema_drift nests and flattens, one the other's inverse") {
    Bench bench(
        "SELECT i AS id, {'a': i, 'b c': 'x' || i, 'deep': {'p, q': 1, 'r': [i]}} AS s, "
        "[i, i + 1] AS l FROM range(10) t(i)");
    const auto flat =
        bench.apply(Bench::fault("schema_drift", R"({"mode": "flatten", "columns": ["s"]})"));
    CHECK(flat.answer_keys[0].columns_added == std::vector<std::string>{"s_a", "s_b c", "s_deep"});
    CHECK(flat.answer_keys[0].columns_removed == std::vector<std::string>{"s"});
    CHECK(bench.count(flat, "sum(s_a)") == 45);
    CHECK(bench.count(flat, "count(*) FILTER (WHERE \"s_b c\" = 'x' || id)") == 10);
    CHECK_THROWS_WITH(
        bench.apply(Bench::fault("schema_drift", R"({"mode": "flatten", "columns": ["l"]})")),
        Catch::Contains("no named fields"));

    Bench table("SELECT i AS id, i * 2 AS lat, i * 3 AS lon FROM range(10) t(i)");
    const auto nested = table.apply(Bench::fault(
        "schema_drift", R"({"mode": "nest", "columns": ["lat", "lon"], "name": "place"})"));
    CHECK(nested.answer_keys[0].columns_removed == std::vector<std::string>{"lat", "lon"});
    CHECK(table.count(nested, "sum(place.lat + place.lon)") == 225);
    CHECK(nested.columns.size() == 2);
}

TEST_CASE("a stale batch takes from the one before what `where` would have given") {
    Bench bench(orders, {"id"}, "day");
    const auto out = bench.apply(Bench::fault(
        "repeated_batches",
        R"({"mode": "stale", "sampling": "latest", "fraction": 0.1, "where": "kind = 'k1'"})"));
    // Of the last day the 10 of k1 go; the 10 of k1 of the day before come, and nobody else.
    CHECK(out.answer_keys[0].rows_removed == 10);
    CHECK(out.answer_keys[0].rows_added == 10);
    CHECK(bench.numbers("SELECT id FROM (" + out.select +
                        ") WHERE day = DATE '2024-01-10' AND kind = 'k1' ORDER BY 1") ==
          bench.numbers("SELECT 801 + 10 * i FROM range(10) t(i)"));
    CHECK(bench.count(out) == 1000);
}

TEST_CASE("modes that draw nothing say so, and are the same in every replicate") {
    Bench bench(orders, {"id"}, "day");
    for (const auto& [plugin, fixed, drawn] :
         std::vector<std::tuple<const char*, const char*, const char*>>{
             {"category", R"({"columns": ["kind"], "mode": "new", "fraction": 1})",
              R"({"columns": ["kind"], "fraction": 1})"},
             {"junk_token", R"({"columns": ["kind"], "tokens": ["?"], "fraction": 1})",
              R"({"columns": ["kind"], "fraction": 1})"},
             {"boundary", R"({"columns": ["y"], "value": "nan", "fraction": 1})",
              R"({"columns": ["y"], "fraction": 1})"},
             {"out_of_range", R"({"columns": ["y"], "side": "up", "fraction": 1})",
              R"({"columns": ["y"], "side": "both", "fraction": 1})"},
             {"orphan_keys", R"({"columns": ["kind"], "fraction": 1})",
              R"({"columns": ["kind"], "fraction": 1, "mode": "somebody_else"})"},
             {"label_flip", R"({"columns": ["kind"], "pattern": "next", "fraction": 1})",
              R"({"columns": ["kind"], "fraction": 1})"},
             {"outlier", R"({"columns": ["y"], "side": "down", "fraction": 1})",
              R"({"columns": ["y"], "side": "both", "fraction": 1})"},
             {"time_window_gone", R"({"columns": ["day"], "at": "end", "fraction": 1})",
              R"({"columns": ["day"], "fraction": 1})"}}) {
        INFO(plugin);
        const std::string name = plugin;
        const auto content = [&](const char* params, std::uint64_t replicate) {
            const auto out =
                bench.apply(Bench::fault(name, params), 1, stream_of(1, "f", replicate));
            return bench
                .query("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (" + out.select + ") ORDER BY ALL")
                .rows;
        };
        CHECK_FALSE(Bench::fault(plugin, fixed).draws_at(1));
        CHECK(Bench::fault(plugin, drawn).draws_at(1));
        const auto once = content(fixed, 1);
        bool same = true, fixed_same = true;
        for (std::uint64_t replicate = 2; replicate < 8; ++replicate) {
            fixed_same = fixed_same && content(fixed, replicate) == once;
            same = same && content(drawn, replicate) == content(drawn, 1);
        }
        CHECK(fixed_same);
        CHECK_FALSE(same);
    }
}
