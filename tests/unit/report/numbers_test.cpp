#include "report/numbers.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

namespace faultline::report {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

TEST_CASE("Three digits that matter") {
    CHECK(number(0) == "0");
    CHECK(number(-0.0) == "0");
    CHECK(number(1) == "1");
    CHECK(number(2.049) == "2.05");
    CHECK(number(12.345) == "12.3");
    CHECK(number(9.996) == "10");
    CHECK(number(99.96) == "100");
    CHECK(number(999.6) == "1,000");
    CHECK(number(48786) == "48,786");
    CHECK(number(1234567.8) == "1,234,568");
    CHECK(number(-1234) == "−1,234");
    CHECK(number(0.012345) == "0.0123");
    CHECK(number(0.00012345) == "0.000123");
    CHECK(number(2.9e-11) == "2.9e-11");
    CHECK(number(3.2e12) == "3.2e+12");
    CHECK(number(infinity) == "∞");
    CHECK(number(-infinity) == "−∞");
    CHECK(number(std::numeric_limits<double>::quiet_NaN()) == "no number");
}

TEST_CASE("Two numbers that differ are seen to differ, and by how much") {
    CHECK(from_to(1000, 1041) == "1,000 → 1,041");
    CHECK(from_to(0.318, 0.395) == "0.318 → 0.395");
    CHECK(from_to(0.30711, 0.31149) == "0.3071 → 0.3115");
    CHECK(from_to(1.8e9, 1.8321e9) == "1.8e+09 → 1.832e+09");
    CHECK(from_to(1000000.25, 1000000.5) == "1,000,000.25 → 1,000,000.5");
    CHECK(from_to(-5, 5) == "−5 → 5");
    CHECK(from_to(7, 7) == "7 → 7");
    CHECK(from_to(0, 12.5) == "0 → 12.5");
    CHECK(from_to(1, infinity) == "1 → ∞");
    const double next = std::nextafter(1e15, 2e15);
    CHECK(from_to(1e15, next) != from_to(next, 1e15));
    const double most = std::numeric_limits<double>::max();
    CHECK(from_to(-most, most) == "−1.8e+308 → 1.8e+308");
}

TEST_CASE("Changes in per cent") {
    CHECK(change(0.041) == "+4.1 %");
    CHECK(change(-1) == "−100 %");
    CHECK(change(0) == "±0 %");
    CHECK(change(0.0001) == "under +0.1 %");
    CHECK(change(0.1234) == "+12 %");
    CHECK(change(-0.0996) == "−10 %");
    CHECK(change(12.5) == "+1,250 %");
    CHECK(change(infinity) == "+∞ %");
}

TEST_CASE("Intervals") {
    CHECK(interval(0.8, 1.25) == "[0.8, 1.25]");
    CHECK(interval(0.8, std::nullopt) == "[0.8, ∞)");
    CHECK(interval(-infinity, infinity) == "(−∞, ∞)");
    CHECK(interval(std::nullopt, std::nullopt).empty());
}

TEST_CASE("Counts") {
    CHECK(count(1, "trial") == "1 trial");
    CHECK(count(0, "trial") == "0 trials");
    CHECK(count(12345, "trial") == "12,345 trials");
    CHECK(count(std::numeric_limits<std::uint64_t>::max()) == "18,446,744,073,709,551,615");
}

}  // namespace
}  // namespace faultline::report
