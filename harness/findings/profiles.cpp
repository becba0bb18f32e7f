#include "findings/profiles.h"

#include <algorithm>

#include "model/names.h"

namespace faultline::findings {
namespace {

std::optional<double> number_named(const std::map<std::string, double>& numbers,
                                   const std::string& name) {
    const auto found = numbers.find(name);
    return found == numbers.end() ? std::nullopt : std::optional(found->second);
}

/// The rate of empty values and the number of rows beyond one a key follow from what was counted.
std::optional<double> statistic_in(const journal::NodeProfile& node,
                                   const journal::ColumnProfile* column, const std::string& name) {
    const auto rows = number_named(node.numbers, "rows");
    if (column == nullptr) {
        if (name != "repeated") return number_named(node.numbers, name);
        const auto keys = number_named(node.numbers, "keys");
        return rows && keys ? std::optional(*rows - *keys) : std::nullopt;
    }
    if (name != "null_rate") return number_named(column->numbers, name);
    const auto nulls = number_named(column->numbers, "nulls");
    if (!nulls || !rows || *rows == 0) return std::nullopt;
    return *nulls / *rows;
}

}  // namespace

Profiles::Profiles(const Evidence& evidence) {
    const auto& all = evidence.journal.profiles;
    const auto base = std::find_if(all.begin(), all.end(), [](const journal::Profile& profile) {
        return !profile.trial && !profile.without;
    });
    if (base == all.end()) return;
    for (const auto& node : base->nodes) {
        places_[node.node] = nodes.size();
        nodes.push_back(&node);
    }
    for (const auto& profile : all) {
        if (profile.without) {
            parts_.push_back(arrange(profile));
        } else if (profile.trial && !profile.nodes.empty()) {
            records.push_back(evidence.journal.trial(*profile.trial));
            profiled.push_back(&profile);
            trials_.push_back(arrange(profile));
        }
    }
}

Profiles::Run Profiles::arrange(const journal::Profile& profile) const {
    Run run(nodes.size());
    for (const auto& node : profile.nodes) {
        const auto place = places_.find(node.node);
        if (place == places_.end() || !node.consumer.empty()) continue;
        Seen& seen = run[place->second];
        seen.reached = true;
        if (node.same) continue;
        seen.profile = &node;
        std::map<std::string, const journal::ColumnProfile*> by_name;
        for (const auto& column : node.columns) by_name[model::fold_case(column.name)] = &column;
        for (const auto& column : nodes[place->second]->columns) {
            const auto found = by_name.find(model::fold_case(column.name));
            seen.columns.push_back(found == by_name.end() ? nullptr : found->second);
        }
    }
    return run;
}

std::optional<std::size_t> Profiles::find(const std::string& node) const {
    const auto found = places_.find(node);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> Profiles::in_base(const Statistic& statistic) const {
    const auto& node = *nodes[statistic.node];
    return statistic_in(node, statistic.column ? &node.columns[*statistic.column] : nullptr,
                        statistic.name);
}

std::optional<double> Profiles::value(const Run& run, const Statistic& statistic) const {
    const Seen& seen = run[statistic.node];
    if (seen.profile == nullptr) return in_base(statistic);
    if (!statistic.column) return statistic_in(*seen.profile, nullptr, statistic.name);
    const auto* column = seen.columns[*statistic.column];
    return column == nullptr ? std::nullopt : statistic_in(*seen.profile, column, statistic.name);
}

bool Profiles::lacks(std::size_t trial, const Statistic& statistic) const {
    const Seen& seen = trials_[trial][statistic.node];
    return seen.profile != nullptr && statistic.column &&
           seen.columns[*statistic.column] == nullptr;
}

std::size_t Profiles::broken_columns(std::size_t trial, std::size_t node) const {
    const Seen& seen = trials_[trial][node];
    std::size_t broken = 0;
    for (std::size_t c = 0; c < seen.columns.size(); ++c)
        if (seen.columns[c] == nullptr || seen.columns[c]->type != nodes[node]->columns[c].type)
            ++broken;
    return broken;
}

}  // namespace faultline::findings
