#include "run/profiled_run.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "laboratory.h"

using namespace faultline;
using namespace faultline::run;

namespace {

// Enough rows that statistics are statements of their own: a key, a category, a count, a date, a
// number of which nearly every row has another, and one that is constant but for a few.
// clang-format off: it takes the text for code
const char* const pipeline = R"doc({"faultline": "pipeline/1", "name": "shop", "nodes": {
    "kinds": {"source": {"sql": "select 'k' || i as kind, i as rank from range(12) t(i)"}, "key": ["kind"]},
    "orders": {"source": {"sql": "select i as id, 'k' || (i % 12) as kind, case when i % 11 = 0 then null else i * i % 24 end as few, date '2024-01-01' + cast(i // 600 as integer) as day, sqrt(i * 7919.0 % 20011) * 3 as wide, case when i % 50 = 0 then i else 7 end::decimal(12,2) as steady from range(ROWS) t(i)"},
               "key": ["id"], "batch": "day"},
    "clean": {"sql": "select id, kind, few, day, wide * 1.5 as wide, steady from orders", "key": ["id"]},
    "sales": {"sql": "select kind, day, sum(wide) as revenue from clean join kinds using (kind) group by kind, day", "key": ["kind", "day"]}},
    "outputs": ["sales"]})doc";
const char* const scenario =
    R"doc({"faultline": "scenario/1", "pipeline": "pipeline.json", "seed": 5,
    "perturbations": [
        {"id": "dearer", "node": "orders", "plugin": "scale", "params": {"columns": ["wide"], "factor": 2}}, {"id": "ranks", "node": "kinds", "plugin": "nulls", "params": {"columns": ["rank"]}}],
    "metrics": [{"id": "revenue", "output": "sales", "sql": "sum(revenue)"}],
    "design": {"method": "one_at_a_time"}})doc";
// clang-format on

std::string with_rows(int rows) {
    std::string text = pipeline;
    return text.replace(text.find("ROWS"), 4, std::to_string(rows));
}

/// A base run with what profiles it.
struct Bench {
    explicit Bench(int rows)
        : laboratory(with_rows(rows), scenario),
          experiment(laboratory.load()),
          base(experiment, {}) {
        base.run();
        profiler.emplace(experiment, base, nullptr);
        connection = base.engine().connect();
    }
    [[nodiscard]] NodeIndex node(const std::string& name) const {
        return *experiment.workflow.pipeline.find(name);
    }
    [[nodiscard]] double ask(const std::string& sql) const {
        return number_of(connection->query(sql).rows.at(0).at(0)).value_or(-1);
    }
    Laboratory laboratory;
    Experiment experiment;
    BaseRun base;
    std::optional<Profiler> profiler;
    std::unique_ptr<engine::Connection> connection;
};

/// Everything that is said of a node.
journal::NodeProfile profile_of(ProfiledRun& run, NodeIndex node, const std::string& select) {
    auto profile = run.measure(node, select);
    run.relate(node, select, profile);
    return profile;
}

/// The SQL that a guard would ask, of a date in seconds as the profile has it.
std::string seconds_of(const journal::ColumnProfile& column, const std::string& sql) {
    return column.type == "DATE" ? fmt::format("epoch(CAST({} AS TIMESTAMP))", sql) : sql;
}

/// Holds every number of a profile against the check that somebody would write for it.
void compare_with_checks(const Bench& bench, const journal::NodeProfile& base,
                         const journal::NodeProfile& now, const std::string& select) {
    const auto measured = [&](const std::string& sql) {
        return bench.ask(fmt::format("SELECT {} FROM ({})", sql, select));
    };
    CHECK(now.numbers.at("rows") == measured("count(*)"));
    CHECK(now.numbers.at("keys") == measured(base.sql.at("keys")));
    for (std::size_t c = 0; c < base.columns.size(); ++c) {
        const auto& column = base.columns[c];
        for (const auto& [name, sql] : column.sql) {
            if (name == "null_rate") continue;
            INFO(now.node << "." << column.name << " " << name);
            const double is = now.columns[c].numbers.at(name);
            const double expected =
                measured(name == "min" || name == "max" ? seconds_of(column, sql) : sql);
            if (name == "distinct" && expected > 50'000) {
                CHECK(is == Approx(expected).epsilon(0.03));
            } else if (name[0] == 'q' && (column.name == "wide" || column.name == "steady")) {
                const double spread = column.numbers.at("q95") - column.numbers.at("q05");
                CHECK(is == Approx(expected).margin(1e-9 + spread / 2048));
            } else {
                CHECK(is == Approx(expected).epsilon(1e-12).margin(1e-12));
            }
        }
        CHECK(now.columns[c].numbers.at("nulls") ==
              measured(fmt::format("count(*) - count({})", column.name)));
    }
}

