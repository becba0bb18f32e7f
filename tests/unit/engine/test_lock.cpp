#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;

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
