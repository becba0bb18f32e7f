#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/estimate.h"

/// Whatever the numbers: no bound is NaN, the interval holds its estimate, and what is unknown is
/// unbounded.
inline void require_sound(const std::vector<faultline::analysis::Estimates>& all) {
    for (const auto& e : all)
        for (Eigen::Index o = 0; o < e.estimate.size(); ++o) {
            REQUIRE_FALSE(std::isnan(e.low(o)));
            REQUIRE_FALSE(std::isnan(e.high(o)));
            if (std::isnan(e.estimate(o))) {
                REQUIRE(e.low(o) == -std::numeric_limits<double>::infinity());
            } else {
                REQUIRE(e.low(o) <= e.estimate(o));
                REQUIRE(e.estimate(o) <= e.high(o));
            }
        }
}
