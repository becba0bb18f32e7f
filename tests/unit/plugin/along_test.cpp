#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "bench.h"
#include "engine/dialect_duckdb.h"
#include "plugin/dose_sql.h"

// Faults that follow an ordered column: what each shape is, row by row, and which rows it lets a
// fault hit. Formulas are written here once more, from docs/perturbations.md.

using namespace faultline;
using namespace faultline::plugin;

namespace {

/// t is 0 … 100, and NULL for the last row; one row a day from January 1st.
const char* const hundred =
    "SELECT i AS id, CASE WHEN i <= 100 THEN i END AS t, DATE '2024-01-01' + CAST(i AS INTEGER) AS "
    "day, TIMESTAMP '2024-01-01 00:00:00' + to_days(CAST(i AS INTEGER)) AS moment, CAST(0 AS "
    "DOUBLE) AS v FROM range(102) t(i)";

std::vector<Problem> refused(Bench& bench, const std::string& plugin, const std::string& params) {
    INFO(plugin << " " << params);
    try {
        bench.apply(Bench::fault(plugin, params));
        FAIL_CHECK("accepted");
    } catch (const Error& e) {
        CHECK(e.kind() == ErrorKind::user);
        return e.problems();
    }
    return {};
}

}  // namespace

namespace {

/// DuckDB's SQL as an engine without a function for doses would have it.
class Portable final : public engine::DuckDbDialect {
  public:
    [[nodiscard]] std::string native_dose(const std::string& /*column*/,
                                          const std::string& /*type*/,
                                          const DoseCurve& /*curve*/) const override {
        return {};
    }
};

}  // namespace

TEST_CASE("the engine's own function gives the doses that SQL gives, to the bit") {
    Bench bench(
        "SELECT i AS id, CASE WHEN i = 7 THEN NULL WHEN i = 8 THEN 'nan'::DOUBLE WHEN i = 9 THEN "
        "'-inf'::DOUBLE ELSE CAST(hash(i) % 100000 AS DOUBLE) / 7 END AS x, CASE WHEN i = 7 THEN "
        "NULL WHEN i = 8 THEN 'infinity'::DATE ELSE DATE '1960-01-01' + CAST(hash(i) % 30000 AS "
        "INTEGER) END AS d, CASE WHEN i = 7 THEN NULL WHEN i = 8 THEN '-infinity'::TIMESTAMP ELSE "
        "TIMESTAMP '1960-01-01' + to_microseconds(CAST(hash(i) % 2000000000000000 AS BIGINT)) END "
        "AS m, CAST(i AS DECIMAL(9, 2)) AS n, make_timestamp_ns(CAST(i AS BIGINT) * 12345678901) "
        "AS ns FROM range(3000) t(i)");
    const Portable portable;
    for (const char* column : {"x", "d", "m", "n", "ns"})
        for (const char* shape :
             {R"("step", "start": 0.3)", R"("ramp", "start": 0.2, "end": 0.9)", R"("trend")",
              R"("spike", "start": 0.4, "end": 0.7)", R"("season", "cycles": 3, "start": 0.1)"}) {
            const auto fault = Bench::fault(
                "noise",
                fmt::format(R"({{"columns": ["x"], "along": {{"column": "{}", "shape": {}}}}})",
                            column, shape));
            const auto dose = [&](const engine::Dialect& dialect) {
                return dose_sql({*bench.connection, dialect, bench.keyed, bench.measures}, fault);
            };
            INFO(column << " " << shape);
            const auto native = dose(bench.dialect()), sql = dose(portable);
            CHECK((native == sql) == (std::string(column) == "ns"));
            CHECK(bench.numbers(
                      fmt::format("SELECT count(*) FROM {} WHERE ({}) IS DISTINCT FROM ({})",
                                  bench.keyed.table, native, sql))[0] == 0);
            CHECK(bench.numbers(fmt::format("SELECT count(*) FROM {} WHERE ({}) > 0",
                                            bench.keyed.table, native))[0] > 100);
        }
}

