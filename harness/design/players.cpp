#include "design/players.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"

namespace faultline::design {
namespace {

/// By factor: the name of its group, or nothing.
std::vector<std::string> stated_groups(const model::DesignSpec& spec,
                                       const std::vector<Factor>& factors) {
    std::vector<std::string> group(factors.size());
    for (std::size_t i = 0; i < factors.size(); ++i) {
        if (spec.group_by == "node") group[i] = factors[i].node;
        if (spec.group_by == "owner") group[i] = factors[i].owner;
    }
    for (const auto& ids : spec.groups) {
        std::string name;
        for (const auto& id : ids) name += (name.empty() ? "" : " + ") + id;
        for (std::size_t i = 0; i < factors.size(); ++i)
            if (std::find(ids.begin(), ids.end(), factors[i].id) != ids.end()) group[i] = name;
    }
    return group;
}

}  // namespace

std::vector<Player> players_of(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    const auto group = stated_groups(spec, factors);
    std::vector<Player> players;
    for (std::size_t i = 0; i < factors.size(); ++i) {
        if (!factors[i].reaches) continue;
        const auto mine = std::find_if(players.begin(), players.end(), [&](const Player& player) {
            return !group[i].empty() && group[player.members.front()] == group[i];
        });
        if (mine == players.end()) {
            players.push_back(
                {group[i].empty() ? factors[i].id : group[i], {i}, factors[i].binary});
        } else {
            mine->members.push_back(i);
            mine->binary = mine->binary && factors[i].binary;
        }
    }
    // A group of one is that one.
    for (auto& player : players)
        if (player.members.size() == 1) player.name = factors[player.members.front()].id;
    return players;
}

std::vector<Player> unions_of(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    std::vector<Player> unions;
    if (spec.group_by != model::every_level) return unions;
    for (const auto level : {&Factor::node, &Factor::owner}) {
        std::vector<Player> of_level;
        for (std::size_t i = 0; i < factors.size(); ++i) {
            const std::string& name = factors[i].*level;
            if (!factors[i].reaches || name.empty()) continue;
            const auto known = std::find_if(of_level.begin(), of_level.end(),
                                            [&](const Player& one) { return one.name == name; });
            if (known == of_level.end()) {
                of_level.push_back({name, {i}, factors[i].binary});
            } else {
                known->members.push_back(i);
                known->binary = known->binary && factors[i].binary;
            }
        }
        for (auto& one : of_level) {
            const bool is_another =
                std::any_of(unions.begin(), unions.end(),
                            [&](const Player& other) { return other.members == one.members; });
            if (one.members.size() > 1 && !is_another) unions.push_back(std::move(one));
        }
    }
    return unions;
}

std::vector<std::size_t> columns_of(const std::vector<Player>& players) {
    std::vector<std::size_t> columns;
    for (const auto& player : players)
        columns.insert(columns.end(), player.members.begin(), player.members.end());
    return columns;
}

Groups groups_of(const std::vector<Player>& players) {
    Groups groups;
    for (std::size_t p = 0; p < players.size(); ++p)
        groups.insert(groups.end(), players[p].members.size(), p);
    return groups.size() == players.size() ? Groups{} : groups;
}

Sample shared_by_members(const std::vector<Player>& players, const Sample& of_players) {
    Sample sample(of_players.rows(), static_cast<Eigen::Index>(columns_of(players).size()));
    Eigen::Index column = 0;
    for (std::size_t p = 0; p < players.size(); ++p)
        for (std::size_t m = 0; m < players[p].members.size(); ++m)
            sample.col(column++) = of_players.col(static_cast<Eigen::Index>(p));
    return sample;
}

Eigen::ArrayXXd first_members(const std::vector<Player>& players, const Eigen::ArrayXXd& inputs) {
    Eigen::ArrayXXd firsts(inputs.rows(), static_cast<Eigen::Index>(players.size()));
    Eigen::Index column = 0;
    for (std::size_t p = 0; p < players.size(); ++p) {
        firsts.col(static_cast<Eigen::Index>(p)) = inputs.col(column);
        column += static_cast<Eigen::Index>(players[p].members.size());
    }
    return firsts;
}

std::map<std::string, double> severities_of(const std::vector<Player>& players,
                                            const std::vector<Factor>& factors,
                                            const Eigen::Ref<const Eigen::ArrayXd>& row) {
    std::map<std::string, double> severities;
    Eigen::Index column = 0;
    for (const std::size_t factor : columns_of(players))
        severities[factors[factor].id] = row(column++);
    return severities;
}

Eigen::ArrayXXd inputs_of(const std::vector<Player>& players, const std::vector<Factor>& factors,
                          const std::vector<Trial>& trials) {
    const auto columns = columns_of(players);
    Eigen::ArrayXXd inputs(static_cast<Eigen::Index>(trials.size()),
                           static_cast<Eigen::Index>(columns.size()));
    for (std::size_t t = 0; t < trials.size(); ++t)
        for (std::size_t c = 0; c < columns.size(); ++c) {
            const auto& id = factors[columns[c]].id;
            const auto severity = trials[t].severities.find(id);
            if (severity == trials[t].severities.end())
                throw Error(ErrorKind::user,
                            fmt::format("trial {} says nothing of \"{}\", which the design varies",
                                        trials[t].number, id));
            inputs(static_cast<Eigen::Index>(t), static_cast<Eigen::Index>(c)) = severity->second;
        }
    return inputs;
}

}  // namespace faultline::design
