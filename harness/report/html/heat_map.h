#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "findings/result.h"

namespace faultline::report::html {

/// The worst that any fault of a node does to a number, over all doses.
struct HeatCell {
    std::size_t series = 0;
    std::optional<double> value;  ///< nullopt: none could be estimated, or unbounded
    char mark = ' ';              ///< 'l' the series was lost, 'n' is new, 'u' unbounded damage
    std::string perturbation;
};

/// Node × number. In tolerances where the run says so, else shares of the variance.
struct HeatMap {
    struct Series {
        std::size_t metric = 0;
        std::string segment;  ///< "territory=EMEA, month=7"; empty: of the whole output
    };
    struct Row {
        std::string node;
        std::vector<HeatCell> cells;  ///< ascending series; what never moved is left out
    };
    bool variance = false;
    std::vector<std::string> metrics;
    std::vector<Series> series;
    std::vector<Row> rows;  ///< in the ranking's order, then as they come
};

HeatMap heat_map(const findings::Result& result);

}  // namespace faultline::report::html
