#include "journal/tolerance.h"

#include <catch2/catch.hpp>
#include <limits>

using namespace faultline::journal;
using faultline::model::Tolerance;

namespace {
constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr std::nullopt_t none = std::nullopt;
}  // namespace

TEST_CASE("The widest tolerance counts, and never less than the floor") {
    CHECK(effective_tolerance({2.0, 0.1, none}, 100, 0) == 10);
    CHECK(effective_tolerance({20.0, 0.1, none}, -100, 0) == 20);
    CHECK(effective_tolerance({none, 0.1, none}, -100, 0) == 10);
    CHECK(effective_tolerance({none, none, 3.0}, 100, 0.5) == 1.5);
    CHECK(effective_tolerance({0.1, none, none}, 100, 0.5) == 0.5);
    CHECK(effective_tolerance({none, 0.1, none}, 0, 0) == 0);
    CHECK(effective_tolerance({none, none, none}, 5, 0) == 0);
    CHECK_FALSE(effective_tolerance({none, 0.1, none}, not_a_number, 0));
    CHECK_FALSE(effective_tolerance({1.0, none, none}, 1, not_a_number));
}

TEST_CASE("What is out of tolerance") {
    CHECK_FALSE(breaches(12.0, 10.0, 2));
    CHECK(breaches(12.1, 10.0, 2));
    CHECK(breaches(7.9, 10.0, 2));
    CHECK_FALSE(breaches(10.0, 10.0, 0));
    CHECK(breaches(10.0 + 1e-9, 10.0, 0));
}

TEST_CASE("Lost, new and infinite numbers") {
    CHECK(breaches(none, 10.0, 1e9));
    CHECK(breaches(not_a_number, 10.0, 1e9));
    CHECK(breaches(inf, 10.0, inf));
    CHECK(breaches(10.0, none, 1e9));
    CHECK(breaches(10.0, inf, inf));
    CHECK(breaches(-inf, inf, inf));
    CHECK_FALSE(breaches(none, none, 0));
    CHECK_FALSE(breaches(not_a_number, none, 0));
    CHECK_FALSE(breaches(inf, inf, 0));
}
