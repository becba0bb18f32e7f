#include <catch2/catch.hpp>

#include "engine/engine.h"
#include "run/expectations.h"

namespace faultline::run {
namespace {

/// Rows that a check finds in a small table; the SQL is run, not read.
struct Table {
    std::unique_ptr<engine::SqlEngine> engine = engine::open_duckdb({});
    std::unique_ptr<engine::Connection> connection = engine->connect();

    Table() {
        connection->execute(
            "create table t as select * from (values (1, 'a', 0.5), (2, 'b', 1.5), (2, null, 2.5), "
            "(null, 'a''c{}', -1.0)) v(id, name, x)");
        connection->execute("create table parents as select * from (values (1), (3)) v(pid)");
    }
    std::size_t failing(const model::Check& check) {
        return connection->query(failing_rows_sql(check, "t", check.to, engine->dialect()))
            .rows.size();
    }
};

model::Check expecting(model::Expectation expectation, std::vector<std::string> columns = {}) {
    model::Check check;
    check.id = "c";
    check.node = "t";
    check.expectation = expectation;
    check.columns = std::move(columns);
    return check;
}

}  // namespace

TEST_CASE("built-in expectations find the rows that break them") {
    Table table;
    CHECK(table.failing(expecting(model::Expectation::not_null, {"id"})) == 1);
    CHECK(table.failing(expecting(model::Expectation::not_null, {"id", "name"})) == 2);
    CHECK(table.failing(expecting(model::Expectation::unique, {"id"})) == 1);
    CHECK(table.failing(expecting(model::Expectation::unique, {"id", "name"})) == 0);

    model::Check accepted = expecting(model::Expectation::accepted_values, {"name"});
    accepted.values = model::Json::array({"a", "b", "a'c{}"});
    CHECK(table.failing(accepted) == 0);
    accepted.values = model::Json::array({"a"});
    CHECK(table.failing(accepted) == 2);
    accepted.columns = {"id"};
    accepted.values = model::Json::array({1, 3});
    CHECK(table.failing(accepted) == 2);

    model::Check related = expecting(model::Expectation::relationships, {"id"});
    related.to = "parents";
    related.field = "pid";
    CHECK(table.failing(related) == 2);

    model::Check range = expecting(model::Expectation::range, {"x"});
    range.min = 0;
    CHECK(table.failing(range) == 1);
    range.max = 2;
    CHECK(table.failing(range) == 2);

    model::Check count = expecting(model::Expectation::row_count);
    count.min = 4;
    count.max = 4;
    CHECK(table.failing(count) == 0);
    count.min = 5;
    count.max.reset();
    CHECK(table.failing(count) == 1);
}

TEST_CASE("an SQL check reads the node where it says so, and may end in a comment") {
    Table table;
    model::Check check;
    check.sql = "select * from {node} where id = 2; ";
    CHECK(table.failing(check) == 2);
    check.sql = "select a.id from {node} a join {node} b on a.id = b.id and a.x < b.x";
    CHECK(table.failing(check) == 1);
}

TEST_CASE("a contract of columns") {
    const engine::Schema schema{{"id", "INTEGER", engine::TypeFamily::integer},
                                {"Name", "VARCHAR", engine::TypeFamily::text}};
    CHECK(broken_contract({{"id", ""}, {"name", "text"}}, schema, {"", "VARCHAR"}).empty());
    CHECK(broken_contract({{"id", "bigint"}}, schema, {"BIGINT"}) ==
          "the column \"id\" is INTEGER, not BIGINT");
    CHECK(broken_contract({{"price", ""}}, schema, {""}) == "the column \"price\" is missing");
}

}  // namespace faultline::run
