#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "design/sampled.h"
#include "graph/dag.h"
#include "journal/records.h"

namespace faultline::findings {

/// One perturbation at one severity, alone: what it did in every trial.
struct Dose {
    std::size_t perturbation = 0;  ///< position in Scenario::perturbations
    double severity = 1;
    bool deterministic = false;                          ///< one trial says it all
    std::vector<const journal::TrialRecord*> trials;     ///< borrowed from the journal, by number
    std::vector<const journal::TrialRecord*> survivors;  ///< those that gave values
};

/// Did it run to its end with the fault in place?
bool survived(const journal::TrialRecord& trial);

/// A journal arranged for estimating: the documents read again, the base as arrays, the trials by
/// dose. Borrows the journal. Immutable.
struct Evidence {
    explicit Evidence(const journal::Journal& from);

    const journal::Journal& journal;
    model::Scenario scenario;
    model::Pipeline pipeline;
    graph::Dag dag;  ///< as the run saw it
    std::vector<journal::Series> series;
    Eigen::ArrayXd base;                 ///< by series; NaN: no value
    Eigen::ArrayXd tolerance;            ///< by series, effective; NaN: not known
    std::vector<std::size_t> output_of;  ///< by metric of the scenario: its output's node
    std::vector<std::size_t> metric_of;  ///< by series: its metric in the scenario
    /// By perturbation: the series that it can move at all, ascending. The others it moves by
    /// exactly 0, because no path leads from it to their output.
    std::vector<std::vector<Eigen::Index>> reached;
    std::vector<std::size_t>
        sites;  ///< by perturbation: its node, as a position in Pipeline::nodes
    std::vector<design::Factor> factors;  ///< by perturbation, as the run's design saw them
    /// The trials that vary everything at once, where the design has some; the rest are doses.
    std::optional<design::SampledPart> sampled;
    std::vector<Dose> doses;               ///< by perturbation, then severity
    std::vector<std::string> explanation;  ///< what the design chose and why, in sentences

    /// survivors × reached series of the dose; NaN: no value.
    [[nodiscard]] Eigen::ArrayXXd values_of(const Dose& dose) const;
    /// The node's name as the pipeline spells it; the scenario may differ in case.
    [[nodiscard]] const std::string& node_of(std::size_t perturbation) const {
        return pipeline.nodes[sites[perturbation]].name;
    }
    /// What the run wrote down of a perturbation's plugin; nothing in journals of older builds.
    [[nodiscard]] const journal::FaultFacts* facts_of(std::size_t perturbation) const;
    [[nodiscard]] bool is_benign(std::size_t perturbation) const {
        const auto* facts = facts_of(perturbation);
        return facts != nullptr && facts->benign;
    }
    /// The first node at which a perturbation shows: its own, or the reader of a perturbed edge.
    [[nodiscard]] std::size_t first_seen(std::size_t perturbation) const;
    [[nodiscard]] const model::Perturbation& perturbation_of(const Dose& dose) const {
        return scenario.perturbations[dose.perturbation];
    }
};

}  // namespace faultline::findings
