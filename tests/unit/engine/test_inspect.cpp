#include <algorithm>

#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;

namespace {

using Names = std::vector<std::string>;

const SqlEngine& shared_engine() {
    static const auto engine = open_duckdb({});
    return *engine;
}

Names tables_of(const std::string& sql) {
    const Statement statement = shared_engine().inspect(sql);
    INFO(sql << ": " << statement.error);
    REQUIRE(statement.is_select);
    REQUIRE(statement.parsed);
    REQUIRE(statement.count == 1);
    return statement.tables;
}

bool contains(const Names& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

TEST_CASE("the tables of a statement are found in every corner of it") {
    CHECK(tables_of("SELECT 1").empty());
    CHECK(tables_of("FROM a") == Names{"a"});
    CHECK(tables_of("TABLE a") == Names{"a"});
    CHECK(tables_of("SELECT * FROM a, b AS x JOIN c USING (i), A") == Names{"a", "b", "c"});
    CHECK(tables_of("SELECT (SELECT max(i) FROM a), * FROM b WHERE EXISTS (FROM c) AND i IN "
                    "(SELECT i FROM d) "
                    "GROUP BY (SELECT 1 FROM e) HAVING count(*) > (SELECT 1 FROM f) ORDER BY "
                    "(SELECT 1 FROM g) "
                    "LIMIT (SELECT 2 FROM h)")
              .size() == 8);
    CHECK(tables_of("SELECT * FROM a UNION SELECT * FROM b EXCEPT SELECT * FROM c") ==
          Names{"a", "b", "c"});
    CHECK(tables_of("SELECT * FROM a, LATERAL (SELECT * FROM b WHERE b.i = a.i)") ==
          Names{"a", "b"});
    CHECK(tables_of("PIVOT a ON x IN (1, 2) USING sum(y)") == Names{"a"});
    CHECK(tables_of("UNPIVOT a ON x, y") == Names{"a"});
    CHECK(tables_of("SELECT sum(x) OVER (ORDER BY (SELECT 1 FROM b)) FROM a QUALIFY row_number() "
                    "OVER () > 1")
              .size() == 2);
    CHECK(tables_of("SUMMARIZE a") == Names{"a"});
    CHECK(tables_of("SELECT * FROM 'file.csv', \"Odd Name\"") == Names{"file.csv", "Odd Name"});
    CHECK(tables_of("SELECT * FROM store.x, information_schema.tables, memory.main.y") ==
          Names{"store.x", "information_schema.tables", "memory.main.y"});
}

TEST_CASE("CTEs hide tables just as far as the engine lets them") {
    CHECK(tables_of("WITH a AS (SELECT 1) SELECT * FROM a").empty());
    CHECK(tables_of("WITH A AS (SELECT 1) SELECT * FROM a").empty());
    // Inside its own text the name means the table outside.
    CHECK(tables_of("WITH src AS (SELECT * FROM src WHERE i > 1) SELECT * FROM src") ==
          Names{"src"});
    CHECK(tables_of("WITH src AS MATERIALIZED (SELECT * FROM src) SELECT * FROM src") ==
          Names{"src"});
    CHECK(tables_of("WITH RECURSIVE src AS (SELECT * FROM src) SELECT * FROM src") == Names{"src"});
    // Later CTEs see earlier ones, and not the other way round.
    CHECK(tables_of("WITH a AS (FROM b), b AS (FROM a) SELECT * FROM a, b") == Names{"b"});
    CHECK(tables_of("WITH a AS MATERIALIZED (FROM b), b AS MATERIALIZED (FROM a) FROM a, b") ==
          Names{"b"});
    CHECK(
        tables_of(
            "WITH a AS MATERIALIZED (FROM x), b AS (FROM a, y), c AS MATERIALIZED (FROM b) FROM c")
            .size() == 2);
    // The recursive branch sees itself; the first one does not.
    CHECK(tables_of("WITH RECURSIVE r AS (SELECT * FROM a UNION ALL SELECT * FROM r, b) FROM r") ==
          Names{"a", "b"});
    CHECK(tables_of("WITH RECURSIVE r AS (SELECT * FROM r UNION ALL SELECT * FROM r) FROM r") ==
          Names{"r"});
    CHECK(tables_of("WITH RECURSIVE r(n) USING KEY (n) AS (SELECT 1 UNION SELECT n FROM "
                    "recurring.r) FROM r")
              .empty());
    // A scope ends with its query, and holds for all inside.
    CHECK(tables_of("SELECT * FROM (WITH z AS (SELECT 1) FROM z), z") == Names{"z"});
    CHECK(
        tables_of(
            "WITH z AS (SELECT 1) SELECT * FROM a WHERE i IN (SELECT i FROM (SELECT * FROM z))") ==
        Names{"a"});
    CHECK(tables_of("WITH z AS (SELECT 1) SELECT * FROM a UNION SELECT * FROM z") == Names{"a"});
    CHECK(tables_of("WITH z AS (SELECT 1) FROM store.z") == Names{"store.z"});
}

TEST_CASE("what the walk finds is what the engine reads") {
    // Where no table of the name exists, the engine itself says whether the name reached one.
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    for (const std::string sql :
         {"WITH src AS (SELECT * FROM src) SELECT * FROM src",
          "WITH src AS MATERIALIZED (SELECT * FROM src) SELECT * FROM src",
          "WITH RECURSIVE src AS (SELECT * FROM src) SELECT * FROM src",
          "WITH RECURSIVE src AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM src WHERE i < 3) FROM "
          "src",
          "WITH RECURSIVE src AS (SELECT i FROM src UNION ALL SELECT i FROM src) FROM src",
          "WITH a AS (SELECT 1), src AS (FROM a) FROM src",
          "WITH a AS (FROM src), src AS (SELECT 1) FROM a",
          "WITH src AS (SELECT 1 AS i) SELECT * FROM (SELECT 2 AS i) WHERE i IN (SELECT i FROM "
          "src)",
          "SELECT * FROM (WITH src AS (SELECT 1) FROM src), src",
          "WITH src AS (SELECT 1 AS i) SELECT (WITH src AS (FROM src) SELECT max(i) FROM src)",
          "WITH src AS MATERIALIZED (SELECT 1 AS i) SELECT (WITH src AS (FROM src) SELECT max(i) "
          "FROM src)"}) {
        INFO(sql);
        const bool reads = contains(engine->inspect(sql).tables, "src");
        bool missing = false;
        try {
            connection->query(sql);
        } catch (const Error& error) {
            REQUIRE(std::string(error.what()).find("src") != std::string::npos);
            missing = true;
        }
        CHECK(reads == missing);
    }
}

TEST_CASE("functions are named, keyword forms and table functions too") {
    const Statement statement = shared_engine().inspect(
        "SELECT SUM(x) OVER (), now(), current_date, a.b + 1, system.main.random(), [1], lower(y) "
        "FILTER (1 > 0) "
        "FROM range(3), READ_CSV('x'), query_table('t'), unnest([1]) WHERE age(t) > INTERVAL 1 "
        "DAY");
    CHECK(statement.table_functions == Names{"range", "read_csv", "query_table", "unnest"});
    for (const auto* name :
         {"sum", "now", "current_date", "system.main.random", "lower", "age", "range"})
        CHECK(contains(statement.functions, name));
    CHECK_FALSE(contains(statement.functions, "+"));
    CHECK_FALSE(contains(statement.functions, "b"));
    CHECK(contains(shared_engine().inspect("SELECT * FROM a USING SAMPLE 10%").functions,
                   "tablesample"));
    CHECK(contains(shared_engine().inspect("SELECT * FROM a TABLESAMPLE 10%").functions,
                   "tablesample"));
    CHECK_FALSE(contains(
        shared_engine().inspect("SELECT * FROM a USING SAMPLE 10% (bernoulli, 42)").functions,
        "tablesample"));
    CHECK(shared_engine().inspect("SHOW TABLES").table_functions == Names{"show"});
}

TEST_CASE("statements are counted and told from queries") {
    const auto& engine = shared_engine();
    CHECK(engine.inspect("(SELECT 1);(SELECT 2)").count == 2);
    CHECK(engine.inspect("SELECT 1;;").count == 1);
    CHECK(engine.inspect("").count == 0);
    CHECK_FALSE(engine.inspect("").is_select);
    CHECK(engine.inspect(" -- nothing\n ; ").count == 0);
    CHECK(engine.inspect("VALUES (1)").is_select);
    for (const char* sql :
         {"INSERT INTO a SELECT 1", "CREATE TABLE a AS SELECT 1", "DROP TABLE a", "SET threads = 1",
          "COPY a TO 'x.csv'", "ATTACH 'x.db'", "PRAGMA version", "CALL pragma_version()",
          "EXPLAIN SELECT 1", "WITH x AS (SELECT 1) INSERT INTO a SELECT 1", "BEGIN",
          "CREATE TYPE e AS ENUM ('a'); SELECT 1"}) {
        INFO(sql);
        const Statement statement = engine.inspect(sql);
        CHECK(statement.count >= 1);
        CHECK_FALSE(statement.is_select);
        CHECK_FALSE(statement.error.empty());
    }
    const Statement broken = engine.inspect("SELEC 1");
    CHECK(broken.count == 0);
    CHECK(broken.error.find("syntax error") != std::string::npos);
    CHECK(broken.error.find("LINE") == std::string::npos);
}

TEST_CASE("a PIVOT that lists no values is a query whose tree is not to be had") {
    for (const std::string sql :
         {"PIVOT a ON x USING sum(y)", "SELECT * FROM (PIVOT a ON x USING sum(y));\n",
          "WITH p AS (PIVOT a ON x USING sum(y)) SELECT * FROM p -- done"}) {
        INFO(sql);
        const Statement statement = shared_engine().inspect(sql);
        CHECK(statement.is_select);
        CHECK(statement.count == 1);
        CHECK_FALSE(statement.parsed);
        CHECK(statement.tables.empty());
        CHECK(statement.error.empty());
        CHECK_FALSE(statement.canonical.empty());
    }
    // Text that would close the test's own parenthesis.
    CHECK_FALSE(shared_engine().inspect("SELECT 1); DROP TABLE a; SELECT (1").is_select);
}

TEST_CASE("the canonical form sees no white space, comments or keyword case, and all else") {
    const auto form = [](const std::string& sql) { return shared_engine().inspect(sql).canonical; };
    const std::string plain = form("select a, sum(b) from t where c = 'x  y' group by a");
    CHECK(
        form("SELECT a,\n  SUM(b) -- the sum\nFROM t /* here */ WHERE c = 'x  y' GROUP BY a;\n") ==
        plain);
    CHECK(form("select a, sum(b) from t where c = 'x y' group by a") != plain);
    CHECK(form("select a, sum(b) as s from t where c = 'x  y' group by a") != plain);
    CHECK(form("select a, avg(b) from t where c = 'x  y' group by a") != plain);
    CHECK(form("select 1") != form("select 2"));
    CHECK(form("select 1 from u") != form("select 1 from v"));
}

TEST_CASE("absurd statements are refused, not fatal") {
    const auto repeated = [](const std::string& part, int times) {
        std::string text;
        for (int i = 0; i < times; ++i) text += part;
        return text;
    };
    for (const int n : {300, 900, 5000, 100000}) {
        INFO(n);
        for (const std::string& sql :
             {"SELECT " + repeated("(", n) + "1" + repeated(")", n),
              "SELECT " + repeated("1+", n) + "1",
              "SELECT * FROM " + repeated("(SELECT * FROM ", n) + "t" + repeated(")", n),
              "SELECT " + repeated("NOT ", n) + "true",
              "SELECT 1" + repeated(" UNION SELECT 1", n)}) {
            const Statement statement = shared_engine().inspect(sql);
            CHECK(statement.is_select == statement.error.empty());
            if (!statement.parsed) CHECK_FALSE(statement.error.empty());
        }
    }
    CHECK_FALSE(shared_engine().inspect(std::string("SELECT 1\0, 2", 11)).is_select);
    CHECK_FALSE(shared_engine().inspect("SELECT '\xff\xfe'").is_select);
}

TEST_CASE("many statements read at once are read as each by itself") {
    const std::vector<std::string> texts = {
        "SELECT * FROM a JOIN b USING (i)",
        "",
        "SELECT 1; SELECT 2",
        "SELEC 1",
        "CREATE TABLE t (i INT)",
        "FROM (PIVOT c ON x USING sum(y))",
        "SELECT now(), 'query_location' AS \"query_location\" -- a comment",
        "WITH a AS (FROM b) FROM a",
        std::string("SELECT \0", 8),
        "SELECT '\xff'"};
    const auto check = [](const std::vector<std::string>& asked) {
        const auto all = shared_engine().inspect_all(asked);
        REQUIRE(all.size() == asked.size());
        for (std::size_t i = 0; i < asked.size(); ++i) {
            const Statement one = shared_engine().inspect(asked[i]);
            INFO(asked[i]);
            CHECK(all[i].count == one.count);
            CHECK(all[i].is_select == one.is_select);
            CHECK(all[i].parsed == one.parsed);
            CHECK(all[i].error == one.error);
            CHECK(all[i].tables == one.tables);
            CHECK(all[i].functions == one.functions);
            CHECK(all[i].canonical == one.canonical);
        }
    };
    check(texts);
    // Without those that cannot be asked together with others, so that the rest are.
    check({texts.begin(), texts.end() - 2});
    check({});
    check(std::vector<std::string>(3000, "SELECT * FROM a"));
}
