#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "findings/evidence.h"

namespace faultline::findings {

/// How many edges lie between a fault and a node. Immutable.
class Ways {
  public:
    explicit Ways(const Evidence& evidence);

    /// From the perturbation's node (0: that node itself) by the shortest way; of a fault on one
    /// edge by that edge. nullopt: no way leads there.
    [[nodiscard]] std::optional<std::size_t> edges(const std::string& perturbation,
                                                   const std::string& node) const;
    /// By name, those a node reads.
    [[nodiscard]] const std::vector<std::string>& inputs(const std::string& node) const;
    /// Every edge as (from, to), in the journal's order.
    std::vector<std::pair<std::string, std::string>> all;

  private:
    std::map<std::string, std::map<std::string, std::size_t>> distances_;  ///< by perturbation
    std::map<std::string, std::vector<std::string>> inputs_;
};

}  // namespace faultline::findings
