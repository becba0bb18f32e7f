#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;

namespace {

namespace fs = std::filesystem;

using Copies = std::vector<std::optional<fs::path>>;

/// A source read once, then read again from copies in a folder that the engine may still reach when
/// it is locked down.
class Twice {
  public:
    Twice(std::vector<std::pair<std::string, std::string>> files, model::Source source)
        : source_(std::move(source)) {
        for (const auto& [name, text] : files) folder.write(name, text);
        EngineOptions options;
        options.scratch = folder.path() / "scratch";
        engine = open_duckdb(options);
        connection = engine->connect();
        engine->load_source(source_, folder.path(), "store.\"t\"", "");
        survey = engine->survey_files(source_, folder.path(), "store.\"t\"");
        engine->lock_down();
        scratch = fs::canonical(options.scratch);
    }
    /// Links to the originals.
    Copies as_they_are() {
        Copies copies;
        for (std::size_t i = 0; i < survey.files.size(); ++i) {
            const auto link =
                scratch / (std::to_string(i) + survey.files[i].path.extension().string());
            if (!fs::exists(fs::symlink_status(link)))
                fs::create_symlink(survey.files[i].path, link);
            copies.emplace_back(link);
        }
        return copies;
    }
    fs::path copy(const std::string& name, const std::string& text) {
        folder.write("scratch/" + name, text);
        return scratch / name;
    }
    std::string sql(const Copies& copies) {
        return read_copies_sql(engine->dialect(), source_, survey, copies);
    }
    std::string rows(const std::string& select) {
        return text(*connection,
                    "SELECT coalesce(string_agg(t::VARCHAR, ' '), '') FROM (" + select + ") t");
    }
    void same_as_loaded() {
        const auto select = sql(as_they_are());
        CHECK(connection->describe(select) == survey.table);
        CHECK(rows(select) == rows("SELECT * FROM store.t"));
    }

    Folder folder;
    std::unique_ptr<SqlEngine> engine;
    std::unique_ptr<Connection> connection;
    SourceFiles survey;
    fs::path scratch;

  private:
    model::Source source_;
};

model::Source of(std::vector<std::string> paths,
                 model::FileFormat format = model::FileFormat::csv) {
    model::Source source;
    source.paths = std::move(paths);
    source.format = format;
    return source;
}

}  // namespace

TEST_CASE("files that did not change are read as the table that was loaded") {
    const std::vector<std::pair<std::string, std::string>> csv = {
        {"a.csv", "id;name;day;x\n1;\"a;b\";03/02/2024;1.5\n2;;14/02/2024;2\n"},
        {"b.csv", "x,id,extra,day\n7,3,yes,2024-03-01\n8,4,no,2024-03-02\n"}};
    for (const auto reader : {model::Reader::frozen, model::Reader::sniff}) {
        auto source = of({"*.csv"});
        source.reader = reader;
        Twice(csv, source).same_as_loaded();
        source.columns = {{"id", "VARCHAR"}};
        Twice(csv, source).same_as_loaded();
        source = of({"a.csv"});
        source.csv = {{"null", {"", "NA"}}, {"decimal_separator", ","}, {"skip", 1}};
        source.reader = reader;
        Twice({{"a.csv", "a title\nid;v\n1;1,5\nNA;2,5\n"}}, source).same_as_loaded();
        source = of({"a.csv"});
        source.reader = reader;
        Twice({{"a.csv", "1,one\n2,two\n"}}, source).same_as_loaded();
        Twice({{"a.csv", "\xEF\xBB\xBFid,n\r\n1,it's \r\n2,5\"\" \r\n"}}, source).same_as_loaded();
        source = of({"*.json"}, model::FileFormat::json);
        source.reader = reader;
        source.columns = {{"v", "DECIMAL(9,2)"}};
        Twice({{"a.json", "{\"id\": 1, \"v\": 1.25, \"s\": {\"k\": [1, 2]}}\n"},
               {"b.json", "[{\"id\": 2, \"v\": 3, \"more\": true}]\n"}},
              source)
            .same_as_loaded();
    }
}