TEST_CASE("every shape is its formula, and a row without a place is left alone") {
    Bench bench(hundred, {"id"}, "day");
    const auto is = [&](const std::string& along, const std::string& dose) {
        INFO(along);
        for (const double severity : {0.5, 1.0}) {
            const auto out =
                bench.apply(Bench::fault("shift", R"({"columns": ["v"], "delta": 100, "along": {)" +
                                                      along + "}}"),
                            severity);
            CHECK(bench.count(out, fmt::format("count(*) FILTER (abs(v - {} * 100 * ({})) < 1e-9)",
                                               severity, "coalesce(" + dose + ", 0)")) == 102);
            CHECK(out.answer_keys[0].cells.at("v") ==
                  bench.numbers("SELECT count(*) FROM store.\"site\" WHERE " + dose + " > 0")[0]);
        }
    };
    is(R"("column": "t", "shape": "step", "start": 0.3)",
       "CASE WHEN t >= 30 THEN 1 WHEN t < 30 THEN 0 END");
    is(R"("column": "t")", "CASE WHEN t >= 50 THEN 1 WHEN t < 50 THEN 0 END");
    is(R"("column": "T", "shape": "ramp", "start": 0.2, "end": 0.7)",
       "least(1, greatest(0, t - 20) / 50)");
    is(R"("column": "t", "shape": "trend")", "t / 100");
    is(R"("column": "t", "shape": "spike", "start": 0.4, "end": 0.6)",
       "CASE WHEN t BETWEEN 40 AND 60 THEN 1 ELSE 0 END");
    // One end alone: the other is a tenth of the way from it.
    is(R"("column": "t", "shape": "spike", "start": 0.625)",
       "CASE WHEN t BETWEEN 62.5 AND 72.5 THEN 1 ELSE 0 END");
    is(R"("column": "t", "shape": "spike", "end": 0.375)",
       "CASE WHEN t BETWEEN 27.5 AND 37.5 THEN 1 ELSE 0 END");
    is(R"("shape": "spike", "start": "2024-03-20")",
       "CASE WHEN id BETWEEN 79 AND 89 THEN 1 ELSE 0 END");
    is(R"("column": "t", "shape": "season", "cycles": 2)",
       "CASE WHEN t % 50 > 0 THEN (1 - cos(2 * pi() * 2 * t / 100)) / 2 ELSE 0 END");
    // Values of the column instead of shares; one day only; the batch column where none is named.
    is(R"("column": "t", "shape": "ramp", "start": "20", "end": "70")",
       "least(1, greatest(0, t - 20) / 50)");
    is(R"("shape": "step", "start": "2024-02-01")", "CASE WHEN id >= 31 THEN 1 ELSE 0 END");
    is(R"("shape": "spike", "start": "2024-02-01", "end": "2024-02-01")",
       "CASE WHEN id = 31 THEN 1 ELSE 0 END");
    is(R"("column": "moment", "shape": "ramp", "start": "2023-12-31 00:00:00", "end": "2024-01-10")",
       "least(1, (id + 1) / 10)");
}

TEST_CASE("a date moves by whole days, the nearest to what its dose says") {
    Bench bench(hundred, {"id"}, "day");
    const auto out = bench.apply(Bench::fault(
        "shift",
        R"({"columns": ["day", "moment"], "days": 10, "along": {"column": "id", "shape": "trend"}})"));
    CHECK(bench.numbers("SELECT count(*) FROM (" + out.select +
                        ") a JOIN store.\"site\" b USING (id) WHERE "
                        "date_diff('day', b.day, a.day) = round(id * 10 / 101) AND "
                        "abs(epoch(a.moment) - epoch(b.moment) - id * 864000 / 101) < 1e-5")[0] ==
          102);
}

TEST_CASE("how often rows are hit follows the dose, chance by chance and in total") {
    Bench bench(
        "SELECT i AS id, (i * 7919) % 20000 AS t, CAST(i AS DOUBLE) AS v FROM range(20000) t(i)");
    const double share = 0.6 * 0.5;
    for (const std::string exact : {"false", "true"}) {
        for (const std::string shape : {"trend", "season", "step"}) {
            INFO(shape << " exact " << exact);
            const auto fault = Bench::fault(
                "nulls", R"({"columns": ["v"], "fraction": 0.6, "exact": )" + exact +
                             R"(, "along": {"column": "t", "shape": ")" + shape + "\"}}");
            const std::string x = "t / 19999", pi = "pi()";
            const auto dose = shape == "trend"    ? x
                              : shape == "season" ? "(1 - cos(8 * pi() * t / 19999)) / 2"
                                                  : "CASE WHEN t >= 10000 THEN 1.0 ELSE 0.0 END";
            const auto out = bench.apply(fault, 0.5);
            const auto deciles =
                bench.query("SELECT CAST(count(*) FILTER (v IS NULL) AS DOUBLE), sum(" + dose +
                            "), sum((" + dose + ") * (" + dose + ")) FROM (" + out.select +
                            ") GROUP BY t // 2000 ORDER BY t // 2000");
            REQUIRE(deciles.rows.size() == 10);
            double total = 0, expected = 0;
            for (const auto& row : deciles.rows) {
                const auto hit = std::get<double>(row[0]), mean = share * std::get<double>(row[1]);
                total += hit;
                expected += mean;
                // Five standard deviations in each of 60 deciles: 4e-5 that true chances fail.
                // Taking an exact number makes it smaller if anything.
                const auto deviation =
                    std::sqrt(mean - share * share * std::get<double>(row[2])) + 1e-9;
                CHECK(std::abs(hit - mean) <= 5 * deviation);
            }
            if (exact == "true") CHECK(total == std::floor(expected + 0.5));
        }
    }
}

