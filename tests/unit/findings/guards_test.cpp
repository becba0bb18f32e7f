#include <catch2/catch.hpp>

#include "findings/guard_search.h"
#include "journals.h"

using namespace faultline::findings;
using namespace faultline::findings::test;
using faultline::journal::ColumnProfile;
using faultline::journal::NodeProfile;
using faultline::journal::Profile;

namespace {

const Numbers silent_numbers = {500, 100, 50};
const Numbers quiet_numbers = {1000, 100, 50};

/// 1,000 orders with a price of 20 ± 4, and what stands in the place of either.
NodeProfile orders(double rows, double mean, const std::string& name = "orders") {
    NodeProfile node;
    node.node = name;
    node.numbers = {{"rows", rows}};
    ColumnProfile price{"price", "DOUBLE", {}, {}, {}};
    price.numbers = {{"nulls", 0}, {"mean", mean}, {"std", 4}, {"min", 1}, {"max", 40}};
    price.sql = {{"mean", "avg(\"price\")"}, {"std", "stddev_samp(\"price\")"}};
    node.columns = {price};
    return node;
}

/// Builds a run whose trials have been profiled.
class Profiled {
  public:
    explicit Profiled(std::initializer_list<Fault> faults) : run_(journals_of(faults)) {
        run_.journal.profiles.push_back({std::nullopt, std::nullopt, {orders(1000, 20)}});
    }
    void silent(const char* fault, NodeProfile node) {
        add(fault, Outcome::silent, std::move(node));
    }
    void harmless(const char* fault, NodeProfile node) {
        add(fault, Outcome::absorbed, std::move(node));
    }
    /// The unperturbed run without a part of its data.
    void part(NodeProfile node) {
        Profile profile;
        profile.without = parts_++;
        profile.nodes = {std::move(node)};
        run_.journal.profiles.push_back(profile);
    }
    [[nodiscard]] Guards guards() const { return run_.conclude().guards; }
    [[nodiscard]] Result result() const { return run_.conclude(); }

  private:
    void add(const char* fault, Outcome outcome, NodeProfile node) {
        Profile profile;
        profile.trial = run_.journal.trials.size();
        profile.nodes = {std::move(node)};
        run_.add(fault, outcome, outcome == Outcome::silent ? silent_numbers : quiet_numbers);
        run_.journal.profiles.push_back(std::move(profile));
    }

    Journals run_;
    std::uint64_t parts_ = 0;
};

}  // namespace

TEST_CASE("A fault that shows in one statistic alone gets that guard") {
    Profiled run({{"dearer", "orders"}});
    for (int i = 0; i < 4; ++i) run.silent("dearer", orders(1000, 24));
    const Guards guards = run.guards();
    REQUIRE(guards.proposed.size() == 1);
    const Guard& guard = guards.proposed.front();
    CHECK(guard.kind == "mean");
    CHECK(guard.column == "price");
    CHECK(guard.node == "orders");
    CHECK(guard.owner == "platform");
    CHECK(guard.covers == std::vector<std::string>{"dearer"});
    CHECK(guard.caught == 4);
    CHECK(guard.seen == 4);
    CHECK(guard.held_out == 4);
    CHECK(guard.power_low == Approx(0.3976).margin(1e-3));  // Clopper–Pearson of 4 of 4
    CHECK(guards.covered_trials == 4);
    CHECK(guards.out_of_reach.empty());
    CHECK(guards.score_before == 0.0);
    CHECK(guards.score_after == 1.0);
    const std::string sql = guard.check["sql"];
    CHECK(sql.find("select avg(\"price\") as v from {node}") != std::string::npos);
}

TEST_CASE("Rows on the wrong place that no simple number shows are out of reach, and it is said") {
    Profiled run({{"mixed_up", "orders"}});
    for (int i = 0; i < 3; ++i) run.silent("mixed_up", orders(1000, 20));
    const Guards guards = run.guards();
    CHECK(guards.proposed.empty());
    CHECK(guards.out_of_reach == std::vector<std::string>{"mixed_up"});
    CHECK(guards.note == "no simple guard tells the silent trials from the harmless ones");
    CHECK(guards.score_after == 0.0);
}

TEST_CASE("A benign twin that a naive threshold would trip widens the limits") {
    Profiled run({{"doubled", "orders"}, {"busy_week", "orders"}});
    for (int i = 0; i < 4; ++i) {
        run.silent("doubled", orders(1500, 20));
        run.harmless("busy_week", orders(1080 + 5 * i, 20));
    }
    const Guards guards = run.guards();
    REQUIRE(guards.proposed.size() == 1);
    const Guard& guard = guards.proposed.front();
    CHECK(guard.kind == "row_count");
    CHECK(guard.check["max"].get<double>() >= 1095);
    CHECK(guard.check["max"].get<double>() < 1500);
    CHECK(guard.harmless == 4);
    CHECK(guard.tripped == 0);
}

