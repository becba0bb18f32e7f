#include <catch2/catch.hpp>

#include "journals.h"

using namespace faultline;
using namespace faultline::findings;
using namespace faultline::findings::test;

namespace {

// Tolerances: revenue[N] 20, revenue[S] 10, items 5. See journals.h.
void add_replicates(Journals& journals, const char* fault, const std::vector<Numbers>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
        journals.add(fault, Outcome::silent, values[i]).replicate = i;
}

}  // namespace

TEST_CASE("Discovered are nodes whose damage is above 1 beyond chance, whatever its sign") {
    auto journals = journals_of({{"either_way", "orders"}, {"within", "lines"}});
    // 40 up or down: no mean effect, and two tolerances each time, more or less.
    add_replicates(journals, "either_way",
                   {{1040, 100, 50}, {959, 100, 50}, {1041, 100, 50}, {960, 100, 50}});
    add_replicates(journals, "within",
                   {{1005, 101, 51}, {1004, 99, 50}, {996, 101, 51}, {1003, 100, 49}});
    const auto found = journals.conclude().discovered;
    CHECK(found.nodes == std::vector<std::string>{"orders"});
    CHECK(found.found == 1);
    CHECK(found.tests == 2 + 3);  // orders reaches revenue alone
}

TEST_CASE("Damage that is above 1 in one draw out of four is no discovery") {
    auto journals = journals_of({{"now_and_then", "orders"}});
    add_replicates(journals, "now_and_then",
                   {{1000, 100, 50}, {1000, 100, 50}, {1100, 100, 50}, {1000, 100, 50}});
    const auto result = journals.conclude();
    CHECK(result.ranking[0].damage == Approx(1.25));
    CHECK(result.discovered.nodes.empty());
}

TEST_CASE("Of a fault that draws nothing one trial is a proof, either way") {
    auto journals = journals_of({{"far", "orders"}, {"near", "lines"}});
    journals.journal.header.deterministic = {"far", "near"};
    add_replicates(journals, "far", {{1021, 100, 50}});
    add_replicates(journals, "near", {{1019, 100, 50}});
    CHECK(journals.conclude().discovered.nodes == std::vector<std::string>{"orders"});
}
