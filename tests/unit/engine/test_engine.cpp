#include <atomic>
#include <functional>
#include <thread>

#include "engine/dialect_duckdb.h"
#include "engine/duckdb_error.h"
#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;
using namespace std::chrono_literals;

TEST_CASE("the engine names itself and starts with an empty store") {
    const auto engine = open_duckdb({});
    CHECK(engine->version() == "DuckDB v1.4.4");
    const auto connection = engine->connect();
    CHECK(integer(*connection, "SELECT count(*) FROM duckdb_tables()") == 0);
    connection->execute("CREATE TABLE " + engine->dialect().store("a\"b") + " AS SELECT 1");
    CHECK(text(*connection, "SELECT schema_name || table_name FROM duckdb_tables()") ==
          "storea\"b");
    connection->execute(engine->dialect().drop_table(engine->dialect().store("a\"b")));
}

TEST_CASE("errors keep the engine's message and lose the marker into our text") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    connection->execute("CREATE TABLE t AS SELECT 1 AS price, 'x' AS name");
    for (const auto& call :
         std::vector<std::function<void()>>{[&] { connection->execute("SELECT prise FROM t"); },
                                            [&] { connection->query("SELECT prise FROM t"); },
                                            [&] { connection->describe("SELECT prise FROM t"); }}) {
        const Error error = error_of(call);
        CHECK(error.kind() == ErrorKind::data);
        const std::string message = error.what();
        CHECK(message.find("Referenced column \"prise\" not found") != std::string::npos);
        CHECK(message.find("price") != std::string::npos);
        CHECK(message.find("LINE 1") == std::string::npos);
        CHECK(message.find('^') == std::string::npos);
    }
    CHECK(std::string(error_of([&] { connection->query("SELECT name::INTEGER FROM t"); }).what())
              .find("Could not convert string 'x' to INT32") != std::string::npos);
    CHECK(std::string(error_of([&] { connection->query("  "); }).what()).find("no statement") !=
          std::string::npos);
    CHECK(error_of([&] { connection->execute(std::string("SELECT 1\0", 9)); }).kind() ==
          ErrorKind::data);
    // A late failure, after rows have come.
    CHECK(error_of([&] {
              connection->query(
                  "SELECT CASE WHEN i = 900000 THEN error('late') ELSE i END FROM range(1000000) "
                  "t(i)");
          }).kind() == ErrorKind::data);
    CHECK(integer(*connection, "SELECT 1") == 1);
}

TEST_CASE("many connections work side by side") {
    const auto engine = open_duckdb({.threads = 2});
    engine->connect()->execute("CREATE TABLE base AS SELECT i, i % 10 AS g FROM range(10000) t(i)");
    std::atomic<int> failures{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            const auto connection = engine->connect();
            connection->stop_when({std::chrono::steady_clock::now() + 5min, nullptr});
            for (int i = 0; i < 25; ++i) {
                const std::string table =
                    engine->dialect().store(std::to_string(t) + "_" + std::to_string(i));
                connection->execute(engine->dialect().create_table_as(
                    table, "SELECT g, sum(i) AS s FROM base GROUP BY g ORDER BY g"));
                if (connection->describe("FROM " + table).size() != 2) ++failures;
                if (engine->inspect("SELECT * FROM base").tables.size() != 1) ++failures;
                if (std::get<std::int64_t>(
                        connection->query("SELECT count(*) FROM " + table).rows[0][0]) != 10)
                    ++failures;
                connection->execute(engine->dialect().drop_table(table));
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(failures == 0);
    CHECK(integer(*engine->connect(), "SELECT count(*) FROM duckdb_tables()") == 1);
}

TEST_CASE("connections outlive their engine") {
    auto engine = open_duckdb({});
    const auto connection = engine->connect();
    engine.reset();
    connection->stop_when({std::chrono::steady_clock::now() + 1min, nullptr});
    CHECK(integer(*connection, "SELECT 1") == 1);
}

TEST_CASE("table functions that reach out are not allowed to steps") {
    const auto engine = open_duckdb({});
    for (const auto* pure : {"range", "generate_series", "unnest", "repeat", "json_each"})
        CHECK(engine->allows_table_function(pure));
    const Rows rows = engine->connect()->query(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type IN ('table', "
        "'table_macro', 'pragma')");
    int allowed = 0;
    for (const auto& row : rows.rows)
        allowed += engine->allows_table_function(std::get<std::string>(row[0]));
    CHECK(rows.rows.size() > 80);
    CHECK(allowed == 7);
}

TEST_CASE("families are told from any spelling of a type") {
    const DuckDbDialect dialect;
    CHECK(dialect.family_of("timestamptz") == TypeFamily::timestamp);
    CHECK(dialect.family_of("TIMETZ") == TypeFamily::time);
    CHECK(dialect.family_of("int8") == TypeFamily::integer);
    CHECK(dialect.family_of("INTERVAL") == TypeFamily::interval);
    CHECK(dialect.family_of("Numeric(10, 2)") == TypeFamily::decimal);
    CHECK(dialect.family_of("DOUBLE PRECISION") == TypeFamily::floating);
    CHECK(dialect.family_of("VARCHAR[]") == TypeFamily::nested);
    CHECK(dialect.family_of("DATETIME") == TypeFamily::timestamp);
    CHECK(dialect.family_of("datex") == TypeFamily::other);
    CHECK(dialect.family_of("") == TypeFamily::other);
}

TEST_CASE("a full disk is told from a statement that needs too much memory") {
    CHECK(is_full_disk(
        "IO Error: Could not write file \"/x/duckdb_temp_storage_DEFAULT-0.tmp\": No space left on "
        "device"));
    CHECK(
        is_full_disk("Out of Memory Error: failed to offload data block of size 256.0 KiB (57.4 "
                     "MiB/57.5 MiB used).\n"
                     "This limit was set by the 'max_temp_directory_size' setting."));
    CHECK_FALSE(is_full_disk(
        "Out of Memory Error: could not allocate block of size 256.0 KiB (190.7 MiB/190.7 MiB "
        "used)\n\nPossible solutions:\n* Increasing the memory limit"));
    CHECK_FALSE(is_full_disk("Binder Error: no such column"));
}
