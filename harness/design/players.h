#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "core/groups.h"
#include "design/design.h"
#include "design/samplers.h"

namespace faultline::design {

/// What a design moves as one: a perturbation, or a group of them. In designs that share out
/// variance its members each have a severity, drawn anew together; in the others they share one.
struct Player {
    std::string name;  ///< the perturbation's id, the node's or owner's name, "a + b"
    std::vector<std::size_t> members;  ///< positions in the factors, ascending
    bool binary = false;               ///< all its members are on or off
};

/// The players of a document: its groups (`groups` as lists, or one a node or an owner), and every
/// perturbation in none of them by itself, in the order of their first members. Players of which
/// nothing reaches a metric are left out: their indices are 0 and cost no run.
std::vector<Player> players_of(const model::DesignSpec& spec, const std::vector<Factor>& factors);

/// Where the document asks for `"every_level"`: every node and every owner that has several of the
/// players, as a player too, whose members are players of their own. Nodes first, then owners, each
/// in the order of its first member; an owner whose perturbations are all of one node is that node.
std::vector<Player> unions_of(const model::DesignSpec& spec, const std::vector<Factor>& factors);

/// The factors that a design has a column for, in the order of the players and of their members.
std::vector<std::size_t> columns_of(const std::vector<Player>& players);
/// By column: its player. Empty where every player is one perturbation.
Groups groups_of(const std::vector<Player>& players);
/// A sample with a column a player, as one with a column a perturbation: members share the value.
Sample shared_by_members(const std::vector<Player>& players, const Sample& of_players);
/// The way back: the first member's column of each player.
Eigen::ArrayXXd first_members(const std::vector<Player>& players, const Eigen::ArrayXXd& inputs);

/// Severities of a row of such a sample.
std::map<std::string, double> severities_of(const std::vector<Player>& players,
                                            const std::vector<Factor>& factors,
                                            const Eigen::Ref<const Eigen::ArrayXd>& row);

/// The way back: trials × columns. Throws Error(user) for a trial that lacks one of them.
Eigen::ArrayXXd inputs_of(const std::vector<Player>& players, const std::vector<Factor>& factors,
                          const std::vector<Trial>& trials);

}  // namespace faultline::design