TEST_CASE("a frozen reader holds names, types and dialect; a sniffing one guesses anew") {
    const std::vector<std::pair<std::string, std::string>> files = {
        {"a.csv", "id,name\n1,x\n2,y\n"}};
    auto source = of({"a.csv"});
    Twice frozen(files, source);
    source.reader = model::Reader::sniff;
    Twice sniffing(files, source);

    const std::string renamed = "ID2,name\n1,x\n2,y\n", retyped = "id,name\nn/a,x\n2,y\n",
                      lost = "1,x\n2,y\n", semicolons = "id;name\n1;x\n2;y\n";
    CHECK(frozen.rows(frozen.sql({frozen.copy("c.csv", renamed)})) ==
          "{'id': 1, 'name': x} {'id': 2, 'name': y}");
    CHECK(sniffing.connection->describe(sniffing.sql({sniffing.copy("c.csv", renamed)}))[0].name ==
          "ID2");
    const Error refused =
        error_of([&] { frozen.connection->execute(frozen.sql({frozen.copy("c.csv", retyped)})); });
    CHECK(refused.kind() == ErrorKind::data);
    CHECK(
        sniffing.connection->describe(sniffing.sql({sniffing.copy("c.csv", retyped)}))[0].family ==
        TypeFamily::text);
    CHECK(frozen.rows(frozen.sql({frozen.copy("c.csv", lost)})) == "{'id': 2, 'name': y}");
    CHECK_THROWS_AS(frozen.rows(frozen.sql({frozen.copy("c.csv", semicolons)})), Error);
    CHECK(sniffing.rows(sniffing.sql({sniffing.copy("c.csv", semicolons)})) ==
          "{'id': 1, 'name': x} {'id': 2, 'name': y}");
    CHECK(frozen.rows(frozen.sql({frozen.copy("c.csv", "")})).empty());
    CHECK(frozen.connection->describe(frozen.sql({frozen.copy("c.csv", "")})) ==
          frozen.survey.table);
}

TEST_CASE("a frozen reader of json holds names and types") {
    Twice twice({{"a.json", "{\"id\": 1, \"n\": \"x\"}\n"}},
                of({"a.json"}, model::FileFormat::json));
    CHECK(twice.rows(twice.sql({twice.copy("c.json", "{\"n\": 5, \"other\": 1}\n")})) ==
          "{'id': NULL, 'n': 5}");
    CHECK_THROWS_AS(twice.rows(twice.sql({twice.copy("c.json", "{\"id\": \"abc\"}\n")})), Error);
}

TEST_CASE("files that are gone leave the others; a path that means none fails") {
    const std::vector<std::pair<std::string, std::string>> files = {
        {"a.csv", "id,only_here\n1,x\n"}, {"b.csv", "id,v\n2,5\n"}, {"c.csv", "id,v\n3,6\n"}};
    Twice twice(files, of({"a.csv", "[bc].csv"}));
    auto copies = twice.as_they_are();
    copies[1].reset();
    CHECK(twice.rows(twice.sql(copies)) ==
          "{'id': 1, 'only_here': x, 'v': NULL} {'id': 3, 'only_here': NULL, 'v': 6}");
    copies[2].reset();
    const Error error = error_of([&] { twice.sql(copies); });
    CHECK(error.kind() == ErrorKind::data);
    CHECK(std::string(error.what()) == "no file matches [bc].csv");
    copies = twice.as_they_are();
    copies[0].reset();
    CHECK_THROWS_WITH(twice.sql(copies), "no file matches a.csv");
    // A column that only a lost file had stays, with its type.
    Twice any(files, of({"*.csv"}));
    copies = any.as_they_are();
    copies[0].reset();
    CHECK(any.connection->describe(any.sql(copies)) == any.survey.table);
}

TEST_CASE("parquet is read by the names and types that were found") {
    Folder folder;
    const auto writer = open_duckdb({});
    const auto file = (folder.path() / "a.parquet").string();
    const auto narrow = (folder.path() / "narrow.parquet").string();
    writer->connect()->execute("COPY (SELECT 1::BIGINT AS id, 'x' AS n) TO '" + file + "'");
    writer->connect()->execute("COPY (SELECT 'y' AS n, 7::INTEGER AS id) TO '" + narrow + "'");
    const auto read = [](const fs::path& from) {
        std::ifstream in(from, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    Twice twice({{"a.parquet", read(file)}}, of({"a.parquet"}, model::FileFormat::parquet));
    twice.same_as_loaded();
    const auto select = twice.sql({twice.copy("c.parquet", read(narrow))});
    CHECK(twice.connection->describe(select) == twice.survey.table);
    CHECK(twice.rows(select) == "{'id': 7, 'n': y}");
}

TEST_CASE("copies are read by several threads at once after the lock, the originals by none") {
    Twice twice({{"a.csv", "id,name\n1,x\n2,y\n"}}, of({"a.csv"}));
    const auto select = twice.sql(twice.as_they_are());
    std::vector<std::string> seen(4);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < seen.size(); ++t)
        threads.emplace_back([&, t] {
            const auto own = twice.engine->connect();
            for (int i = 0; i < 20; ++i)
                own->execute("CREATE OR REPLACE TABLE store.\"t" + std::to_string(t) + "\" AS " +
                             select);
            // No assertion here: Catch2's belong to one thread.
            const auto rows = own->query("SELECT string_agg(t::VARCHAR, ' ') FROM store.t" +
                                         std::to_string(t) + " t");
            seen[t] = std::get<std::string>(rows.rows.at(0).at(0));
        });
    for (auto& thread : threads) thread.join();
    for (const auto& one : seen) CHECK(one == twice.rows(select));
    CHECK_THROWS_AS(twice.rows(twice.sql({twice.survey.files[0].path})), Error);
    CHECK_THROWS_AS(twice.engine->survey_files(of({"a.csv"}), twice.folder.path(), "store.\"t\""),
                    Error);
}
