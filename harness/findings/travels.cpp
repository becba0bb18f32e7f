#include "findings/travels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "findings/ways.h"
#include "findings/wording.h"

namespace faultline::findings {
namespace {

/// A standardised change and what it is a change of.
struct Moved {
    double size = 0;
    std::string what;
};

std::optional<double> given_in(const std::map<std::string, double>& numbers,
                               const std::string& name) {
    const auto found = numbers.find(name);
    return found == numbers.end() || !std::isfinite(found->second) ? std::nullopt
                                                                   : std::optional(found->second);
}

std::string signed_share(double share) {
    return fmt::format("{}{} %", share < 0 ? "−" : "+", short_number(std::abs(100 * share)));
}

/// Looks for the largest change between a node in the base and the same node in a trial.
class Comparison {
  public:
    /// Of `identifiers`, columns that identify rows in some node, only nulls and orphans mean
    /// anything: a quantile of ids is no quantity.
    Comparison(const journal::NodeProfile& base, const journal::NodeProfile& now,
               const std::set<std::string>& identifiers)
        : base_(base), keys_(identifiers) {
        const double rows = given_in(base.numbers, "rows").value_or(0);
        rows_now_ = given_in(now.numbers, "rows").value_or(0);
        relative("rows", rows, rows_now_);
        if (const auto keys = given_in(now.numbers, "keys"), was = given_in(base.numbers, "keys");
            keys && was && *was == rows && rows_now_ > *keys)
            keep((rows_now_ - *keys) / rows_now_,
                 fmt::format("{} of rows repeat a key",
                             signed_share((rows_now_ - *keys) / rows_now_).substr(1)));
        std::map<std::string, const journal::ColumnProfile*> by_name;
        for (const auto& column : now.columns) by_name[column.name] = &column;
        for (const auto& column : base.columns) {
            const auto found = by_name.find(column.name);
            if (found == by_name.end()) {
                keep(1, column.name + " is gone");
            } else if (found->second->type != column.type) {
                keep(1, column.name + " is " + found->second->type);
            } else {
                compare(column, *found->second);
            }
        }
    }
    [[nodiscard]] const Moved& largest() const { return largest_; }

  private:
    void keep(double size, const std::string& what) {
        if (std::isfinite(size) && size > largest_.size + 1e-12) largest_ = {size, what};
    }
    void relative(const std::string& what, double was, double is) {
        if (was > 0) keep(std::abs(is - was) / was, what + " " + signed_share((is - was) / was));
    }
    void share(const journal::ColumnProfile& was, const journal::ColumnProfile& is,
               const std::string& name, const std::string& what) {
        const auto before = given_in(was.numbers, name), after = given_in(is.numbers, name);
        const double rows = given_in(base_.numbers, "rows").value_or(0);
        if (!before || !after || rows_now_ <= 0 || rows <= 0) return;
        const double moved = *after / rows_now_ - *before / rows;
        keep(std::abs(moved),
             fmt::format("{} values of {} {} of rows", what, was.name, signed_share(moved)));
    }
    void compare(const journal::ColumnProfile& was, const journal::ColumnProfile& is) {
        share(was, is, "nulls", "empty");
        share(was, is, "unknown", "unknown");
        for (const auto& [name, number] : was.numbers)
            if (name.rfind("orphans:", 0) == 0) share(was, is, name, "orphaned");
        if (const auto before = given_in(was.numbers, "distinct"),
            after = given_in(is.numbers, "distinct");
            before && after)
            relative("different values of " + was.name, *before, *after);
        if (keys_.contains(was.name)) return;
        double scale = given_in(was.numbers, "std").value_or(0);
        if (const auto low = given_in(was.numbers, "min"), high = given_in(was.numbers, "max");
            !was.numbers.contains("mean") && low && high) {
            moved(was, is, "max", "latest " + was.name, *high - *low);
            return;
        }
        // A constant has no standard deviation: its own size is the scale then.
        if (scale == 0) scale = std::abs(given_in(was.numbers, "mean").value_or(0));
        moved(was, is, "mean", "mean of " + was.name, scale);
        moved(was, is, "std", "standard deviation of " + was.name, scale);
        moved(was, is, "q50", "median of " + was.name, scale);
        for (const char* quantile : {"q05", "q25", "q75", "q95"})
            moved(was, is, quantile,
                  std::to_string(std::stoi(quantile + 1)) + " % quantile of " + was.name, scale);
    }
    void moved(const journal::ColumnProfile& was, const journal::ColumnProfile& is,
               const std::string& name, const std::string& what, double scale) {
        const auto before = given_in(was.numbers, name), after = given_in(is.numbers, name);
        if (!before || !after || scale <= 0) return;
        const double by = *after - *before;
        const std::string amount = was.numbers.contains("mean") && *before != 0
                                       ? signed_share(by / std::abs(*before))
                                       : fmt::format("{}{} spreads", by < 0 ? "−" : "+",
                                                     short_number(std::abs(by) / scale));
        keep(std::abs(by) / scale, what + " " + amount);
    }