TEST_CASE("What cannot be told from the harmless is not proposed") {
    Profiled run({{"fewer", "orders"}, {"quiet_day", "orders"}});
    for (int i = 0; i < 6; ++i) {
        run.silent("fewer", orders(900, 20));
        run.harmless("quiet_day", orders(880, 20));
    }
    CHECK(run.guards().proposed.empty());
}

TEST_CASE("How much the data move by themselves sets the limits") {
    const auto width = [](double spread) {
        Profiled run({{"doubled", "orders"}});
        run.silent("doubled", orders(3000, 20));
        for (int g = 0; g < 10; ++g) run.part(orders(900 + (g % 2 == 0 ? spread : -spread), 20));
        const Guards guards = run.guards();
        REQUIRE(guards.proposed.size() == 1);
        CHECK(guards.unperturbed == 10);
        CHECK(guards.proposed.front().harmless == 10);
        return 1000 - guards.proposed.front().check["min"].get<double>();
    };
    // Parts of 100 rows give or take 5: √(9/10 · 10 · 25) = 15 rows of one run, 21 between two, of
    // which three are allowed; the limits have no more digits than they need.
    CHECK(width(5) >= 63);
    CHECK(width(5) <= 74);
    CHECK(width(20) >= 254);
    CHECK(width(20) <= 265);
    CHECK(width(0) == 10);  // no movement: a hundredth of the rows at least
}

TEST_CASE("A fault seen in one trial only is said to be") {
    Profiled run({{"dearer", "orders"}});
    run.silent("dearer", orders(1000, 24));
    const Guards guards = run.guards();
    REQUIRE(guards.proposed.size() == 1);
    CHECK(guards.proposed.front().held_out == 0);
    CHECK(guards.proposed.front().caution.find("one trial only") != std::string::npos);
}

TEST_CASE("A guard that holds on the trials it was learnt from and on no other is none") {
    // One half of the trials lies where the other half's harmless ones are.
    Profiled run({{"odd", "orders"}, {"quiet", "orders"}});
    for (int i = 0; i < 8; ++i) {
        run.silent("odd", orders(1000, i % 2 == 0 ? 21 : 20.5));
        run.harmless("quiet", orders(1000, i % 2 == 0 ? 20.9 : 21.5));
    }
    for (const auto& guard : run.guards().proposed) CHECK(guard.tripped * 10 <= guard.harmless);
}

TEST_CASE("Nothing silent, nothing profiled: each is said") {
    CHECK(journals_of({{"dearer", "orders"}}).conclude().guards.note ==
          "no failure was silent: there is nothing to guard against");
    auto run = journals_of({{"dearer", "orders"}});
    run.add("dearer", Outcome::silent, silent_numbers);
    CHECK(run.conclude().guards.note == "nothing was profiled, so no guards could be searched");
}

TEST_CASE("Where a fault ends and where it grows") {
    auto run = journals_of({{"fewer", "lines"}});
    const NodeProfile none_in_stock = [] {
        NodeProfile node;
        node.node = "stock";
        node.same = true;
        return node;
    }();
    run.journal.profiles.push_back(
        {std::nullopt,
         std::nullopt,
         {orders(1000, 20, "lines"), orders(100, 20, "sales"), orders(50, 20, "stock")}});
    for (std::uint64_t t = 0; t < 2; ++t) {
        run.add("fewer", Outcome::silent, {980, 100, 50});
        run.journal.profiles.push_back(
            {t, std::nullopt, {orders(950, 20, "lines"), orders(80, 20, "sales"), none_in_stock}});
    }
    const Result result = run.conclude();
    REQUIRE(result.travel.size() == 1);
    const Travel& travel = result.travel.front();
    REQUIRE(travel.stations.size() == 3);
    CHECK(travel.stations[0].change == Approx(0.05));
    CHECK(travel.stations[0].what == "rows −5 %");
    CHECK(travel.stations[1].change == Approx(0.2));
    CHECK(travel.stations[1].damage == Approx(1));  // 20 of 1,000, where 20 are tolerated
    CHECK(travel.stations[2].differs == 0);
    CHECK(travel.absorbed_at == std::vector<std::string>{"stock"});
    CHECK(travel.amplified_at == std::vector<std::string>{"sales"});
    REQUIRE(result.edges.size() == 3);
    CHECK_FALSE(result.edges[0].change);  // orders → sales: no fault there
    CHECK(result.edges[1].change == Approx(0.05));
    CHECK(result.edges[1].worst_perturbation == "fewer");
}
