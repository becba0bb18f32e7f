#include <catch2/catch.hpp>
#include <set>

#include "bench.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {

const char* const thousand =
    "SELECT i AS id, CAST(0 AS DOUBLE) AS v, CAST((i * 37) % 1000 AS DOUBLE) AS x, i % 4 AS g, "
    "CASE WHEN i % 5 = 0 THEN NULL ELSE (i * 7) % 100 END AS sparse, "
    "DATE '2024-01-01' + CAST(i // 50 AS INTEGER) AS day FROM range(1000) t(i)";

/// The ids that a fault hits: v is 0 and moved by one.
std::vector<std::int64_t> hit(Bench& bench, const std::string& selection, double severity = 1,
                              std::uint64_t stream = 7) {
    const auto fault =
        Bench::fault("shift", R"({"columns": ["v"], "delta": 1, )" + selection + "}");
    return bench.numbers("SELECT id FROM (" + bench.apply(fault, severity, stream).select +
                         ") WHERE v <> 0 ORDER BY id");
}

bool contains(const std::vector<std::int64_t>& outer, const std::vector<std::int64_t>& inner) {
    return std::includes(outer.begin(), outer.end(), inner.begin(), inner.end());
}

}  // namespace

TEST_CASE("exact takes floor(fraction * n + 1/2), whatever the stream") {
    Bench bench(thousand);
    for (const std::uint64_t stream : {1u, 2u, 3u})
        REQUIRE(hit(bench, R"("fraction": 0.1, "exact": true)", 1, stream).size() == 100);
    REQUIRE(hit(bench, R"("fraction": 0.0004, "exact": true)").empty());
    REQUIRE(hit(bench, R"("fraction": 0.0005, "exact": true)").size() == 1);
    REQUIRE(hit(bench, R"("fraction": 1, "exact": true)").size() == 1000);
    REQUIRE(hit(bench, R"("fraction": 1)").size() == 1000);
    REQUIRE(hit(bench, R"("fraction": 0)").empty());
}

TEST_CASE("exact takes the rows of the smallest draws, then keys") {
    Bench bench("SELECT i AS id, CAST(0 AS DOUBLE) AS v FROM range(5000) t(i)");
    std::vector<std::pair<std::uint32_t, std::int64_t>> order;
    for (std::int64_t id = 0; id < 5000; ++id) order.emplace_back(draw(id, 7, 0), id);
    std::sort(order.begin(), order.end());
    for (const std::size_t k : {1u, 2u, 50u, 2499u, 4999u}) {
        std::vector<std::int64_t> first;
        for (std::size_t i = 0; i < k; ++i) first.push_back(order[i].second);
        std::sort(first.begin(), first.end());
        REQUIRE(hit(bench, fmt::format(R"("exact": true, "fraction": {})",
                                       static_cast<double>(k) / 5000)) == first);
    }
}

TEST_CASE("without exact the number of rows is binomial") {
    Bench bench(thousand);
    // 5 standard deviations of Binomial(1000, 0.1), ±47: a false alarm in about 2 million streams.
    for (std::uint64_t stream = 0; stream < 20; ++stream) {
        const auto n = static_cast<int>(hit(bench, R"("fraction": 0.1)", 1, stream).size());
        REQUIRE(std::abs(n - 100) < 48);
    }
    REQUIRE(hit(bench, R"("fraction": 0.1)", 1, 1) != hit(bench, R"("fraction": 0.1)", 1, 2));
}

TEST_CASE("a larger fraction hits the same rows and more") {
    Bench bench(thousand);
    const auto nested = [&](const std::string& rest) {
        const auto few = hit(bench, R"("fraction": 0.2)" + rest),
                   many = hit(bench, R"("fraction": 0.6)" + rest);
        return many.size() > few.size() && !few.empty() && contains(many, few);
    };
    REQUIRE(nested(""));
    REQUIRE(nested(R"(, "exact": true)"));
    REQUIRE(nested(R"(, "sampling": "weight", "weight": "x")"));
    REQUIRE(nested(R"(, "sampling": "latest", "by": "day")"));
    REQUIRE(nested(R"(, "sampling": "earliest", "by": "x")"));
}

TEST_CASE("where limits the eligible rows; NULL is not eligible") {
    Bench bench(thousand);
    REQUIRE(hit(bench, R"("fraction": 0.5, "exact": true, "where": "g = 1")").size() == 125);
    REQUIRE(hit(bench, R"("where": "sparse < 1000")").size() == 800);
    REQUIRE(hit(bench, R"("where": "sparse >= 0 -- a comment")").size() == 800);
}

TEST_CASE("where that does not bind names its place and the columns there are") {
    Bench bench(thousand);
    try {
        hit(bench, R"("where": "regio = 'north'")");
        FAIL("accepted");
    } catch (const Error& e) {
        REQUIRE(e.kind() == ErrorKind::user);
        REQUIRE(e.problems().at(0).pointer == "/perturbations/0/params/where");
        REQUIRE(e.problems().at(0).expected.find("sparse") != std::string::npos);
    }
    REQUIRE_THROWS_AS(hit(bench, R"("where": "__fl_key = 1")"), Error);
}

TEST_CASE("where that matches nothing is a fault that should have been applied") {
    Bench bench(thousand);
    const auto fault =
        Bench::fault("shift", R"({"columns": ["v"], "delta": 1, "where": "g = 17"})");
    const auto out = bench.apply(fault);
    REQUIRE_FALSE(out.answer_keys[0].changed_anything());
    REQUIRE(out.answer_keys[0].expected_any);
}