    const journal::NodeProfile& base_;
    const std::set<std::string>& keys_;
    double rows_now_ = 0;
    Moved largest_;
};

/// The worst of an output's numbers in one trial, in tolerances; nullopt: none has one.
std::optional<double> damage_at(const Evidence& evidence, const journal::TrialRecord& trial,
                                const std::string& node) {
    std::optional<double> worst;
    for (std::size_t s = 0; s < evidence.series.size() && s < trial.values.size(); ++s) {
        const auto metric =
            std::find_if(evidence.scenario.metrics.begin(), evidence.scenario.metrics.end(),
                         [&](const model::Metric& candidate) {
                             return candidate.id == evidence.series[s].metric;
                         });
        const auto output = evidence.pipeline.find(metric->output);
        if (!output || evidence.pipeline.nodes[*output].name != node || !trial.values[s]) continue;
        const auto i = static_cast<Eigen::Index>(s);
        const double change = std::abs(*trial.values[s] - evidence.base(i));
        const double damage = change == 0 ? 0 : change / evidence.tolerance(i);
        if (std::isfinite(damage)) worst = std::max(worst.value_or(0), damage);
    }
    return worst;
}

/// The profiled trials of one perturbation alone, at the highest severity there is.
std::vector<std::size_t> trials_of(const Profiles& profiles, const std::string& perturbation) {
    double highest = -1;
    std::vector<std::size_t> trials;
    for (std::size_t t = 0; t < profiles.records.size(); ++t) {
        const auto& severities = profiles.records[t]->severities;
        if (severities.size() != 1 || severities.begin()->first != perturbation) continue;
        if (severities.begin()->second > highest) {
            highest = severities.begin()->second;
            trials.clear();
        }
        if (severities.begin()->second == highest) trials.push_back(t);
    }
    return trials;
}

/// What was handed on, or handed to `consumer` alone where that is not empty.
const journal::NodeProfile* handed(const journal::Profile& profile, const std::string& node,
                                   const std::string& consumer) {
    for (const auto& candidate : profile.nodes)
        if (candidate.node == node && candidate.consumer == consumer) return &candidate;
    return nullptr;
}

class Traveller {
  public:
    Traveller(const Evidence& evidence, const Profiles& profiles)
        : evidence_(evidence), profiles_(profiles), ways_(evidence) {
        for (const auto& node : evidence.pipeline.nodes)
            keys_.insert(node.key.begin(), node.key.end());
    }

    [[nodiscard]] std::optional<Travel> way_of(std::size_t p) const {
        const auto& perturbation = evidence_.scenario.perturbations[p];
        const auto trials = trials_of(profiles_, perturbation.id);
        if (trials.empty()) return std::nullopt;
        Travel travel;
        travel.perturbation = perturbation.id;
        travel.node = evidence_.node_of(p);
        std::string consumer;
        if (!perturbation.consumer.empty())
            if (const auto found = evidence_.pipeline.find(perturbation.consumer))
                consumer = evidence_.pipeline.nodes[*found].name;
        std::map<std::string, const Station*> by_node;
        travel.stations.reserve(profiles_.nodes.size());
        for (std::size_t n = 0; n < profiles_.nodes.size(); ++n) {
            const std::string& name = profiles_.nodes[n]->node;
            const auto edges = ways_.edges(perturbation.id, name);
            if (!edges) continue;
            Station station;
            station.node = name;
            station.distance = *edges;
            measure(trials, n, name == travel.node ? consumer : "", station);
            travel.stations.push_back(std::move(station));
            by_node[name] = &travel.stations.back();
        }
        mark(travel, by_node);
        return travel;
    }

