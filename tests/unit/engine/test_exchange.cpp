#include "engine/exchange_file.h"
#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;
using model::FileFormat;

namespace {

/// An engine locked into its exchange folder, as that of a run.
struct Locked {
    Locked() {
        engine->lock_down();
        folder = std::filesystem::canonical(files.path() / "scratch");
    }
    /// A table of what a file holds, as that of a step.
    void read(const std::string& name, FileFormat format,
              const std::vector<model::ColumnSpec>& typed = {}) {
        connection->execute(
            "CREATE OR REPLACE TABLE t AS " +
            read_exchange_sql(*connection, engine->dialect(), folder / name, format, typed));
    }
    Folder files;
    std::unique_ptr<SqlEngine> engine = open_duckdb({.scratch = files.path() / "scratch"});
    std::unique_ptr<Connection> connection = engine->connect();
    std::filesystem::path folder;
};

const char* const rows =
    "SELECT i AS id, CASE i WHEN 1 THEN NULL WHEN 2 THEN '' ELSE 'a,\"b\"\n' || i END AS s, "
    "date '2024-02-29' + CAST(i AS INTEGER) AS day, i / 4 AS x, i > 1 AS yes FROM range(4) t(i)";

}  // namespace

TEST_CASE("what is written for a program reads back, in every format", "[exchange]") {
    Locked locked;
    const auto format = GENERATE(FileFormat::parquet, FileFormat::csv, FileFormat::json);
    const std::vector<model::ColumnSpec> typed = {
        {"id", "BIGINT"}, {"S", "VARCHAR"}, {"day", "DATE"}, {"x", "DOUBLE"}, {"yes", "BOOLEAN"}};
    const auto file = locked.folder / "rows";
    locked.connection->execute(locked.engine->dialect().copy_to_file(rows, file.string(), format));
    CHECK(look_at(file, format) == ExchangeState::whole);
    locked.read("rows", format, typed);
    CHECK(locked.connection->describe("SELECT * FROM t") == locked.connection->describe(rows));
    CHECK(integer(*locked.connection,
                  std::string("SELECT count(*) FROM (SELECT * FROM t EXCEPT ALL ") + rows + ")") ==
          0);
    CHECK(integer(*locked.connection, "SELECT count(*) FROM t WHERE s IS NULL") == 1);
}

TEST_CASE("stated types hold whatever the values look like", "[exchange]") {
    Locked locked;
    locked.files.write("scratch/a.csv", "code,n\n007,1\n010,\n");
    locked.read("a.csv", FileFormat::csv, {{"code", "VARCHAR"}, {"gone", "DATE"}});
    CHECK(text(*locked.connection, "SELECT min(code) FROM t") == "007");
    CHECK(locked.connection->describe("SELECT n FROM t").front().family == TypeFamily::integer);
    locked.files.write("scratch/a.ndjson", "{\"n\": 1}\n{\"n\": 2, \"late\": 2.5}\n");
    locked.read("a.ndjson", FileFormat::json, {{"n", "DOUBLE"}});
    CHECK(locked.connection->describe("SELECT n FROM t").front().type == "DOUBLE");
    CHECK(std::get<double>(one(*locked.connection, "SELECT max(late) FROM t")) == 2.5);
}

TEST_CASE("no rows are no rows, and nothing is nothing", "[exchange]") {
    Locked locked;
    locked.files.write("scratch/a.csv", "id,v\n");
    locked.read("a.csv", FileFormat::csv, {{"id", "BIGINT"}});
    CHECK(integer(*locked.connection, "SELECT count(*) FROM t") == 0);
    CHECK(locked.connection->describe("SELECT id FROM t").front().type == "BIGINT");
    locked.files.write("scratch/a.ndjson", "\n");
    CHECK(look_at(locked.folder / "a.ndjson", FileFormat::json) == ExchangeState::whole);
    locked.read("a.ndjson", FileFormat::json, {{"id", "BIGINT"}});
    CHECK(integer(*locked.connection, "SELECT count(id) FROM t") == 0);
    CHECK_THAT(error_of([&] { locked.read("a.ndjson", FileFormat::json); }).what(),
               Catch::Contains("no \"columns\" say"));
}

TEST_CASE("what lies in the place of a file is told apart", "[exchange]") {
    const Folder folder;
    const auto state = [&](const std::string& name, const std::string& content, FileFormat format) {
        return look_at(folder.write(name, content), format);
    };
    CHECK(look_at(folder.path() / "nothing", FileFormat::csv) == ExchangeState::absent);
    std::filesystem::create_directory(folder.path() / "folder");
    CHECK(look_at(folder.path() / "folder", FileFormat::csv) == ExchangeState::folder);
    CHECK(state("a", "", FileFormat::json) == ExchangeState::empty);
    CHECK(state("b", "id\n1", FileFormat::csv) == ExchangeState::torn);
    CHECK(state("c", "id\n1\n", FileFormat::csv) == ExchangeState::whole);
    CHECK(state("d", "{\"id\": 1}\n{\"i", FileFormat::json) == ExchangeState::torn);
    CHECK(state("e", "PAR1", FileFormat::parquet) == ExchangeState::torn);
    CHECK(state("f", "PAR1 and some rows", FileFormat::parquet) == ExchangeState::torn);
    // No Parquet at all is for the engine to say.
    CHECK(state("g", "id,v\n1,2\n3,4\n", FileFormat::parquet) == ExchangeState::whole);
    std::filesystem::create_symlink(folder.path() / "c", folder.path() / "link");
    CHECK(look_at(folder.path() / "link", FileFormat::csv) == ExchangeState::no_file);
}

TEST_CASE("a file that is none of its kind fails with the engine's words", "[exchange]") {
    Locked locked;
    locked.files.write("scratch/a", "id,v\n1,2,3\n4\n");
    for (const auto format : {FileFormat::parquet, FileFormat::json})
        CHECK(error_of([&] { locked.read("a", format); }).kind() == ErrorKind::data);
    locked.files.write("scratch/b.csv", "id,v\n1,two\n");
    CHECK(error_of([&] {
              locked.read("b.csv", FileFormat::csv, {{"v", "DOUBLE"}});
          }).kind() == ErrorKind::data);
}
