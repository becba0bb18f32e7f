#pragma once

#include <Eigen/Core>
#include <vector>

#include "design/sampled.h"

namespace faultline::design {

/// How often a design is repeated, each time under streams of its own: without chance, repeating it
/// would only repeat its numbers.
std::uint64_t repeats_of(const model::DesignSpec& spec, const std::vector<Factor>& factors);

/// A design of which every player has the same few severities: `once` (runs × players, in [0, 1]),
/// repeated, and read back by factorial_estimates().
SampledMethod repeated_factorial(std::vector<Player> players, const Sample& once,
                                 const model::DesignSpec& spec, const std::vector<Factor>& factors,
                                 bool pairs);

/// |effect| with the interval that the effect's own interval implies.
analysis::Estimates size_of(const analysis::Estimates& effect);

/// Reads a factorial design back by least squares (analysis/regression.h): for each player
/// "effect", the change of the output from severity 0 to 1 averaged over all others, and "change",
/// its size; with `pairs` also "interaction", by how much the effect of one player grows when the
/// other goes from 0 to 1.
std::vector<IndexEstimates> factorial_estimates(const Eigen::ArrayXXd& inputs,
                                                const Eigen::ArrayXXd& outputs, bool pairs,
                                                double confidence);

}  // namespace faultline::design
