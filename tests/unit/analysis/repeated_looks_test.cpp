#include <catch2/catch.hpp>

#include "analysis/estimate.h"
#include "analysis/repeated_looks.h"
#include "core/error.h"
#include "functions.h"

using namespace faultline;
using namespace faultline::analysis;

TEST_CASE("looks: what they spend adds up to the error, and one look costs nothing") {
    double open = 0, equal = 0;
    for (std::uint64_t look = 1; look <= 10'000; ++look) open += 1 - confidence_at_look(0.9, look);
    for (std::uint64_t look = 1; look <= 7; ++look) equal += 1 - confidence_at_look(0.9, look, 7);
    CHECK(open < 0.1);
    CHECK(open > 0.0999);
    CHECK(equal == Approx(0.1));
    CHECK(confidence_at_look(0.9, 1, 1) == Approx(0.9));
    REQUIRE_THROWS_AS(confidence_at_look(0.9, 0), Error);
    REQUIRE_THROWS_AS(confidence_at_look(0.9, 8, 7), Error);
    REQUIRE_THROWS_AS(confidence_at_look(1.0, 1), Error);
}

TEST_CASE("looks: intervals hold at every look together, where uncorrected ones do not") {
    // Fifteen looks at a growing sample of uniform numbers, mean 0. The share of samples in which
    // some look's interval misses is at most 0.1; over 1000 samples its standard error is 0.0095.
    constexpr std::uint64_t looks = 15;
    double open = 0, equal = 0, naive = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        const Eigen::ArrayXXd numbers = functions::uniform(8 * looks, 1, seed) - 0.5;
        bool missed_open = false, missed_equal = false, missed_naive = false;
        for (std::uint64_t look = 1; look <= looks; ++look) {
            const auto misses = [&](double confidence) {
                const auto mean = mean_with_t_interval(
                    numbers.topRows(static_cast<Eigen::Index>(8 * look)), confidence, false);
                return mean.low(0) > 0 || mean.high(0) < 0;
            };
            missed_open = missed_open || misses(confidence_at_look(0.9, look));
            missed_equal = missed_equal || misses(confidence_at_look(0.9, look, looks));
            missed_naive = missed_naive || misses(0.9);
        }
        open += missed_open ? 1 : 0;
        equal += missed_equal ? 1 : 0;
        naive += missed_naive ? 1 : 0;
    }
    CAPTURE(open / 1000, equal / 1000, naive / 1000);
    CHECK(open / 1000 < 0.13);
    CHECK(equal / 1000 < 0.13);
    CHECK(naive / 1000 > 0.25);
}
