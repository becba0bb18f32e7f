// What faults look up by place, and how long it is held.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "bench.h"
#include "plugin/held_tables.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {

struct Values final : engine::HeldColumn {
    explicit Values(std::size_t size) : size(size) {}
    [[nodiscard]] std::string at(const std::string& place) const override { return place; }
    [[nodiscard]] std::string mark() const override { return {}; }
    [[nodiscard]] std::size_t bytes() const override { return size; }
    std::size_t size;
};

/// Counts how often something had to be made.
struct Maker {
    HeldTables tables{100};
    int made = 0;
    HeldTables::Held get(const std::string& key, std::size_t bytes, bool lasting = false) {
        return tables.get(
            key, lasting,
            [&](std::size_t most) -> engine::HeldColumns {
                ++made;
                if (bytes > most) return {};
                return {std::make_shared<Values>(bytes)};
            },
            [] {});
    }
};

std::vector<std::vector<engine::Value>> rows(Bench& bench, const Perturbed& perturbed) {
    return bench.query("SELECT * FROM (" + perturbed.select + ") ORDER BY ALL").rows;
}

}  // namespace

TEST_CASE("what was asked for longest ago makes room, unless it is in use") {
    Maker maker;
    for (const char* key : {"a", "b", "c", "a"}) CHECK(maker.get(key, 30).kept);
    CHECK(maker.made == 3);
    maker.get("d", 30);  // for which b goes
    maker.get("a", 30);
    CHECK(maker.made == 4);
    const auto b = maker.get("b", 30);  // for which c goes
    maker.get("a", 30);
    maker.get("d", 30);
    CHECK(maker.made == 5);
    // Too much beside what is in use is held, but not kept, and nothing goes for it.
    const auto large = maker.get("e", 71);
    CHECK(large.columns.size() == 1);
    CHECK_FALSE(large.kept);
    for (const char* key : {"a", "b", "d"}) maker.get(key, 30);
    CHECK(maker.made == 6);
    CHECK(maker.get("e", 70).kept);  // for which a and d go
    maker.get("b", 30);
    CHECK(maker.made == 7);
}

TEST_CASE("however small they are, only so many are kept") {
    Maker maker;
    const auto used = maker.get("used", 1);
    for (std::size_t i = 0; i < 3 * HeldTables::most_kept; ++i)
        CHECK(maker.get(std::to_string(i), 1).kept);
    const auto made = maker.made;
    maker.get("used", 1);
    maker.get(std::to_string(3 * HeldTables::most_kept - 1), 1);
    maker.get(std::to_string(2 * HeldTables::most_kept + 1), 1);
    CHECK(maker.made == made);
    maker.get(std::to_string(2 * HeldTables::most_kept), 1);
    CHECK(maker.made == made + 1);
}

TEST_CASE("what is too large is not held, which is remembered of what every trial asks for") {
    Maker maker;
    for (int i = 0; i < 2; ++i) CHECK(maker.get("own", 101).columns.empty());
    CHECK(maker.made == 2);
    for (int i = 0; i < 2; ++i) CHECK(maker.get("lasting", 101, true).columns.empty());
    CHECK(maker.made == 3);
}

TEST_CASE("what could not be made is tried again by the next who asks") {
    Maker maker;
    const auto fails = [](std::size_t) -> engine::HeldColumns { throw std::runtime_error("no"); };
    CHECK_THROWS_WITH(maker.tables.get("a", false, fails, [] {}), "no");
    CHECK(maker.get("a", 100).kept);
}

TEST_CASE("threads that ask for one thing get it made once") {
    HeldTables tables(100);
    std::atomic<int> made = 0;
    std::vector<std::thread> threads;
    std::vector<engine::HeldColumns> got(4);
    for (auto& out : got)
        threads.emplace_back([&] {
            out = tables
                      .get(
                          "a", false,
                          [&](std::size_t) -> engine::HeldColumns {
                              ++made;
                              std::this_thread::sleep_for(std::chrono::milliseconds(20));
                              return {std::make_shared<Values>(10)};
                          },
                          [] {})
                      .columns;
        });
    for (auto& thread : threads) thread.join();
    CHECK(made == 1);
    for (const auto& out : got) CHECK(out == got[0]);
    // Who waits is asked whether to go on.
    std::atomic<bool> begun = false, seen = false;
    std::thread slow([&] {
        tables.get(
            "b", false,
            [&](std::size_t) -> engine::HeldColumns {
                begun = true;
                while (!seen) std::this_thread::yield();
                return {};
            },
            [] {});
    });
    while (!begun) std::this_thread::yield();
    CHECK_THROWS_WITH(tables.get(
                          "b", false, [](std::size_t) -> engine::HeldColumns { return {}; },
                          [] { throw std::runtime_error("stop"); }),
                      "stop");
    seen = true;
    slow.join();
}

