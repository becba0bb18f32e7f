#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;

namespace {

using Paths = std::vector<std::string>;
using Columns = std::vector<model::ColumnSpec>;

model::Source files(Paths paths, model::FileFormat format, Columns columns) {
    model::Source source;
    source.paths = std::move(paths);
    source.format = format;
    source.columns = std::move(columns);
    return source;
}
model::Source csv_files(Paths paths, Columns columns = {}) {
    return files(std::move(paths), model::FileFormat::csv, std::move(columns));
}
model::Source json_files(Paths paths, Columns columns = {}) {
    return files(std::move(paths), model::FileFormat::json, std::move(columns));
}
model::Source parquet_files(Paths paths, Columns columns = {}) {
    return files(std::move(paths), model::FileFormat::parquet, std::move(columns));
}
model::Source sniffing(model::Source source) {
    source.reader = model::Reader::sniff;
    return source;
}
model::Source generated(const std::string& sql, Columns columns = {}) {
    model::Source source;
    source.sql = sql;
    source.columns = std::move(columns);
    return source;
}

class Sources {
  public:
    Sources() : engine(open_duckdb({})), connection(engine->connect()) {}

    void load(const model::Source& source, const std::string& order_by = "") {
        connection->execute("DROP TABLE IF EXISTS store.t");
        engine->load_source(source, folder.path(), "store.\"t\"", order_by);
    }
    std::string rows() {
        return text(*connection,
                    "SELECT coalesce(string_agg(t::VARCHAR, ' ' ORDER BY rowid), '') FROM store.t");
    }
    Schema schema() { return connection->describe("FROM store.t"); }
    std::string refusal(const model::Source& source) {
        const Error error = error_of([&] { load(source); });
        CHECK(error.kind() == ErrorKind::user);
        CHECK(integer(*connection, "SELECT count(*) FROM duckdb_tables()") == 0);
        return error.what();
    }

