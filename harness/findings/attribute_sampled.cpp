#include <algorithm>

#include "findings/finite.h"
#include "findings/sampled.h"

namespace faultline::findings {
namespace {

class SampledRows {
  public:
    SampledRows(const Evidence& evidence, const Sampled& sampled, std::vector<Attribution>& rows)
        : evidence_(evidence), sampled_(sampled), rows_(rows) {}

    void add(const design::IndexEstimates& index, const std::string& name,
             const analysis::Estimates& estimates, const std::string& unit) {
        for (std::size_t s = 0; s < evidence_.series.size(); ++s) {
            const auto at = static_cast<Eigen::Index>(s);
            Attribution& row = start(index, name, unit);
            row.metric = evidence_.series[s].metric;
            row.segment = evidence_.series[s].segment;
            const bool known =
                !(reaches(index.player, at)) || (index.with && !reaches(*index.with, at));
            if (known) {
                row.estimate = row.low = row.high = 0.0;
                continue;
            }
            row.estimate = finite(estimates.estimate(at));
            row.low = finite(estimates.low(at));
            row.high = finite(estimates.high(at));
            row.conditional = sampled_.survivors < sampled_.trials || sampled_.lost[s] > 0;
        }
    }

    void add_crash(const design::IndexEstimates& index) {
        const bool share = index.unit == "share of variance";
        Attribution& row =
            start(index, index.index, share ? "share of variance of crashing" : "share of trials");
        row.estimate = finite(index.estimates.estimate(0));
        row.low = finite(index.estimates.low(0));
        row.high = finite(index.estimates.high(0));
    }

  private:
    [[nodiscard]] bool reaches(std::size_t player, Eigen::Index series) const {
        const auto& members = sampled_.player(player).members;
        return std::any_of(members.begin(), members.end(), [&](std::size_t member) {
            const auto& reached = evidence_.reached[member];
            return std::binary_search(reached.begin(), reached.end(), series);
        });
    }

    Attribution& start(const design::IndexEstimates& index, const std::string& name,
                       const std::string& unit) {
        const auto& player = sampled_.player(index.player);
        Attribution row;
        for (const std::size_t node : nodes_of(evidence_, player))
            row.node += (row.node.empty() ? "" : ", ") + evidence_.pipeline.nodes[node].name;
        if (player.members.size() == 1)
            row.perturbation = evidence_.scenario.perturbations[player.members.front()].id;
        else
            row.group = player.name;
        if (index.with) row.with = sampled_.player(*index.with).name;
        row.index = name;
        row.unit = unit;
        row.confidence = sampled_.confidence;
        return rows_.emplace_back(std::move(row));
    }

    const Evidence& evidence_;
    const Sampled& sampled_;
    std::vector<Attribution>& rows_;
};

/// What no design had to run, because no path leads to any metric: exactly 0.
void add_unreached(const Evidence& evidence, const Sampled& sampled,
                   std::vector<Attribution>& rows) {
    std::vector<std::string> names;
    for (const auto& index : sampled.indices)
        if (!index.with && index.index != "change" &&
            std::find(names.begin(), names.end(), index.index) == names.end())
            names.push_back(index.index);
    for (std::size_t p = 0; p < evidence.factors.size(); ++p) {
        if (evidence.factors[p].reaches) continue;
        for (const auto& name : names)
            for (const auto& series : evidence.series) {
                Attribution row;
                row.metric = series.metric;
                row.segment = series.segment;
                row.node = evidence.node_of(p);
                row.perturbation = evidence.scenario.perturbations[p].id;
                row.index = name;
                row.estimate = row.low = row.high = 0.0;
                row.confidence = sampled.confidence;
                row.unit = sampled.indices.front().unit;
                rows.push_back(std::move(row));
            }
    }
}

}  // namespace

void attribute_sampled(const Evidence& evidence, const Sampled& sampled,
                       std::vector<Attribution>& rows) {
    SampledRows all(evidence, sampled, rows);
    for (const auto& index : sampled.indices) {
        if (index.index == "change")
            all.add(index, "damage", sampled.damage[index.player], "tolerance");
        else
            all.add(index, index.index, index.estimates, index.unit);
    }
    for (const auto& index : sampled.crash)
        if (index.index != "change") all.add_crash(index);
    add_unreached(evidence, sampled, rows);
}

}  // namespace faultline::findings
