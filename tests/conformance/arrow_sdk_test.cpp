#include <catch2/catch.hpp>

#include "engine/engine.h"
#include "faultline/plugin.hpp"

using namespace faultline;

namespace {

/// Sends a SELECT through the SDK's reader and writer into a table.
template <class Edit>
engine::Rows through(const std::string& select, Edit edit) {
    const auto engine = engine::open_duckdb({.threads = 1, .scratch = {}, .now = {}});
    const auto connection = engine->connect();
    ArrowArrayStream in{}, out{};
    connection->export_arrow(select, &in);
    {
        sdk::ArrowReader reader(&in);
        sdk::ArrowWriter writer;
        writer.use_schema(reader.schema());
        while (auto batch = reader.next()) edit(*batch, writer);
        std::move(writer).export_to(&out);
    }  // the stream outlives what it was read from
    const auto table = engine->dialect().store("back");
    connection->import_arrow(table, &out);
    return connection->query("SELECT * FROM " + table);
}

}  // namespace

TEST_CASE("columns of every type pass through slices untouched") {
    const std::string select =
        "SELECT i::BIGINT AS a, i::SMALLINT AS b, i / 3.0::DOUBLE AS c, i % 2 = 0 AS d, "
        "CASE WHEN i % 3 = 0 THEN NULL ELSE repeat('x', i::INTEGER % 20) END AS e, (i / "
        "100.0)::DECIMAL(12, 2) AS f, "
        "DATE '2020-01-01' + i::INTEGER AS g, [i, i + 1] AS h, {'p': i, 'q': 'r' || i} AS s, "
        "CASE WHEN i % 5 = 0 THEN NULL ELSE i::FLOAT END AS t FROM range(5000) t(i)";
    const auto engine = engine::open_duckdb({.threads = 1, .scratch = {}, .now = {}});
    const auto direct = engine->connect()->query(select);
    const auto sliced = through(select, [](const sdk::Batch& batch, sdk::ArrowWriter& out) {
        for (std::int64_t from = 0; from < batch.rows(); from += 13)
            out.write(batch.slice(from, std::min<std::int64_t>(13, batch.rows() - from)));
    });
    CHECK(sliced.schema == direct.schema);
    CHECK(sliced.rows == direct.rows);
}

TEST_CASE("replaced cells have their column's type and their NULLs") {
    const auto rows = through(
        "SELECT i::TINYINT AS a, i::UBIGINT AS b, i::FLOAT AS c, 'n' || i AS d, i = 1 AS e FROM "
        "range(3) t(i)",
        [](sdk::Batch& batch, sdk::ArrowWriter& out) {
            batch.replace(
                0, sdk::ArrowColumn::numbers(batch.column(0), {127.0, std::nullopt, -128.0}));
            batch.replace(1, sdk::ArrowColumn::numbers(batch.column(1), {1.0, 2.0, std::nullopt}));
            batch.replace(2, sdk::ArrowColumn::numbers(batch.column(2), {0.5, std::nullopt, 2.5}));
            batch.replace(3, sdk::ArrowColumn::texts(batch.column(3), {"", std::nullopt, "later"}));
            batch.replace(4,
                          sdk::ArrowColumn::booleans(batch.column(4), {true, false, std::nullopt}));
            out.write(batch);
        });
    CHECK(rows.schema[0].type == "TINYINT");
    CHECK(rows.schema[1].type == "UBIGINT");
    REQUIRE(rows.rows.size() == 3);
    CHECK(rows.rows[0][0] == engine::Value(std::int64_t{127}));
    CHECK(rows.rows[1][0] == engine::Value());
    CHECK(rows.rows[1][2] == engine::Value());
    CHECK(rows.rows[2][3] == engine::Value(std::string("later")));
    CHECK(rows.rows[0][3] == engine::Value(std::string()));
    CHECK(rows.rows[2][4] == engine::Value());
}

TEST_CASE("numbers that do not fit are refused, not wrapped") {
    CHECK_THROWS_AS(through("SELECT 1::TINYINT AS a",
                            [](sdk::Batch& batch, sdk::ArrowWriter&) {
                                batch.replace(0,
                                              sdk::ArrowColumn::numbers(batch.column(0), {128.0}));
                            }),
                    std::range_error);
    CHECK_THROWS_AS(
        through("SELECT 'x' AS a",
                [](sdk::Batch& batch, sdk::ArrowWriter&) { (void)batch.column(0).number(0); }),
        std::logic_error);
}

TEST_CASE("an empty result keeps its columns") {
    const auto rows =
        through("SELECT 1 AS a, 'x' AS b WHERE FALSE", [](sdk::Batch&, sdk::ArrowWriter&) {});
    CHECK(rows.schema.size() == 2);
    CHECK(rows.rows.empty());
}
