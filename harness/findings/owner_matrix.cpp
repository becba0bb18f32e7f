#include <algorithm>
#include <cmath>
#include <map>

#include "core/special_values.h"
#include "findings/breaches.h"
#include "findings/describe_structure.h"
#include "findings/finite.h"

namespace faultline::findings {
namespace {

struct Entry {
    OwnerDamage row;
    double damage = -1;
};

/// Entries by (from, to), in the order of their first nodes in the pipeline.
class Matrix {
  public:
    explicit Matrix(const Evidence& evidence) : evidence_(evidence) {}

    Entry& at(std::size_t node, std::size_t output) {
        const auto& from = evidence_.pipeline.nodes[node].owner;
        const auto& to = evidence_.pipeline.nodes[output].owner;
        Entry& entry = entries_[{from, to}];
        entry.row.from = from;
        entry.row.to = to;
        return entry;
    }

    void consider(std::size_t node, std::size_t series, double damage, const std::string& fault) {
        const std::size_t metric = evidence_.metric_of[series];
        Entry& entry = at(node, evidence_.output_of[metric]);
        if (std::isnan(damage) || damage <= entry.damage) return;
        entry.damage = damage;
        entry.row.unbounded = damage == infinity;
        entry.row.damage = finite(damage);
        if (damage == 0) return;
        entry.row.worst_perturbation = fault;
        entry.row.worst_metric = evidence_.scenario.metrics[metric].id;
    }

    std::vector<OwnerDamage> rows() const {
        std::vector<std::string> owners;
        for (const auto& node : evidence_.pipeline.nodes)
            if (std::find(owners.begin(), owners.end(), node.owner) == owners.end())
                owners.push_back(node.owner);
        std::vector<OwnerDamage> rows;
        for (const auto& from : owners)
            for (const auto& to : owners)
                if (const auto entry = entries_.find({from, to}); entry != entries_.end())
                    rows.push_back(entry->second.row);
        return rows;
    }

  private:
    const Evidence& evidence_;
    std::map<std::pair<std::string, std::string>, Entry> entries_;
};

/// How the trials of one fault alone ended in the outputs that it reaches.
void count_trials(const Evidence& evidence, const Dose& dose, Matrix& matrix) {
    const std::size_t site = evidence.sites[dose.perturbation];
    const auto below = evidence.dag.descendants(evidence.first_seen(dose.perturbation));
    // An owner with several outputs is told of a trial once.
    std::map<std::string, std::vector<std::size_t>> outputs;
    for (const std::size_t output : evidence.output_of)
        if (below[output]) outputs[evidence.pipeline.nodes[output].owner].push_back(output);
    for (const auto* trial : dose.trials) {
        const Breaches breaches = breaches_of(evidence, *trial);
        for (const auto& [owner, theirs] : outputs) {
            OwnerDamage& row = matrix.at(site, theirs.front()).row;
            ++row.trials;
            row.breaks = row.breaks || broke_down(*trial);
            for (const auto* series : breaches.fresh)
                for (std::size_t m = 0; m < evidence.output_of.size(); ++m)
                    if (evidence.scenario.metrics[m].id == series->metric &&
                        evidence.pipeline.nodes[evidence.output_of[m]].owner == owner)
                        row.breaks = true;
            for (const std::size_t s : breaches.series)
                if (!trial->values[s] &&
                    evidence.pipeline.nodes[evidence.output_of[evidence.metric_of[s]]].owner ==
                        owner)
                    row.breaks = true;
            if (trial->outcome != journal::Outcome::silent) continue;
            row.silent += std::any_of(theirs.begin(), theirs.end(), [&](std::size_t output) {
                return breaches.outputs.contains(output);
            });
        }
    }
}

}  // namespace

std::vector<OwnerDamage> owner_matrix(const Evidence& evidence,
                                      const std::vector<DoseEstimates>& estimates,
                                      const Sampled* sampled) {
    Matrix matrix(evidence);
    for (const auto& of_dose : estimates) {
        const std::size_t p = of_dose.dose->perturbation;
        if (evidence.is_benign(p)) continue;
        const auto& reached = evidence.reached[p];
        for (std::size_t column = 0; column < reached.size(); ++column)
            matrix.consider(evidence.sites[p], static_cast<std::size_t>(reached[column]),
                            of_dose.damage.estimate(static_cast<Eigen::Index>(column)),
                            evidence.scenario.perturbations[p].id);
        count_trials(evidence, *of_dose.dose, matrix);
    }
    if (sampled != nullptr)
        for (std::size_t p = 0; p < sampled->players().size(); ++p) {
            const auto& damage = sampled->damage[p].estimate;
            for (const std::size_t node : nodes_of(evidence, sampled->players()[p])) {
                const auto below = evidence.dag.descendants(node);
                for (Eigen::Index s = 0; s < damage.size(); ++s) {
                    const auto series = static_cast<std::size_t>(s);
                    if (below[evidence.output_of[evidence.metric_of[series]]])
                        matrix.consider(node, series, damage(s), sampled->players()[p].name);
                }
            }
        }
    return matrix.rows();
}

}  // namespace faultline::findings