TEST_CASE("an exact number of doses nests in severity and ends where the doses are 1") {
    Bench bench(hundred, {"id"});
    const auto ids = [&](const std::string& shape, double severity) {
        const auto out =
            bench.apply(Bench::fault("nulls", R"({"columns": ["v"], "fraction": 1, "exact": true, )"
                                              R"("along": {"column": "t", "shape": ")" +
                                                  shape + "\"}}"),
                        severity);
        return bench.numbers("SELECT id FROM (" + out.select + ") WHERE v IS NULL ORDER BY id");
    };
    std::vector<std::int64_t> smaller;
    for (const double severity : {0.1, 0.33, 0.7, 1.0}) {
        const auto now = ids("trend", severity);  // the doses come to 50.5
        CHECK(now.size() == static_cast<std::size_t>(std::floor(severity * 50.5 + 0.5)));
        CHECK(std::includes(now.begin(), now.end(), smaller.begin(), smaller.end()));
        smaller = now;
    }
    const auto all = ids("step", 1);
    CHECK(all.size() == 51);
    CHECK(all.front() == 50);
}

TEST_CASE("batches go by the dose of their own place") {
    Bench bench(
        "SELECT i AS id, DATE '2024-01-01' + CAST(i // 10 AS INTEGER) AS day, i AS v FROM "
        "range(1000) t(i)",
        {"id"}, "day");
    const auto gone = [&](const std::string& along, double severity) {
        const auto out = bench.apply(
            Bench::fault("missing_batches", R"({"fraction": 0.5, "along": {)" + along + "}}"),
            severity);
        return bench.numbers(
            "SELECT DISTINCT v // 10 AS batch FROM store.\"site\" WHERE id NOT IN (SELECT id FROM "
            "(" +
            out.select + ")) ORDER BY batch");
    };
    const auto late = gone(R"("shape": "step", "start": "2024-03-01")", 1);  // day 60 of 100
    CHECK(late.size() == 20);
    CHECK(late.front() >= 60);
    // The doses of 0 … 99 of 99 come to 50: a quarter, then half of that.
    const auto few = gone(R"("shape": "trend")", 0.5), more = gone(R"("shape": "trend")", 1);
    CHECK(few.size() == 13);
    CHECK(more.size() == 25);
    CHECK(std::includes(more.begin(), more.end(), few.begin(), few.end()));
    const auto low = bench.apply(Bench::fault(
        "batch_volume",
        R"({"factor": 0, "fraction": 1, "along": {"shape": "ramp", "start": 0, "end": 0.5}})"));
    CHECK(bench.count(low, "count(*) FILTER (v >= 500)") == 0);
    CHECK(bench.count(low, "count(*) FILTER (v < 10)") == 10);
    CHECK(refused(bench, "missing_batches", R"({"along": {"column": "id"}})").at(0).pointer ==
          "/perturbations/0/params/along/column");
}

TEST_CASE("a selection decides which rows, along decides how hard") {
    Bench bench(hundred, {"id"}, "day");
    const auto hit = [&](const std::string& more) {
        const auto out = bench.apply(Bench::fault(
            "shift", R"({"columns": ["v"], "delta": 1, "along": {"column": "t", "start": "60"}, )" +
                         more + "}"));
        return bench.numbers("SELECT id FROM (" + out.select + ") WHERE v <> 0 ORDER BY id");
    };
    CHECK(hit(R"("fraction": 0.5, "exact": true)").size() == 21);  // of 41
    CHECK(hit(R"("where": "id % 2 = 0", "fraction": 1)").size() == 21);
    const auto block = hit(R"("fraction": 0.25, "mechanism": "at_random_given", "given": "t")");
    CHECK(block.size() == 10);
    CHECK(block.back() - block.front() == 9);
    CHECK(hit(R"("fraction": 0.25, "sampling": "latest", "by": "t")").front() == 91);
}

