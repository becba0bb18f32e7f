#include "suggest/wording.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace faultline::suggest;

TEST_CASE("A share that hits at least one unit, and exactly one where it asked for fewer") {
    for (std::int64_t units = 1; units <= 5000; ++units) {
        const double share = at_least_one(0, units);
        INFO(units << " units, share " << share);
        REQUIRE(share > 0);
        REQUIRE(share <= 1);
        // What the selection layer makes of it: floor(share * n + 1/2).
        REQUIRE(std::floor(share * static_cast<double>(units) + 0.5) == 1);
    }
    REQUIRE(at_least_one(0.05, 1000) == 0.05);
    REQUIRE(at_least_one(0.05, 60) == 0.05);
    REQUIRE(at_least_one(0, 60) == 0.02);
    REQUIRE(at_least_one(0.01, 3) == 0.4);
}

TEST_CASE("Doses have two significant digits") {
    REQUIRE(rounded(2.6294) == 2.6);
    REQUIRE(rounded(0.0998) == 0.1);
    REQUIRE(rounded(123456) == 120000);
    REQUIRE(rounded(-0.0123) == -0.012);
    REQUIRE(rounded(0) == 0);
}

TEST_CASE("Numbers in comments read as people write them") {
    REQUIRE(counted(0) == "0");
    REQUIRE(counted(999) == "999");
    REQUIRE(counted(1234567) == "1,234,567");
    REQUIRE(counted(-123456) == "-123,456");
    REQUIRE(counted(1, "row") == "1 row");
    REQUIRE(counted(2, "batch") == "2 batches");
    REQUIRE(shown(20000) == "20,000");
    REQUIRE(shown(2.71828) == "2.718");
    REQUIRE(shown(-87654.3) == "-87,654");
    REQUIRE(percent(0.05) == "5 %");
}