TEST_CASE("a fault gives the same whether values are held or joined from a table") {
    const auto [plugin, params] = GENERATE(table<std::string, std::string>({
        {"shuffle", R"({"columns": ["v", "d", "t"]})"},
        {"shuffle", R"({"columns": ["v", "d"], "together": true, "fraction": 0.5})"},
        {"shuffle", R"({"columns": ["v", "d"], "within": "g", "where": "id % 7 <> 0"})"},
        {"dependency_broken", R"({"columns": ["v", "d", "name"], "determinant": "g"})"},
        {"dependency_broken", R"({"columns": ["d"], "determinant": ["g", "h"], "fraction": 1})"},
        {"duplicate_keys", R"({"fraction": 0.5})"},
        {"duplicate_keys", R"({"columns": ["g", "h"], "fraction": 1})"},
        {"orphan_keys", R"({"columns": ["t"], "mode": "somebody_else", "fraction": 0.5})"},
        {"orphan_keys", R"({"columns": ["name"], "mode": "somebody_else", "fraction": 0.5})"},
        {"orphan_keys", R"({"columns": ["w"], "mode": "somebody_else", "fraction": 1})"},
    }));
    INFO(plugin << " " << params);
    // Keys and whole numbers with gaps, so that places among them are looked up; NULLs everywhere.
    Bench bench(
        "SELECT 3 * i + i % 2 AS id, CASE WHEN i % 11 > 0 THEN CAST(i * 37 % 101 AS DOUBLE) END AS "
        "v, CAST(i * 13 % 29 AS DECIMAL(9,2)) / 4 AS d, i * i % 50 AS w, CASE WHEN i % 13 > 0 THEN "
        "i % 4 END AS g, CASE WHEN i % 17 > 0 THEN 'h' || i % 3 END AS h, 't' || i % 5 AS t, CASE "
        "WHEN i % 19 "
        "> 0 THEN 'a long name, the ' || i % 40 || 'th' END AS name FROM range(300) r(i)");
    bench.keyed.tables = std::make_shared<MadeOnce>();
    const auto fault = Bench::fault(plugin, params);
    const auto twice = Bench::fault("duplicate_rows", R"({"fraction": 0.3})");
    for (const double severity : {1.0, 0.4}) {
        for (const bool second : {false, true}) {
            INFO("severity " << severity << (second ? ", behind copies" : ""));
            std::vector<Application> stack{{&fault, severity, 5}};
            if (second) stack.insert(stack.begin(), {&twice, 1, 9});
            bench.keyed.held = nullptr;
            const auto joined = bench.apply(stack);
            bench.keyed.held = std::make_shared<HeldTables>(std::size_t{1} << 20);
            const auto held = bench.apply(stack);
            CHECK(rows(bench, held) == rows(bench, joined));
            for (std::size_t i = 0; i < stack.size(); ++i)
                CHECK(held.answer_keys[i].to_json() == joined.answer_keys[i].to_json());
            CHECK(joined.held.empty());
            // Copies are shuffled by windows.
            CHECK((!held.held.empty() || (second && plugin == "shuffle")));
        }
    }
}

TEST_CASE("a copy that is the first of another group than its original multiplies no row") {
    Bench bench("SELECT i AS id, i // 10 AS day, i % 7 AS v FROM range(50) t(i)");
    bench.keyed.held = std::make_shared<HeldTables>(std::size_t{1} << 20);
    const bool holds = GENERATE(true, false);
    if (!holds) bench.keyed.held = nullptr;
    // Each row again with the day of the row before: that of the first is of the last day.
    const auto versions = Bench::fault("join_fan_out", R"({"columns": ["day"], "fraction": 1})");
    const auto broken = Bench::fault("dependency_broken",
                                     R"({"columns": ["v"], "determinant": "day", "fraction": 1})");
    const auto out = bench.apply({{&versions, 1, 1}, {&broken, 1, 2}});
    CHECK(bench.count(out) == 50 + out.answer_keys[0].rows_added);
    CHECK(out.answer_keys[1].cells.at("v") > 80);
}

TEST_CASE("what is held for draws serves all severities of them; nobody else's answer names it") {
    Bench bench(
        "SELECT 3 * i + i % 2 AS id, CAST(i * 37 % 101 AS DOUBLE) AS v FROM range(100) t(i)");
    bench.keyed.held = std::make_shared<HeldTables>(std::size_t{1} << 20);
    const auto shuffle = Bench::fault("shuffle", R"({"columns": ["v"]})");
    const auto half = bench.apply(shuffle, 0.5), full = bench.apply(shuffle, 1),
               other = bench.apply(shuffle, 1, 8);
    CHECK(half.holds_own);
    REQUIRE(half.held.size() == 2);
    CHECK(half.held == full.held);
    CHECK(other.held != full.held);
    // What a half exchanges, the whole exchanges as well.
    CHECK(bench
              .query("SELECT count(*) FROM (" + half.select + ") a JOIN (" + full.select +
                     ") b USING (id) JOIN store.site s USING (id) WHERE a.v <> s.v AND a.v <> b.v")
              .rows[0][0] == engine::Value(std::int64_t{0}));
    const auto keys = Bench::fault("duplicate_keys", R"({"fraction": 0.5})");
    CHECK_FALSE(bench.apply(keys).holds_own);
    CHECK(bench.apply(keys).held == bench.apply(keys, 0.5, 3).held);
}