const std::vector<std::string> changes{
    "SELECT * REPLACE (wide * 3 AS wide) FROM ({})",
    "SELECT * FROM ({}) WHERE id % 10 <> 3",
    "SELECT * FROM ({}) UNION ALL (SELECT * FROM ({}) WHERE id < 1000)",
    "SELECT * REPLACE (CASE WHEN id % 3 = 0 THEN NULL ELSE few END AS few) FROM ({})",
    "SELECT * REPLACE (CASE WHEN id % 100 = 0 THEN wide * 1e6 ELSE wide END AS wide, "
    "CASE WHEN id % 5 = 0 THEN 'new' ELSE kind END AS kind) FROM ({})",
    "SELECT * REPLACE (CASE WHEN id < 500 THEN id + 1000000 ELSE id END AS id) FROM ({})",
};

std::string changed_by(const std::string& change, const std::string& select) {
    std::string text = change;
    for (auto at = text.find("({})"); at != std::string::npos; at = text.find("({})", at))
        text.replace(at, 4, "(" + select + ")");
    return text;
}

}  // namespace

TEST_CASE("What a profile says is what the checks measure that it would propose",
          "[single-threaded]") {
    for (const int rows : {2'000, 130'000}) {
        const Bench bench(rows);
        const auto node = bench.node("orders");
        const std::string& select = bench.profiler->base_select(node);
        const auto& base = bench.profiler->base().nodes.front();
        const auto& about = base.node == "orders" ? base : bench.profiler->base().nodes[1];
        compare_with_checks(bench, about, about, select);
        for (const auto& change : changes) {
            INFO(rows << " rows: " << change);
            const std::string now = changed_by(change, select);
            ProfiledRun run(*bench.profiler, *bench.connection, [&](NodeIndex other) {
                return other == node ? now : bench.profiler->base_select(other);
            });
            compare_with_checks(bench, about, run.measure(node, now), now);
        }
    }
}

TEST_CASE("What is known of a column is not another number than what is asked of it",
          "[single-threaded]") {
    const Bench bench(20'000);
    const auto orders = bench.node("orders"), clean = bench.node("clean");
    for (const auto& change : changes) {
        INFO(change);
        const std::string first = changed_by(change, bench.profiler->base_select(orders));
        const std::string second = changed_by(change, bench.profiler->base_select(clean));
        const auto select = [&](NodeIndex node) {
            return node == orders  ? first
                   : node == clean ? second
                                   : bench.profiler->base_select(node);
        };
        ProfiledRun after(*bench.profiler, *bench.connection, select);
        ProfiledRun alone(*bench.profiler, *bench.connection, select);
        (void)profile_of(after, orders, first);
        const auto known = profile_of(after, clean, second),
                   asked = profile_of(alone, clean, second);
        REQUIRE(known.columns.size() == asked.columns.size());
        CHECK(known.numbers == asked.numbers);
        for (std::size_t c = 0; c < known.columns.size(); ++c) {
            INFO(known.columns[c].name);
            CHECK(known.columns[c].numbers == asked.columns[c].numbers);
        }
    }
}

TEST_CASE("Columns that hold the base's values keep its numbers, in other rows as well",
          "[single-threaded]") {
    const Bench bench(20'000);
    const auto node = bench.node("orders");
    const std::string& base = bench.profiler->base_select(node);
    ProfiledRun run(*bench.profiler, *bench.connection,
                    [&](NodeIndex other) { return bench.profiler->base_select(other); });
    CHECK(run.measure(node, "SELECT * FROM (" + base + ") ORDER BY wide").same);
    // The same values in every column, not the same rows.
    const auto shuffled = profile_of(
        run, node,
        fmt::format("SELECT a.* REPLACE (b.wide AS wide) FROM ({0}) AS a JOIN ({0}) AS b ON "
                    "a.id = 19999 - b.id",
                    base));
    CHECK_FALSE(shuffled.same);
    const auto& before = bench.profiler->base().nodes;
    const auto& about = before[0].node == "orders" ? before[0] : before[1];
    REQUIRE(shuffled.columns.size() == about.columns.size());
    for (std::size_t c = 0; c < about.columns.size(); ++c)
        CHECK(shuffled.columns[c].numbers == about.columns[c].numbers);
}

TEST_CASE("Orphans are values that the referred key does not hold, of columns that hold to it") {
    const Bench bench(20'000);
    const auto orders = bench.node("orders"), kinds = bench.node("kinds");
    const std::string without =
        "SELECT * FROM (" + bench.profiler->base_select(kinds) + ") WHERE rank <> 3";
    ProfiledRun run(*bench.profiler, *bench.connection, [&](NodeIndex other) {
        return other == kinds ? without : bench.profiler->base_select(other);
    });
    const std::string touched =
        "SELECT * REPLACE (wide + 1 AS wide) FROM (" + bench.profiler->base_select(orders) + ")";
    const auto profile = profile_of(run, orders, touched);
    CHECK(profile.columns[1].numbers.at("orphans:kinds.kind") ==
          bench.ask("SELECT count(*) FROM (" + touched + ") WHERE kind = 'k3'"));
}
