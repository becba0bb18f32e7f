#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "analysis/estimate.h"
#include "analysis/sobol.h"
#include "core/groups.h"

namespace faultline::cli {

/// One index of one factor, or of a pair, for every output.
struct AttributedIndex {
    /// S1, ST, S2, shapley, mu, mu_star, sigma, src, prcc, hsic, p_value, q_value, effect
    std::string index;
    std::size_t factor = 0, with = 0;
    bool pair = false;
    Eigen::Index of = 0;  ///< `estimates.count` is out of this many
    analysis::Estimates estimates;
};

/// As far as it applies to a method.
struct AttributionOptions {
    /// Intervals of all methods; the rest is for those it is called after.
    analysis::SobolOptions sobol = {};
    Groups groups = {};  ///< of sobol, shapley and morris
    std::uint64_t permutations = 999;
};

/// The methods of attribute_numbers().
const std::vector<std::string>& attribution_methods();

/// Whether a method knows factors that move together.
bool takes_groups(const std::string& method);

/// What `method` makes of anybody's runs. Where there are groups, `factor` and `with` count groups.
/// Throws Error(user) where `inputs` are not the design that the method needs.
std::vector<AttributedIndex> attribute_numbers(const std::string& method,
                                               const Eigen::ArrayXXd& inputs,
                                               const Eigen::ArrayXXd& outputs,
                                               const AttributionOptions& options);

}  // namespace faultline::cli
