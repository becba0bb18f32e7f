#include <catch2/catch.hpp>
#include <cmath>

#include "bench.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {

double number(Bench& bench, const Perturbed& out, const std::string& aggregate) {
    return std::get<double>(
        bench.query(fmt::format("SELECT CAST({} AS DOUBLE) FROM ({}) t", aggregate, out.select))
            .rows[0][0]);
}

std::string columns(const Perturbed& out) {
    std::string text;
    for (const auto& column : out.columns) text += column.name + ":" + column.type + " ";
    return text;
}

Perturbed drift(Bench& bench, const std::string& params) {
    return bench.apply(Bench::fault("schema_drift", params));
}

const char* const four =
    "SELECT i AS id, 'x' || i AS name, i / 2.0::DOUBLE AS v, i % 2 = 0 AS even FROM range(4) t(i)";
const char* const days =
    "SELECT i AS id, DATE '2024-01-01' + CAST(i // 10 AS INTEGER) AS day, i % 2 AS g "
    "FROM range(100) t(i)";

}  // namespace

TEST_CASE("noise has the standard deviation that was asked for, in every shape") {
    // 20,000 draws: the standard error of σ is 0.5 % (Gaussian), 0.8 % (Laplace, kurtosis 6); 4 %
    // is at least 5 of them. That of the mean is 0.7 %.
    Bench bench("SELECT i AS id, CAST(0 AS DOUBLE) AS v FROM range(20000) t(i)");
    for (const std::string shape : {"gaussian", "laplace", "uniform"}) {
        INFO(shape);
        const auto fault = Bench::fault(
            "noise", R"({"columns": ["v"], "std": 2, "distribution": ")" + shape + "\"}");
        const auto out = bench.apply(fault);
        REQUIRE(number(bench, out, "stddev_samp(v)") == Approx(2).epsilon(0.04));
        REQUIRE(std::abs(number(bench, out, "avg(v)")) < 0.07);
        // What tells the shapes apart: kurtosis 3, 6, 1.8.
        const double kurtosis = shape == "gaussian" ? 0 : shape == "laplace" ? 3 : -1.2;
        REQUIRE(number(bench, out, "kurtosis(v)") == Approx(kurtosis).margin(0.6));
        REQUIRE(number(bench, bench.apply(fault, 0.5), "stddev_samp(v)") ==
                Approx(number(bench, out, "stddev_samp(v)") / 2).epsilon(1e-9));
    }
}

TEST_CASE("relative noise grows with the value; noise in sigmas with the column's own") {
    Bench bench(
        "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 1.0::DOUBLE ELSE 101.0 END AS v FROM "
        "range(20000) t(i)");
    const auto relative =
        bench.apply(Bench::fault("noise", R"({"columns": ["v"], "relative_std": 0.1})"));
    REQUIRE(number(bench, relative, "stddev_samp(v) FILTER (id % 2 = 0)") ==
            Approx(0.1).epsilon(0.05));
    REQUIRE(number(bench, relative, "stddev_samp(v) FILTER (id % 2 = 1)") ==
            Approx(10.1).epsilon(0.05));
    const auto sigmas =
        bench.apply(Bench::fault("noise", R"({"columns": ["v"], "sigma_std": 0.5})"));
    REQUIRE(number(bench, sigmas, "stddev_samp(v) FILTER (id % 2 = 0)") ==
            Approx(25).epsilon(0.05));  // σ is 50
}

TEST_CASE("noise leaves NULL alone and gives each column draws of its own") {
    Bench bench(
        "SELECT i AS id, CASE WHEN i < 10 THEN NULL ELSE 0.0::DOUBLE END AS a, 0.0::DOUBLE AS b "
        "FROM range(20000) t(i)");
    const auto out = bench.apply(Bench::fault("noise", R"({"columns": ["a", "b"], "std": 1})"));
    REQUIRE(bench.count(out, "count(*) - count(a)") == 10);
    REQUIRE(std::abs(number(bench, out, "corr(a, b)")) < 0.04);  // 5 standard errors
}

TEST_CASE("schema_drift renames, drops, adds, reverses and retypes") {
    Bench bench(four);
    REQUIRE(columns(drift(bench,
                          R"({"mode": "rename", "columns": ["name", "v"], "suffix": "_new"})")) ==
            "id:BIGINT name_new:VARCHAR v_new:DOUBLE even:BOOLEAN ");
    REQUIRE(columns(drift(bench, R"({"mode": "drop", "columns": {"match": "*e*"}})")) ==
            "id:BIGINT v:DOUBLE ");
    const auto added =
        drift(bench, R"({"mode": "add", "name": "since", "type": "date", "value": "2024-05-06"})");
    REQUIRE(columns(added) == "id:BIGINT name:VARCHAR v:DOUBLE even:BOOLEAN since:DATE ");
    REQUIRE(bench.count(added, "count(*) FILTER (since = DATE '2024-05-06')") == 4);
    REQUIRE(drift(bench, R"({"mode": "reorder"})").answer_keys[0].columns_reordered);
    const auto retyped = drift(bench, R"({"mode": "retype", "columns": ["id", "v", "even"]})");
    REQUIRE(columns(retyped) == "id:VARCHAR name:VARCHAR v:BIGINT even:VARCHAR ");
    REQUIRE(retyped.answer_keys[0].cells.at("id") == 0);
    REQUIRE(retyped.answer_keys[0].cells.at("v") == 2);  // 0.5 and 1.5 lose their half
    REQUIRE(retyped.answer_keys[0].columns_retyped == std::vector<std::string>{"id", "v", "even"});
    REQUIRE(bench.count(drift(bench, R"({"mode": "retype", "columns": ["name"], "to": "integer"})"),
                        "count(name)") == 0);
}