TEST_CASE("severity that asks for less than half a unit expects nothing") {
    Bench bench(thousand);
    const auto fault = Bench::fault(
        "shift", R"({"columns": ["v"], "delta": 1, "fraction": 0.0001, "exact": true})");
    REQUIRE_FALSE(bench.apply(fault).answer_keys[0].expected_any);
}

TEST_CASE("at_random_given takes a block of the ordering by another column, NULLs last") {
    Bench bench(thousand);
    std::set<std::int64_t> starts;
    for (std::uint64_t stream = 0; stream < 10; ++stream) {
        const auto rows = hit(
            bench, R"("fraction": 0.1, "mechanism": "at_random_given", "given": "x")", 1, stream);
        REQUIRE(rows.size() == 100);
        std::set<std::int64_t> ranks;  // x is a permutation of 0…999: its value is its rank
        for (const auto id : rows) ranks.insert(id * 37 % 1000);
        REQUIRE(*ranks.rbegin() - *ranks.begin() == 99);
        starts.insert(*ranks.begin());
    }
    REQUIRE(starts.size() > 5);  // 10 draws among 901 places
    // 200 NULLs: a block of 900 must reach into them, one of all takes them.
    const auto most =
        hit(bench, R"("fraction": 0.9, "mechanism": "at_random_given", "given": "sparse")");
    REQUIRE(most.size() == 900);
    REQUIRE(std::count_if(most.begin(), most.end(), [](auto id) { return id % 5 == 0; }) >= 100);
}

TEST_CASE("not_at_random orders by the target's own value and needs exactly one") {
    Bench bench("SELECT i AS id, CAST((i * 37) % 1000 AS DOUBLE) AS v FROM range(1000) t(i)");
    const auto fault = Bench::fault(
        "shift",
        R"({"columns": ["v"], "delta": 0.5, "fraction": 0.2, "mechanism": "not_at_random"})");
    const auto out = bench.apply(fault);
    REQUIRE(out.answer_keys[0].cells.at("v") == 200);
    REQUIRE(bench.count(out, "max(v) FILTER (v <> floor(v)) - min(v) FILTER (v <> floor(v))") ==
            199);
    const auto two = Bench::fault(
        "shift", R"({"columns": ["v", "id"], "delta": 1, "mechanism": "not_at_random"})");
    REQUIRE_THROWS_AS(bench.apply(two), Error);
}

TEST_CASE("latest and earliest take the ends of an ordering") {
    Bench bench(thousand, {"id"}, "day");
    const auto last = hit(bench, R"("fraction": 0.05, "sampling": "latest")");
    REQUIRE(last.size() == 50);
    REQUIRE(last.front() == 950);
    const auto first = hit(bench, R"("fraction": 0.05, "sampling": "earliest", "by": "x")");
    REQUIRE(first.size() == 50);
    for (const auto id : first) REQUIRE(id * 37 % 1000 < 50);
}

TEST_CASE("sampling by weight leaves out weights that are no weight, and prefers heavy rows") {
    Bench bench(
        "SELECT i AS id, CAST(0 AS DOUBLE) AS v, CASE WHEN i < 100 THEN 0 WHEN i < 200 THEN NULL "
        "WHEN i < 600 THEN 1.0 ELSE 9.0 END AS w FROM range(1000) t(i)");
    const auto rows = hit(bench, R"("fraction": 0.125, "sampling": "weight", "weight": "w")");
    REQUIRE(rows.size() == 100);  // of the 800 eligible
    REQUIRE(rows.front() >= 200);
    // Ratio 9:1 over 400 rows each: about 10 of the hundred are light; 30 is 6 deviations away.
    REQUIRE(std::count_if(rows.begin(), rows.end(), [](auto id) { return id < 600; }) < 30);
}

TEST_CASE("a block is contiguous in the order of the key") {
    Bench bench(thousand);
    const auto rows = hit(bench, R"("fraction": 0.1, "sampling": "block")");
    REQUIRE(rows.size() == 100);
    REQUIRE(rows.back() - rows.front() == 99);
}

TEST_CASE("the same rows whatever their order, threads and other columns") {
    const std::string relation = thousand;
    Bench plain(relation), shuffled(relation + " ORDER BY hash(i)", {"id"}, "", 8),
        wider("SELECT *, 5 AS more FROM (" + relation + ")");
    for (const std::string selection :
         {R"("fraction": 0.1)", R"("fraction": 0.1, "exact": true)",
          R"("fraction": 0.3, "mechanism": "at_random_given", "given": "g")"}) {
        REQUIRE(hit(plain, selection) == hit(shuffled, selection));
        REQUIRE(hit(plain, selection) == hit(wider, selection));
    }
}

TEST_CASE("columns are chosen by name, pattern and type") {
    Bench bench(
        "SELECT 1 AS id, 1.5::DOUBLE AS amt_net, 2::INTEGER AS amt_tax, 'a' AS amt_note, 3 AS qty");
    const auto cells = [&](const std::string& columns) {
        const auto out =
            bench.apply(Bench::fault("shift", R"({"delta": 1, "columns": )" + columns + "}"));
        std::string names;
        for (const auto& [name, count] : out.answer_keys[0].cells) names += name + " ";
        return names;
    };
    REQUIRE(cells(R"("qty")") == "qty ");
    REQUIRE(cells(R"(["QTY"])") == "qty ");
    REQUIRE(cells(R"({"match": "amt_*"})") == "amt_net amt_tax ");
    REQUIRE(cells(R"([{"type": "floating"}, "qty"])") == "amt_net qty ");
    REQUIRE_THROWS_AS(cells(R"("amt_note")"), Error);
    REQUIRE_THROWS_AS(cells(R"("nothing")"), Error);
    REQUIRE_THROWS_AS(cells(R"({"match": "zzz*"})"), Error);
}