    [[nodiscard]] const Ways& ways() const { return ways_; }

  private:
    void measure(const std::vector<std::size_t>& trials, std::size_t n, const std::string& consumer,
                 Station& station) const {
        double most = 0, damage = 0;
        std::size_t damaged = 0, differing = 0;
        const double share = 1.0 / static_cast<double>(trials.size());
        for (const std::size_t t : trials) {
            if (const auto at = damage_at(evidence_, *profiles_.records[t], station.node)) {
                damage += *at;
                ++damaged;
            }
            const auto* now = handed(*profiles_.profiled[t], station.node, consumer);
            if (now == nullptr || now->same) continue;
            ++differing;
            const Comparison comparison(*profiles_.nodes[n], *now, keys_);
            station.change += share * comparison.largest().size;
            if (comparison.largest().size > most) {
                most = comparison.largest().size;
                station.what = comparison.largest().what;
            }
        }
        station.differs = static_cast<double>(differing) / static_cast<double>(trials.size());
        if (damaged > 0) station.damage = damage / static_cast<double>(damaged);
    }

    void mark(Travel& travel, const std::map<std::string, const Station*>& by_node) const {
        std::vector<std::pair<double, std::string>> grown;
        for (const auto& station : travel.stations) {
            if (station.distance == 0) continue;
            double before = 0;
            bool fed = false;
            for (const auto& input : ways_.inputs(station.node))
                if (const auto found = by_node.find(input); found != by_node.end()) {
                    fed = fed || found->second->differs > 0;
                    before = std::max(before, found->second->change);
                }
            if (fed && station.differs == 0) travel.absorbed_at.push_back(station.node);
            // Changes below a hundredth of a spread are nobody's concern, however much they grew.
            if (fed && station.change > 0.01 && station.change > 1.5 * before)
                grown.emplace_back(before > 0 ? station.change / before : HUGE_VAL, station.node);
        }
        std::stable_sort(grown.begin(), grown.end(),
                         [](const auto& a, const auto& b) { return a.first > b.first; });
        constexpr std::size_t most = 3;
        for (std::size_t i = 0; i < std::min(most, grown.size()); ++i)
            travel.amplified_at.push_back(grown[i].second);
    }

    const Evidence& evidence_;
    const Profiles& profiles_;
    Ways ways_;
    std::set<std::string> keys_;  ///< as their nodes spell them
};

}  // namespace

std::vector<Travel> travels(const Evidence& evidence, const Profiles& profiles) {
    if (profiles.empty()) return {};
    const Traveller traveller(evidence, profiles);
    std::vector<Travel> all;
    for (std::size_t p = 0; p < evidence.scenario.perturbations.size(); ++p)
        if (auto way = traveller.way_of(p)) all.push_back(std::move(*way));
    return all;
}

std::vector<EdgeDamage> edge_damages(const Evidence& evidence, const Profiles& profiles,
                                     const std::vector<Travel>& travel) {
    std::map<std::string, std::string> only;  // perturbation → the one reader that gets its fault
    std::map<std::string, std::string> site;
    for (std::size_t p = 0; p < evidence.scenario.perturbations.size(); ++p) {
        const auto& perturbation = evidence.scenario.perturbations[p];
        site[perturbation.id] = evidence.node_of(p);
        if (const auto found = evidence.pipeline.find(perturbation.consumer);
            !perturbation.consumer.empty() && found)
            only[perturbation.id] = evidence.pipeline.nodes[*found].name;
    }
    std::vector<EdgeDamage> edges;
    for (const auto& [from, to] : Ways(evidence).all) {
        EdgeDamage edge{from, to, std::nullopt, {}};
        if (profiles.find(from))
            for (const auto& way : travel) {
                const auto reader = only.find(way.perturbation);
                if (reader != only.end() && site.at(way.perturbation) == from &&
                    reader->second != to)
                    continue;
                for (const auto& station : way.stations)
                    if (station.node == from && (!edge.change || station.change > *edge.change)) {
                        edge.change = station.change;
                        edge.worst_perturbation = station.change > 0 ? way.perturbation : "";
                    }
            }
        edges.push_back(std::move(edge));
    }
    return edges;
}

}  // namespace faultline::findings
