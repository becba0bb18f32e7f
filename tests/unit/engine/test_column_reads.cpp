#include <catch2/catch.hpp>

#include "engine/column_reads.h"

namespace faultline::engine {
namespace {

const ColumnReads::Relations relations{
    {"orders",
     {{"id", "BIGINT", TypeFamily::integer},
      {"state", "VARCHAR", TypeFamily::text},
      {"paid", "DOUBLE", TypeFamily::floating},
      {"a, \"b\"", "DATE", TypeFamily::date}}},
    {"shops", {{"id", "BIGINT", TypeFamily::integer}, {"town", "VARCHAR", TypeFamily::text}}}};

using Columns = std::set<std::string>;

}  // namespace

TEST_CASE("the planner tells which columns a SELECT needs") {
    ColumnReads reads("2024-01-01T00:00:00Z");
    const auto of = [&](const std::string& select) {
        const auto found = reads.of(select, relations);
        REQUIRE(found.has_value());
        return *found;
    };
    // Not what the text mentions: what its result is made of.
    const std::string joined =
        "select o.id, o.state, o.paid, s.town from orders o join shops s using (id)";
    CHECK(of("select town from (" + joined + ")").at("orders") == Columns{"id"});
    CHECK(of("select town from (" + joined + ")").at("shops") == Columns{"id", "town"});
    CHECK(of(joined).at("orders") == Columns{"id", "state", "paid"});
    // A condition reads what it compares, whatever the values are.
    CHECK(of("select id from orders where state <> 'x'").at("orders") == Columns{"id", "state"});
    CHECK(of("select id from orders where \"a, \"\"b\"\"\" < today()").at("orders") ==
          Columns{"id", "a, \"b\""});
    CHECK(of("select id from (select * from orders order by paid limit 3)").at("orders") ==
          Columns{"id", "paid"});
    CHECK(of("select id from orders where paid > (select avg(paid) from orders)").at("orders") ==
          Columns{"id", "paid"});
    CHECK(of("select id from shops where town in (select state from orders)").at("orders") ==
          Columns{"state"});
    CHECK(of("select s.id, (select max(paid) from orders o where o.state = s.town) from shops s")
              .at("orders") == Columns{"state", "paid"});
    CHECK(of("select id from (select distinct id, town from shops)").at("shops") ==
          Columns{"id", "town"});
    CHECK(
        of("with c as materialized (select * from orders) select a.id from c a join c b using (id)")
            .at("orders")
            .contains("id"));
    CHECK(of("select count(*) from orders").at("orders").size() <= 1);
    CHECK(of("select 1 as one").empty());
}

TEST_CASE("columns that are handed on as they are read") {
    ColumnReads reads("");
    const auto of = [&](const std::string& select, const std::vector<std::string>& columns) {
        Schema result;
        for (const auto& name : columns) result.push_back({name, "BIGINT", TypeFamily::integer});
        return reads.handed_on(select, result);
    };
    CHECK(of("select id, o.state as s, paid + 1 as p from orders o", {"id", "s", "p"}) ==
          Columns{"id", "s"});
    CHECK(of("select *, 2 * paid as twice from orders", {"id", "paid", "twice"}) ==
          Columns{"id", "paid"});
    CHECK(of("select * replace (upper(state) as state) from orders", {"id", "state"}) ==
          Columns{"id"});
    // Computed inside, handed on outside.
    CHECK(of("select id, n from (select id, cast(state as integer) as n from orders)",
             {"id", "n"}) == Columns{"id"});
    CHECK(of("select id, m as k from (select id, n as m from (select id, cast(state as integer) as "
             "n from orders))",
             {"id", "k"}) == Columns{"id"});
    CHECK(of("with c as (select id, state::integer as id2 from orders) select * from c",
             {"id", "id2"}) == Columns{"id"});
    // By position: nobody follows those.
    CHECK(of("select a from (select state::integer from orders) t(a)", {"a"}).empty());
    CHECK(of("select id from orders union select id from shops", {"id"}).empty());
    CHECK(of("no select at all", {"id"}).empty());
}

TEST_CASE("where the planner cannot tell, everything is needed") {
    ColumnReads reads("");
    CHECK_FALSE(reads.of("select nothing from orders", relations).has_value());
    CHECK_FALSE(reads.of("select * from elsewhere", relations).has_value());
    CHECK_FALSE(
        reads.of("select id from odd", {{"odd", {{"id", "NO SUCH TYPE", TypeFamily::other}}}})
            .has_value());
}

TEST_CASE("what decides about rows is read for every column") {
    ColumnReads reads("");
    const auto read = [&](const std::string& column, const std::string& select) {
        const auto found = reads.of("select " + column + " from (" + select + "\n)", relations);
        return !found || found->at("orders").contains("paid");
    };
    CHECK_FALSE(read("id", "select id, paid from orders"));
    CHECK_FALSE(read("state", "select state, sum(paid) as paid from orders group by state"));
    for (const auto* select :
         {"select id, paid from orders order by paid", "select distinct id, paid from orders",
          "select id, paid from orders order by paid limit 5",
          "select id, state from orders qualify row_number() over (order by paid) < 3",
          "select id, unnest([paid, 1.0]) as paid from orders where paid > 0",
          "select max(id) as id from orders group by paid",
          "select max(id) as id from orders group by state having sum(paid) > 3",
          "select o.id from orders o join shops s on o.paid = s.id",
          "select o.id from orders o left join shops s on o.paid = s.id",
          "select id, paid from orders union select id, 1 from orders",
          "select id, paid from orders intersect select id, 1 from orders",
          "select distinct on (paid) id from orders order by id",
          "select id from orders group by all having count(paid) > 1"}) {
        INFO(select);
        CHECK(read("id", select));
    }
}

TEST_CASE("columns whose computing cannot fail") {
    ColumnReads reads("");
    const auto sure = [&](const std::string& expression) {
        const Schema result{{"c", "DOUBLE", TypeFamily::floating}};
        return !reads.unfailing("select " + expression + " as c from orders", relations, result)
                    .empty();
    };
    for (const auto* expression :
         {"paid", "paid * 2", "id * paid", "id * paid * (1 - id / 100.0)", "paid / 0", "-paid",
          "sum(paid)", "sum(id)", "avg(paid) / count(*)", "coalesce(paid, 0)", "upper(trim(state))",
          "case when paid > 3 then paid else 0 end", "cast(paid as varchar)", "paid is null",
          "sum(paid) filter (where paid > 0)", "round(paid, 2)", "state || 'x'", "min(state)",
          "paid between 1 and 2 and not state in ('a', 'b')"}) {
        INFO(expression);
        CHECK(sure(expression));
    }
    for (const auto* expression :
         {"id * 2", "id + id", "sqrt(paid)", "ln(paid)", "cast(state as double)",
          "cast(paid as integer)", "state = 3", "paid > state", "strptime(state, '%Y')",
          "sum(id) + 1", "list_extract([1], id)", "stddev(paid)", "nothing_known(paid)",
          "case when sqrt(paid) > 1 then 1.0 else 2.0 end", "sum(paid order by sqrt(paid))",
          "repeat(state, id)", "abs(id)"}) {
        INFO(expression);
        CHECK_FALSE(sure(expression));
    }
    // The column, not the alias.
    const Schema summed{{"paid", "DOUBLE", TypeFamily::floating}};
    CHECK(reads.unfailing("select sum(paid) as paid from orders", relations, summed)
              .contains("paid"));
    // A name that means an expression says nothing of a column's type.
    const Schema result{{"c", "DOUBLE", TypeFamily::floating}};
    CHECK(reads
              .unfailing("select paid * 2 as c from (select sqrt(paid) as paid from orders)",
                         relations, result)
              .empty());
}

}  // namespace faultline::engine
