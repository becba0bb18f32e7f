#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "design/design.h"
#include "model/scenario.h"
#include "plugin/perturb.h"
#include "plugin/registry.h"
#include "run/workflow.h"

namespace faultline::run {

/// A check ready to run: the SELECT of its failing rows over node names, and the nodes it reads.
struct BoundCheck {
    std::string id;
    std::string sql;
    graph::NodeIndex node = 0;
    std::vector<graph::NodeIndex> reads;  ///< `node` among them
    /// Not empty: a contract of columns, asked of the schema instead of the rows, with each stated
    /// type in the engine's own spelling.
    std::vector<model::ColumnSpec> contract;
    std::vector<std::string> contract_types;
    std::string pointer;
};

/// Metrics that one query answers: same output, same segments. Or one that no query answers, since
/// it is measured.
struct MetricGroup {
    graph::NodeIndex output = 0;
    std::vector<std::string> by;
    std::vector<std::size_t> metrics;  ///< positions in Scenario::metrics
    bool measured = false;
};

/// A scenario with everything it names, checked against each other. Immutable, shared by all
/// threads; the registry must outlive it.
struct Experiment {
    model::Scenario scenario;
    Workflow workflow;
    std::vector<plugin::Fault> faults;                       ///< by Scenario::perturbations
    std::vector<graph::NodeIndex> sites;                     ///< by perturbation: its node
    std::vector<std::optional<graph::NodeIndex>> consumers;  ///< by perturbation
    std::vector<BoundCheck> checks;  ///< the scenario's, then the nodes' contracts
    std::vector<MetricGroup> metric_groups;
    std::vector<design::Factor> factors;  ///< by perturbation
    std::vector<std::string> warnings;
};

/// Reads the scenario and its pipeline and checks all that can be checked without touching data.
/// Throws Error(user) with every problem.
Experiment load_experiment(const std::filesystem::path& scenario_file,
                           const plugin::Registry& registry, std::optional<std::uint64_t> seed);

/// Reads the data as well: every step, metric and check is bound against the real columns, and
/// every perturbation against the relation it acts on. Nothing is executed but the sources'
/// reading. Throws Error(user) with every problem.
void check_with_data(const Experiment& experiment);

}  // namespace faultline::run