    Folder folder;
    std::unique_ptr<SqlEngine> engine;
    std::unique_ptr<Connection> connection;
};

bool says(const std::string& message, const std::string& part) {
    INFO(message);
    return message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("csv files are read as they are") {
    Sources s;
    s.folder.write("a.csv", "id,name,when\n1,x,2024-01-02\n2,,2024-01-03\n");
    s.load(csv_files({"a.csv"}));
    CHECK(s.rows() ==
          "{'id': 1, 'name': x, 'when': 2024-01-02} {'id': 2, 'name': NULL, 'when': 2024-01-03}");
    CHECK(s.schema()[2].family == TypeFamily::date);
}

TEST_CASE("csv options reach the reader") {
    Sources s;
    s.folder.write(
        "a.txt",
        "junk\n#note\nid;price;day;note\n1;1,5;03/02/2024;'it''s; so'\nNA;2,25;04/02/2024;-\n");
    model::Source source = csv_files({"a.txt"});
    source.csv = {{"delimiter", ";"},
                  {"quote", "'"},
                  {"escape", "'"},
                  {"header", true},
                  {"null", {"NA", "-"}},
                  {"skip", 1},
                  {"comment", "#"},
                  {"decimal_separator", ","},
                  {"date_format", "%d/%m/%Y"},
                  {"encoding", "utf-8"}};
    s.load(source);
    CHECK(s.rows() ==
          "{'id': 1, 'price': 1.5, 'day': 2024-02-03, 'note': 'it\\'s; so'} "
          "{'id': NULL, 'price': 2.25, 'day': 2024-02-04, 'note': NULL}");
    source.csv = {{"delimeter", ";"}};
    CHECK(says(s.refusal(source), "unknown csv option \"delimeter\"; did you mean \"delimiter\"?"));
    source.csv = {{"skip", model::Json::object()}};
    CHECK(says(s.refusal(source), "csv option \"skip\""));
    source.csv = {{"timestamp_format", "%Y"}, {"skip", 2}, {"delimiter", ";"}};
    s.load(source);
}

TEST_CASE("stated columns type the read") {
    Sources s;
    s.folder.write("a.csv", "Code,qty\n007,1\n008,2\n");
    model::Source source = csv_files({"a.csv"}, {{"code", "VARCHAR"}, {"qty", ""}});
    s.load(source);
    CHECK(s.rows() == "{'Code': 007, 'qty': 1} {'Code': 008, 'qty': 2}");
    source.columns = {{"qty", "DECIMAL(9,2)"}, {"cod", "VARCHAR"}};
    const std::string message = s.refusal(source);
    CHECK(says(message, "a.csv has no column \"cod\"; it has Code, qty"));
    CHECK(says(message, "did you mean \"Code\"?"));
    source.columns = {{"code", "NUMBR"}};
    CHECK(says(s.refusal(source), "NUMBR"));
    source.columns = {{"code", "DATE"}};
    CHECK(says(s.refusal(source), "a.csv"));
}

TEST_CASE("json and parquet files are read, and typed by a cast") {
    Sources s;
    s.folder.write(
        "a.json",
        "[{\"id\": 1, \"tags\": [\"x\"], \"code\": \"007\"}, {\"id\": 2, \"code\": \"8\"}]");
    s.folder.write("lines.json", "{\"id\": 3}\n{\"id\": 4}\n");
    s.load(json_files({"a.json"}));
    CHECK(s.rows() == "{'id': 1, 'tags': [x], 'code': 007} {'id': 2, 'tags': NULL, 'code': 8}");
    s.load(json_files({"lines.json"}, {{"id", "DOUBLE"}}));
    CHECK(s.rows() == "{'id': 3.0} {'id': 4.0}");

    s.connection->execute("COPY (SELECT i AS id, i::VARCHAR AS name FROM range(3) t(i)) TO " +
                          s.engine->dialect().literal((s.folder.path() / "a.parquet").string()));
    s.load(parquet_files({"a.parquet"}, {{"name", "INTEGER"}}));
    CHECK(s.rows() == "{'id': 0, 'name': 0} {'id': 1, 'name': 1} {'id': 2, 'name': 2}");
    CHECK(s.schema()[1].type == "INTEGER");
    CHECK(says(s.refusal(parquet_files({"a.parquet"}, {{"nam", "INTEGER"}})),
               "did you mean \"name\"?"));
}

TEST_CASE("globs are read in the order of their names, columns matched by name") {
    Sources s;
    s.folder.write("day/2.csv", "id,b\n2,y\n");
    s.folder.write("day/1.csv", "b,id\nx,1\n");
    s.folder.write("day/deep/3.csv", "id\n3\n");
    s.load(csv_files({"day/*.csv"}));
    CHECK(s.rows() == "{'b': x, 'id': 1} {'b': y, 'id': 2}");
    s.load(csv_files({"day/deep/3.csv", "./day/[12].csv", "day/1.csv"}));
    CHECK(integer(*s.connection, "SELECT count(*) FROM store.t") == 3);
    const auto files = s.engine->files_of(csv_files({"day/**/*.csv"}), s.folder.path());
    REQUIRE(files.size() == 3);
    CHECK(files[0].filename() == "1.csv");
    CHECK(files[2].filename() == "3.csv");
    s.folder.write("odd/it's [x].csv", "id\n9\n");
    s.load(csv_files({"odd/it's [x].csv"}));
    CHECK(s.rows() == "{'id': 9}");
    CHECK(s.engine->files_of(csv_files({"odd/it's*.csv"}), s.folder.path()).size() == 1);
}

TEST_CASE("files that are not there, or not what they should be, are named") {
    Sources s;
    CHECK(says(s.refusal(csv_files({"none.csv"})), "no file matches none.csv"));
    CHECK(says(s.refusal(csv_files({"none/*.csv"})), "no file matches none/*.csv"));
    s.folder.write("sub/x.csv", "a\n1\n");
    CHECK(says(s.refusal(csv_files({"sub"})), "sub is a folder"));
    s.folder.write("bad.parquet", "not a parquet file at all");
    CHECK(says(s.refusal(parquet_files({"bad.parquet"})), "bad.parquet"));
    s.folder.write("bad.json", "{\"a\": ");
    CHECK(says(s.refusal(json_files({"bad.json"})), "bad.json"));
    s.folder.write("bytes.csv", "a,b\n\xff\xfe,1\n");
    CHECK(says(s.refusal(csv_files({"bytes.csv"})), "bytes.csv"));
    s.folder.write("ours.csv", "a,__FL_key\n1,2\n");
    CHECK(says(s.refusal(csv_files({"ours.csv"})), "__fl_"));
    CHECK(says(s.refusal(csv_files({})), "names no file"));
}

TEST_CASE("a reader that sniffs may be wrong later; a frozen one looks at all rows") {
    Sources s;
    std::string rows = "id,v\n";
    for (int i = 0; i < 60000; ++i) rows += std::to_string(i) + ",1\n";
    s.folder.write("late.csv", rows + "60000,x\n");
    s.load(csv_files({"late.csv"}));
    CHECK(s.schema()[1].type == "VARCHAR");
    s.connection->execute("DROP TABLE store.t");
    CHECK(says(s.refusal(sniffing(csv_files({"late.csv"}))), "late.csv"));
}

TEST_CASE("generating SQL makes rows and reaches nothing") {
    Sources s;
    s.load(generated("SELECT i, i % 2 AS b FROM range(4) t(i) -- rows", {{"i", "INTEGER"}}),
           "b DESC, i DESC");
    CHECK(s.rows() == "{'i': 3, 'b': 1} {'i': 1, 'b': 1} {'i': 2, 'b': 0} {'i': 0, 'b': 0}");
    CHECK(s.schema()[0].type == "INTEGER");
    s.connection->execute("DROP TABLE store.t");
    s.folder.write("a.csv", "a\n1\n");
    CHECK(says(s.refusal(generated("SELECT * FROM 'a.csv'")), "reads no table and no file"));
    CHECK(says(s.refusal(generated("SELECT * FROM read_csv('a.csv')")), "read_csv()"));
    CHECK(says(s.refusal(generated("SELECT (SELECT content FROM read_text('a.csv'))")),
               "read_text()"));
    CHECK(says(s.refusal(generated("SELECT 1; SELECT 2")), "2 statements"));
    CHECK(says(s.refusal(generated("DROP TABLE x")), "SELECT"));
    CHECK(says(s.refusal(generated("SELECT nothing")), "nothing"));
    CHECK(says(s.refusal(generated("SELEC")), "syntax error"));
    CHECK(says(s.refusal(generated("SELECT 1 AS __fl_key")), "__fl_"));
    CHECK(says(s.refusal(generated("SELECT 1 AS a", {{"b", "INTEGER"}})), "has no column \"b\""));
    CHECK(says(s.refusal(generated("PIVOT (SELECT 1 AS a) ON a USING sum(a)")), "PIVOT"));
}