TEST_CASE("schema_drift takes types as faultline and as SQL write them, and the case of names") {
    Bench bench(four);
    const auto type = [&](const std::string& to) {
        return drift(bench, R"({"mode": "retype", "columns": ["v"], "to": ")" + to + "\"}")
            .columns[2]
            .type;
    };
    CHECK(type("text") == "VARCHAR");
    CHECK(type("varchar") == "VARCHAR");
    CHECK(type("integer") == "BIGINT");
    CHECK(type("INTEGER") == "INTEGER");
    CHECK(type("BIGINT") == "BIGINT");
    CHECK(type("decimal(8, 1)") == "DECIMAL(8,1)");
    CHECK_THROWS_AS(type("VARCHAR); DROP TABLE store.site; --"), Error);
    CHECK_THROWS_AS(type("number"), Error);
    CHECK(columns(drift(bench, R"({"mode": "add", "type": "DOUBLE", "value": 2})")) ==
          "id:BIGINT name:VARCHAR v:DOUBLE even:BOOLEAN extra:DOUBLE ");
    CHECK(columns(drift(bench, R"({"mode": "upper"})")) ==
          "ID:BIGINT NAME:VARCHAR V:DOUBLE EVEN:BOOLEAN ");
    CHECK(columns(drift(bench, R"({"mode": "upper", "columns": ["v"]})")) ==
          "id:BIGINT name:VARCHAR V:DOUBLE even:BOOLEAN ");
    CHECK_THROWS_AS(drift(bench, R"({"mode": "lower"})"), Error);
}

TEST_CASE("schema_drift below severity 0.5 is the identity") {
    Bench bench(four);
    const auto fault = Bench::fault("schema_drift", R"({"mode": "drop", "columns": ["v"]})");
    REQUIRE(bench.apply(fault, 0.49).columns == bench.keyed.site.columns);
    REQUIRE_FALSE(bench.apply(fault, 0.49).answer_keys[0].expected_any);
    REQUIRE(bench.apply(fault, 0.5).columns.size() == 3);
}

TEST_CASE("schema_drift refuses what cannot be, at the perturbation") {
    Bench bench(four);
    for (const char* params :
         {R"({"mode": "rename", "columns": ["v"], "to": "name"})",
          R"({"mode": "rename", "columns": ["v", "id"], "to": "w"})", R"({"mode": "drop"})",
          R"({"mode": "drop", "columns": {"type": "any"}})", R"({"mode": "add", "name": "v"})",
          R"({"mode": "retype", "columns": ["name"]})"}) {
        INFO(params);
        try {
            drift(bench, params);
            FAIL("accepted");
        } catch (const Error& e) {
            REQUIRE(e.kind() == ErrorKind::user);
            REQUIRE(e.problems().at(0).pointer == "/perturbations/0/params");
        }
    }
}

TEST_CASE("missing_batches loses whole batches, exactly as many as asked for") {
    Bench bench(days, {"id"}, "day");
    const auto out = bench.apply(Bench::fault("missing_batches", R"({"fraction": 0.3})"));
    REQUIRE(bench.count(out, "count(DISTINCT day)") == 7);
    REQUIRE(bench.count(out) == 70);
    REQUIRE(out.answer_keys[0].rows_removed == 30);
    const auto last =
        bench.apply(Bench::fault("missing_batches", R"({"fraction": 0.2, "sampling": "latest"})"));
    REQUIRE(bench.count(last, "max(id)") == 79);
    const auto some =
        bench.apply(Bench::fault("missing_batches", R"({"fraction": 0.2, "where": "g = 1"})"));
    REQUIRE(bench.count(some) == 90);  // the odd half of two batches
}

TEST_CASE("truncated batches lose their end") {
    Bench bench(days, {"id"}, "day");
    const auto out = bench.apply(
        Bench::fault("missing_batches", R"({"mode": "truncate", "keep": 0.35, "fraction": 1})"));
    REQUIRE(bench.count(out) == 40);  // 3.5 of 10 rows, rounded up
    REQUIRE(bench.count(out, "max(id % 10)") == 3);
}

TEST_CASE("with no batch column, blocks of rows in the order of the key are the batches") {
    Bench bench(days);
    const auto out =
        bench.apply(Bench::fault("missing_batches", R"({"fraction": 0.1, "block_rows": 5})"));
    REQUIRE(bench.count(out) == 90);  // 20 blocks of 5
    const auto sized =
        bench.apply(Bench::fault("missing_batches", R"({"fraction": 0.5, "block_rows": 50})"));
    REQUIRE(bench.count(sized) == 50);
    REQUIRE(bench.count(sized, "max(id) - min(id)") == 49);
}

TEST_CASE("rows in no batch are never lost") {
    Bench bench(
        "SELECT i AS id, CASE WHEN i < 30 THEN NULL ELSE i // 10 END AS part FROM range(100) t(i)",
        {"id"}, "part");
    REQUIRE(bench.count(bench.apply(Bench::fault("missing_batches", R"({"fraction": 1})"))) == 30);
}
