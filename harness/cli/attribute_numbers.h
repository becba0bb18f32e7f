#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "analysis/estimate.h"
#include "analysis/sobol.h"

namespace faultline::cli {

/// One index of one factor, or of a pair, for every output.
struct AttributedIndex {
    std::string index;  ///< S1, ST, S2, mu, mu_star, sigma, src, prcc, effect
    std::size_t factor = 0, with = 0;
    bool pair = false;
    Eigen::Index of = 0;  ///< `estimates.count` is out of this many
    analysis::Estimates estimates;
};

/// The methods of attribute_numbers().
const std::vector<std::string>& attribution_methods();

/// What `method` makes of anybody's runs. `options` holds for all methods as far as it applies to
/// them. Throws Error(user) where `inputs` are not the design that the method needs.
std::vector<AttributedIndex> attribute_numbers(const std::string& method,
                                               const Eigen::ArrayXXd& inputs,
                                               const Eigen::ArrayXXd& outputs,
                                               const analysis::SobolOptions& options);

}  // namespace faultline::cli
