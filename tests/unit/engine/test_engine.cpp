#include <atomic>
#include <thread>

#include "engine/dialect_duckdb.h"
#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* endless =
    "SELECT count(*) FROM range(100000000000) a(i) WHERE i % 7 = (i * i) % 11";

}  // namespace

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

TEST_CASE("a statement whose time is up is stopped, and the connection goes on") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    const auto begin = std::chrono::steady_clock::now();
    connection->stop_when({begin + 100ms, nullptr});
    const Error error = error_of([&] { connection->query(endless); });
    CHECK(error.kind() == ErrorKind::cancelled);
    CHECK(std::string(error.what()) == "timed out");
    CHECK(std::chrono::steady_clock::now() - begin < 5s);

    // The deadline has passed: nothing starts any more.
    CHECK(error_of([&] { connection->execute("CREATE TABLE t AS SELECT 1"); }).kind() ==
          ErrorKind::cancelled);
    CHECK(error_of([&] { connection->describe("SELECT 1"); }).kind() == ErrorKind::cancelled);
    connection->stop_when({});
    CHECK(integer(*connection, "SELECT count(*) FROM duckdb_tables()") == 0);
}

TEST_CASE("a table being made when the time is up leaves nothing behind") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    connection->stop_when({std::chrono::steady_clock::now() + 50ms, nullptr});
    CHECK(error_of([&] {
              connection->execute(std::string("CREATE TABLE store.t AS ") + endless);
          }).kind() == ErrorKind::cancelled);
    connection->stop_when({});
    CHECK(integer(*connection, "SELECT count(*) FROM duckdb_tables()") == 0);
}

TEST_CASE("an interrupt stops a statement wherever it comes") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    SECTION("before the start") {
        StopFlag flag;
        flag.request();
        connection->stop_when({std::nullopt, &flag});
        const Error error = error_of([&] { connection->execute(endless); });
        CHECK(error.kind() == ErrorKind::cancelled);
        CHECK(std::string(error.what()) == "interrupted");
    }
    SECTION("at any moment near the start") {
        // One sent between the check and the engine's own start would be lost, were it sent once.
        for (int i = 0; i < 40; ++i) {
            StopFlag flag;
            connection->stop_when({std::nullopt, &flag});
            std::thread other([&flag, i] {
                std::this_thread::sleep_for(std::chrono::microseconds(i * 20));
                flag.request();
            });
            const Error error = error_of([&] { connection->execute(endless); });
            other.join();
            CHECK(error.kind() == ErrorKind::cancelled);
        }
    }
    SECTION("while the statement is still being read") {
        // Reading this takes some hundred milliseconds. An interrupt that comes meanwhile does
        // nothing, and is forgotten when the statement starts to run.
        std::string sql = "SELECT count(*)";
        for (int i = 0; i < 8000; ++i) sql += ", max(i * 3 + " + std::to_string(i) + ")";
        StopFlag flag;
        connection->stop_when({std::nullopt, &flag});
        std::thread other([&flag] {
            std::this_thread::sleep_for(30ms);
            flag.request();
        });
        const Error error =
            error_of([&] { connection->query(sql + " FROM range(100000000000) t(i)"); });
        other.join();
        CHECK(error.kind() == ErrorKind::cancelled);
    }
    connection->stop_when({});
    CHECK(integer(*connection, "SELECT 42") == 42);
}

TEST_CASE("a stop meant for one connection leaves the others alone") {
    const auto engine = open_duckdb({});
    StopFlag flag;
    std::atomic<int> done{0};
    std::thread stopped([&] {
        const auto connection = engine->connect();
        connection->stop_when({std::nullopt, &flag});
        try {
            connection->execute(endless);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::cancelled) ++done;
        }
    });
    std::thread working([&] {
        const auto connection = engine->connect();
        StopFlag never;
        connection->stop_when({std::nullopt, &never});
        for (int i = 0; i < 200; ++i)
            if (connection->query("SELECT sum(i) FROM range(20000) t(i)").rows.size() == 1) ++done;
    });
    std::this_thread::sleep_for(50ms);
    flag.request();
    stopped.join();
    working.join();
    CHECK(done == 201);
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

TEST_CASE("memory and threads are limited as asked") {
    const auto engine = open_duckdb({.memory_bytes = 64u << 20, .threads = 2});
    const auto connection = engine->connect();
    CHECK(integer(*connection, "SELECT current_setting('threads')") == 2);
    CHECK(text(*connection, "SELECT current_setting('memory_limit')") == "64.0 MiB");
    const Error error = error_of([&] {
        connection->execute(
            "CREATE TABLE big AS SELECT i, md5(i::VARCHAR) AS m FROM range(20000000) t(i)");
    });
    CHECK(error.kind() == ErrorKind::data);
    CHECK(std::string(error.what()).find("Out of Memory") != std::string::npos);
    CHECK(integer(*connection, "SELECT 1") == 1);
}

