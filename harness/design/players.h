#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "design/design.h"

namespace faultline::design {

/// What a design moves as one: a perturbation, or a group of them that share one severity.
struct Player {
    std::string name;  ///< the perturbation's id, the node's or owner's name, "a + b"
    std::vector<std::size_t> members;  ///< positions in the factors, ascending
    bool binary = false;               ///< all its members are on or off
};

/// The players of a document: its groups (`groups` as lists, or one a node or an owner), and every
/// perturbation in none of them by itself, in the order of their first members. Players of which
/// nothing reaches a metric are left out: their indices are 0 and cost no run.
std::vector<Player> players_of(const model::DesignSpec& spec, const std::vector<Factor>& factors);

/// Severities of every perturbation when each player has its own.
std::map<std::string, double> severities_of(const std::vector<Player>& players,
                                            const std::vector<Factor>& factors,
                                            const Eigen::Ref<const Eigen::ArrayXd>& of_players);

/// The way back: trials × players. Throws Error(user) for a trial that lacks one of them.
Eigen::ArrayXXd inputs_of(const std::vector<Player>& players, const std::vector<Factor>& factors,
                          const std::vector<Trial>& trials);

}  // namespace faultline::design