TEST_CASE("two faults of one node each follow their own line") {
    Bench bench(hundred, {"id"}, "day");
    const auto
        early = Bench::fault(
            "shift",
            R"({"columns": ["v"], "delta": 1, "along": {"column": "t", "shape": "spike", "start": 0, "end": 0.1}})"),
        late = Bench::fault("scale",
                            R"({"columns": ["v", "t"], "factor": 4, "along": {"column": "t"}})"),
        copies = Bench::fault(
            "duplicate_rows",
            R"({"fraction": 1, "along": {"column": "t", "shape": "spike", "start": 1, "end": 1}})");
    const auto out = bench.apply({{&copies, 1, 1}, {&early, 1, 2}, {&late, 0.5, 3}});
    CHECK(bench.count(out) == 103);
    CHECK(bench.count(out, "count(*) FILTER (id = 100 AND t = 200)") == 2);
    CHECK(bench.count(out, "count(*) FILTER (id <= 10 AND v = 1 AND t = id)") == 11);
    CHECK(bench.count(out, "count(*) FILTER (id BETWEEN 50 AND 100 AND t = 2 * id AND v = 0)") ==
          52);
    CHECK(bench.count(out, "count(*) FILTER (id BETWEEN 11 AND 49 AND t = id AND v = 0)") == 39);
}

TEST_CASE("chance has a say only where a dose lies between none and all") {
    const auto draws = [](const std::string& shape, double severity) {
        return Bench::fault("nulls", R"({"columns": ["v"], "fraction": 1, "along": {"shape": ")" +
                                         shape + "\"}}")
            .draws_at(severity);
    };
    CHECK_FALSE(draws("step", 1));
    CHECK_FALSE(draws("spike", 1));
    CHECK(draws("step", 0.5));
    CHECK(draws("trend", 1));
    CHECK_FALSE(
        Bench::fault("shift", R"({"columns": ["v"], "along": {"shape": "trend"}})").draws());
    const auto a = Bench::fault("shift", R"({"columns": ["v"], "along": {"shape": "trend"}})"),
               b = Bench::fault("shift", R"({"columns": ["v"], "along": {"shape": "ramp"}})");
    CHECK(a.identity() != b.identity());
}

TEST_CASE("a fault that nowhere has a dose should have been applied") {
    Bench bench(hundred, {"id"}, "day");
    for (const char* const plugin : {"shift", "nulls"}) {
        const auto out = bench.apply(Bench::fault(
            plugin, R"({"columns": ["v"], "fraction": 1, "along": {"start": "2031-01-01"}})"));
        CHECK_FALSE(out.answer_keys[0].changed_anything());
        CHECK(out.answer_keys[0].expected_any);
    }
}

TEST_CASE("what along cannot be is refused at its place") {
    Bench bench(hundred, {"id"}, "day");
    const auto at = [&](const std::string& plugin, const std::string& more) {
        const auto found = refused(bench, plugin, R"({"columns": ["v"], )" + more + "}");
        return found.size() == 1
                   ? found[0].pointer.substr(std::string("/perturbations/0/params").size())
                   : fmt::format("{} problems", found.size());
    };
    CHECK(at("shift", R"("along": "day")") == "/along");
    CHECK(at("shift", R"("along": {"shap": "step"})") == "/along/shap");
    CHECK(at("shift", R"("along": {"shape": "jump"})") == "/along/shape");
    CHECK(at("shift", R"("along": {"start": 1.5})") == "/along/start");
    CHECK(at("shift", R"("along": {"end": 0.7})") == "/along/end");
    CHECK(at("shift", R"("along": {"shape": "ramp", "start": 0.7, "end": 0.7})") == "/along/end");
    CHECK(at("shift", R"("along": {"shape": "ramp", "end": 0.3})") == "/along/end");
    CHECK(at("shift", R"("along": {"shape": "ramp", "start": 1})") == "/along/start");
    CHECK(at("shift", R"("along": {"cycles": 3})") == "/along/cycles");
    CHECK(at("shift", R"("along": {"shape": "season", "cycles": 0})") == "/along/cycles");
    CHECK(at("shift", R"("along": {"column": "dya"})") == "/along/column");
    CHECK(at("shift", R"("along": {"start": "next week"})") == "/along/start");
    CHECK(
        at("shift", R"("along": {"shape": "spike", "start": "2024-02-01", "end": "2024-01-01"})") ==
        "/along");
    CHECK(at("nulls", R"("along": {}, "mechanism": "not_at_random")") == "/mechanism");
    CHECK(at("nulls", R"("along": {}, "sampling": "latest")") == "/sampling");
    CHECK(at("nulls", R"("along": {}, "sampling": "block")") == "/sampling");
    CHECK(at("shuffle", R"("along": {})") == "/along");
    CHECK(refused(bench, "schema_drift", R"({"mode": "reorder", "along": {}})").at(0).pointer ==
          "/perturbations/0/params/along");
    Bench without("SELECT 1 AS id, 'x' AS name, 0.5 AS v");
    CHECK(refused(without, "shift", R"({"columns": ["v"], "along": {}})").at(0).pointer ==
          "/perturbations/0/params/along");
    CHECK(refused(without, "shift", R"({"columns": ["v"], "along": {"column": "name"}})")
              .at(0)
              .pointer == "/perturbations/0/params/along/column");
}