TEST_CASE("with a scratch folder the engine spills there instead of failing") {
    const Folder folder;
    const auto scratch = folder.path() / "made" / "here";
    const std::string sql =
        "SELECT count(*) FROM (SELECT i, md5(i::VARCHAR) AS m FROM range(3000000) t(i) ORDER BY m) "
        "WHERE i >= 0 AND m IS NOT NULL";
    const auto spilling = open_duckdb({.memory_bytes = 100u << 20, .scratch = scratch});
    spilling->lock_down();
    CHECK(integer(*spilling->connect(), sql) == 3000000);
    CHECK(std::filesystem::is_directory(scratch / "spill"));
    CHECK(error_of([&] {
              open_duckdb({.memory_bytes = 100u << 20})->connect()->query(sql);
          }).kind() == ErrorKind::data);
}

TEST_CASE("after the lock nothing outside is reached and no setting changes") {
    const Folder folder;
    const auto outside = folder.write("outside.csv", "a\n1\n");
    const auto scratch = folder.path() / "scratch";
    const auto engine = open_duckdb({.scratch = scratch});
    const auto connection = engine->connect();
    const auto& dialect = engine->dialect();
    const std::string file = dialect.literal(outside.string());
    REQUIRE(integer(*connection, "SELECT count(*) FROM " + file) == 1);
    engine->lock_down();
    engine->lock_down();

    const auto other = engine->connect();
    for (const std::string& sql :
         {"SELECT * FROM " + file,
          "SELECT * FROM read_csv(" + file + ")",
          "SELECT * FROM read_text(" + file + ")",
          "SELECT * FROM read_blob(" + file + ")",
          "SELECT * FROM read_text(" + dialect.literal((scratch / ".." / "outside.csv").string()) +
              ")",
          "SELECT * FROM glob(" + dialect.literal(folder.path().string() + "/*") + ")",
          "COPY (SELECT 1) TO " + dialect.literal((folder.path() / "new.csv").string()),
          "COPY (SELECT 1) TO " + dialect.literal((scratch / ".." / "new.csv").string()),
          "ATTACH " + dialect.literal((folder.path() / "new.db").string()),
          "EXPORT DATABASE " + dialect.literal((folder.path() / "exported").string()),
          std::string("INSTALL httpfs"),
          std::string("LOAD httpfs"),
          std::string("SET threads = 4"),
          std::string("SET memory_limit = '1GB'"),
          std::string("SET enable_external_access = true"),
          std::string("SET lock_configuration = false"),
          std::string("RESET lock_configuration"),
          std::string("SET allowed_directories = ['/']"),
          std::string("SET TimeZone = 'Asia/Tokyo'"),
          std::string("SELECT * FROM read_csv('http://localhost:1/x.csv')")}) {
        for (Connection* each : {connection.get(), other.get()}) {
            INFO(sql);
            CHECK(error_of([&] { each->execute(sql); }).kind() == ErrorKind::data);
        }
    }
    CHECK_FALSE(std::filesystem::exists(folder.path() / "new.csv"));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "new.db"));

    // The exchange folder is open both ways.
    const std::string inside =
        dialect.literal((std::filesystem::canonical(scratch) / "x.parquet").string());
    other->execute("COPY (SELECT 7 AS a) TO " + inside + " (FORMAT parquet)");
    CHECK(integer(*other, "SELECT a FROM read_parquet(" + inside + ")") == 7);
    model::Source source;
    source.paths = {"outside.csv"};
    CHECK(error_of([&] { engine->load_source(source, folder.path(), "store.t", ""); }).kind() ==
          ErrorKind::internal);
}

TEST_CASE("a scratch folder reached through a link is used under its true name") {
    const Folder folder;
    std::filesystem::create_directories(folder.path() / "true");
    std::filesystem::create_directory_symlink(folder.path() / "true", folder.path() / "link");
    const auto engine = open_duckdb({.scratch = folder.path() / "link"});
    engine->lock_down();
    const auto connection = engine->connect();
    const auto in = [&](const char* name) {
        return engine->dialect().literal(
            (std::filesystem::canonical(folder.path()) / name / "x.csv").string());
    };
    connection->execute("COPY (SELECT 1) TO " + in("true"));
    CHECK(error_of([&] { connection->execute("COPY (SELECT 1) TO " + in("link")); }).kind() ==
          ErrorKind::data);
}

TEST_CASE("without a scratch folder the lock leaves no files at all") {
    const Folder folder;
    const auto engine = open_duckdb({});
    engine->lock_down();
    const auto connection = engine->connect();
    CHECK(error_of([&] {
              connection->execute("COPY (SELECT 1) TO " +
                                  engine->dialect().literal((folder.path() / "x.csv").string()));
          }).kind() == ErrorKind::data);
    CHECK(text(*connection, "SELECT current_setting('temp_directory')").empty());
}

TEST_CASE("a scratch folder that cannot be is the user's to mend") {
    const Folder folder;
    const auto file = folder.write("file", "");
    CHECK(error_of([&] { open_duckdb({.scratch = file / "below"}); }).kind() == ErrorKind::user);
}

TEST_CASE("the clock is pinned, in every form that SQL has for it") {
    const auto engine = open_duckdb({.now = "2024-03-05T06:07:08"});
    engine->lock_down();
    const auto connection = engine->connect();
    for (const auto& [sql, value] : std::vector<std::pair<std::string, std::string>>{
             {"today()", "2024-03-05"},
             {"current_date", "2024-03-05"},
             {"CURRENT_DATE", "2024-03-05"},
             {"current_date()", "2024-03-05"},
             {"now()", "2024-03-05 06:07:08+00"},
             {"Now()", "2024-03-05 06:07:08+00"},
             {"current_timestamp", "2024-03-05 06:07:08+00"},
             {"get_current_timestamp()", "2024-03-05 06:07:08+00"},
             {"transaction_timestamp()", "2024-03-05 06:07:08+00"},
             {"localtimestamp", "2024-03-05 06:07:08"},
             {"current_localtimestamp()", "2024-03-05 06:07:08"},
             {"localtime", "06:07:08"},
             {"current_localtime()", "06:07:08"},
             {"current_time", "06:07:08+00"},
             {"get_current_time()", "06:07:08+00"},
             {"age(TIMESTAMP '2024-03-01')", "4 days"},
             {"age(DATE '2024-03-01')", "4 days"},
             {"age(TIMESTAMP '2024-03-02', TIMESTAMP '2024-03-01')", "1 day"},
             {"(SELECT max(d) FROM (SELECT current_date AS d FROM range(3)))", "2024-03-05"}}) {
        INFO(sql);
        CHECK(text(*connection, "SELECT CAST(" + sql + " AS VARCHAR)") == value);
        const Statement statement = engine->inspect("SELECT " + sql);
        const bool reported =
            std::any_of(statement.functions.begin(), statement.functions.end(),
                        [&](const std::string& function) {
                            return engine->is_volatile(function) && engine->pins(function);
                        });
        CHECK(reported);
    }
    CHECK(engine->is_volatile("system.main.now"));
    CHECK_FALSE(engine->pins("system.main.now"));
    for (const auto* chance :
         {"random", "uuid", "gen_random_uuid", "uuidv7", "nextval", "setseed", "tablesample"}) {
        CHECK(engine->is_volatile(chance));
        CHECK_FALSE(engine->pins(chance));
    }
    for (const auto* steady : {"sum", "hash", "date_trunc", "faultline_draw"})
        CHECK_FALSE(engine->is_volatile(steady));
}

TEST_CASE("the types of the pinned clock are the clock's own") {
    const auto free = open_duckdb({});
    const auto pinned = open_duckdb({.now = "2024-03-05 06:07:08.123456+02:00"});
    for (const auto* sql : {"today()", "current_date", "now()", "current_timestamp",
                            "get_current_timestamp()", "transaction_timestamp()", "localtimestamp",
                            "localtime", "current_time", "age(DATE '2020-01-01')"}) {
        INFO(sql);
        const std::string select = std::string("SELECT ") + sql + " AS v";
        CHECK(free->connect()->describe(select) == pinned->connect()->describe(select));
    }
    CHECK(text(*pinned->connect(), "SELECT now()") == "2024-03-05 04:07:08.123456+00");
    CHECK_FALSE(free->pins("now"));
    CHECK(free->is_volatile("now"));
    CHECK(error_of([] { open_duckdb({.now = "yesterday"}); }).kind() == ErrorKind::user);
}

TEST_CASE("every function that DuckDB itself calls unsteady is known as volatile") {
    const auto engine = open_duckdb({});
    const Rows rows = engine->connect()->query(
        "SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability IN ('VOLATILE', "
        "'CONSISTENT_WITHIN_QUERY') "
        "AND function_name NOT IN ('error', 'write_log', 'current_database', 'current_schema', "
        "'current_schemas', "
        "'in_search_path') ORDER BY 1");
    REQUIRE(rows.rows.size() > 10);
    for (const auto& row : rows.rows) {
        const auto& function = std::get<std::string>(row[0]);
        INFO(function);
        CHECK(engine->is_volatile(function));
    }
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
