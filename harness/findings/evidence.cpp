#include "findings/evidence.h"

#include <algorithm>
#include <limits>
#include <map>

#include "core/error.h"
#include "core/special_values.h"
#include "graph/dag.h"
#include "journal/tolerance.h"

namespace faultline::findings {
namespace {

/// The graph as the run saw it: it read the steps' SQL and wrote down who reads whom.
graph::Dag dag_of(const model::Pipeline& pipeline, const model::Json& edges) {
    std::map<std::string, graph::NodeIndex> place;
    for (std::size_t i = 0; i < pipeline.nodes.size(); ++i) place[pipeline.nodes[i].name] = i;
    const auto index_of = [&](const std::string& name) {
        const auto found = place.find(name);
        if (found == place.end())
            throw Error(ErrorKind::user, "the journal's edges name \"" + name +
                                             "\", which is no node of its pipeline");
        return found->second;
    };
    std::vector<std::vector<graph::NodeIndex>> inputs(pipeline.nodes.size());
    for (const auto& edge : edges)
        inputs[index_of(edge[1].get<std::string>())].push_back(
            index_of(edge[0].get<std::string>()));
    return {pipeline, std::move(inputs)};
}

graph::NodeIndex node_named(const model::Pipeline& pipeline, const std::string& name) {
    const auto node = pipeline.find(name);
    if (!node)
        throw Error(ErrorKind::user, "the journal's scenario names \"" + name +
                                         "\", which is no node of its pipeline");
    return *node;
}

/// By metric id: its position.
std::map<std::string, std::size_t> metric_places(const model::Scenario& scenario) {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < scenario.metrics.size(); ++i) places[scenario.metrics[i].id] = i;
    return places;
}

/// Fills in `reached` and the factors.
void look_at_reach(Evidence& evidence) {
    const graph::Dag& dag = evidence.dag;
    const auto& metric_of = evidence.metric_of;
    const auto listed = [](const std::vector<std::string>& ids, const std::string& id) {
        return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    auto& outputs = evidence.output_of;
    for (const auto& metric : evidence.scenario.metrics)
        outputs.push_back(node_named(evidence.pipeline, metric.output));
    for (const auto& perturbation : evidence.scenario.perturbations) {
        // A perturbed edge is seen by its reader and by what comes after it, not by the node's
        // others.
        const auto& first =
            perturbation.consumer.empty() ? perturbation.node : perturbation.consumer;
        const auto below = dag.descendants(node_named(evidence.pipeline, first));
        const auto& site =
            evidence.pipeline.nodes[node_named(evidence.pipeline, perturbation.node)];
        evidence.factors.push_back(
            {perturbation.id, !listed(evidence.journal.header.deterministic, perturbation.id),
             listed(evidence.journal.header.binary, perturbation.id), site.name, site.owner,
             std::any_of(outputs.begin(), outputs.end(),
                         [&](graph::NodeIndex output) { return below[output]; })});
        auto& mine = evidence.reached.emplace_back();
        for (std::size_t s = 0; s < metric_of.size(); ++s)
            if (below[outputs[metric_of[s]]]) mine.push_back(static_cast<Eigen::Index>(s));
    }
}

/// The run as its design saw it.
design::History history_of(const Evidence& evidence) {
    design::History history;
    history.trials.reserve(evidence.journal.trials.size());
    for (const auto& trial : evidence.journal.trials)
        history.trials.push_back({{trial.number, trial.block, trial.replicate, trial.severities},
                                  journal::name_of(trial.outcome),
                                  trial.values});
    history.base.assign(evidence.base.begin(), evidence.base.end());
    history.tolerance.assign(evidence.tolerance.begin(), evidence.tolerance.end());
    return history;
}

void look_at_design(Evidence& evidence) {
    model::DesignSpec spec = evidence.scenario.design;
    if (!spec.seed) spec.seed = evidence.journal.header.seed;
    const auto history = history_of(evidence);
    evidence.sampled = design::sampled_part(spec, evidence.factors, history);
    evidence.explanation =
        design::make_design(spec, evidence.factors, evidence.journal.header.scenario_path)
            ->explain(history);
}

/// A design gives a fault that draws as many trials as it has replicates. Where one was enough, the
/// run has said so in the header; in a journal that does not say, a finished run that stopped at
/// one of several means the same.
bool is_deterministic(const Evidence& evidence, const Dose& dose) {
    const auto& stated = evidence.journal.header.deterministic;
    if (std::find(stated.begin(), stated.end(), evidence.perturbation_of(dose).id) != stated.end())
        return true;
    const bool completed =
        evidence.journal.closing && evidence.journal.closing->status == "completed";
    return completed && evidence.scenario.design.replicates > 1 && dose.trials.size() == 1;
}

std::vector<Dose> doses_of(const Evidence& evidence) {
    std::map<std::string, std::size_t> place;
    for (std::size_t i = 0; i < evidence.scenario.perturbations.size(); ++i)
        place[evidence.scenario.perturbations[i].id] = i;
    std::map<std::pair<std::size_t, double>, Dose> doses;
    for (const auto& trial : evidence.journal.trials) {
        for (const auto& [id, severity] : trial.severities)
            if (place.count(id) == 0)
                throw Error(ErrorKind::user, "trial " + std::to_string(trial.number) +
                                                 " of the journal perturbs \"" + id +
                                                 "\", which its scenario does not know");
        if (survived(trial) && trial.values.size() != evidence.series.size())
            throw Error(ErrorKind::user, "trial " + std::to_string(trial.number) +
                                             " of the journal survived but has no values");
        if (trial.severities.size() != 1) continue;  // several at once: nobody's effect alone
        if (evidence.sampled && trial.number >= evidence.sampled->first) continue;
        const auto& [id, severity] = *trial.severities.begin();
        Dose& dose = doses[{place.at(id), severity}];
        dose.perturbation = place.at(id);
        dose.severity = severity;
        dose.trials.push_back(&trial);
        if (survived(trial)) dose.survivors.push_back(&trial);
    }
    std::vector<Dose> result;
    for (auto& [key, dose] : doses) {
        dose.deterministic = is_deterministic(evidence, dose);
        result.push_back(std::move(dose));
    }
    return result;
}

}  // namespace

bool survived(const journal::TrialRecord& trial) {
    using journal::Outcome;
    return trial.outcome != Outcome::crashed && trial.outcome != Outcome::timed_out &&
           trial.outcome != Outcome::not_applied;
}

Evidence::Evidence(const journal::Journal& from)
    : journal(from),
      scenario(model::parse_scenario(from.header.scenario.dump(), from.header.scenario_path)),
      pipeline(model::parse_pipeline(from.header.pipeline.dump(), from.header.pipeline_path)),
      dag(dag_of(pipeline, from.header.edges)) {
    const journal::Base none;
    const journal::Base& record = from.base ? *from.base : none;
    series = record.series;
    const auto count = static_cast<Eigen::Index>(series.size());
    base.resize(count);
    tolerance.resize(count);
    const auto places = metric_places(scenario);
    for (std::size_t s = 0; s < series.size(); ++s) {
        const auto metric = places.find(series[s].metric);
        if (metric == places.end())
            throw Error(ErrorKind::user, "the journal's base run has the metric \"" +
                                             series[s].metric +
                                             "\", which its scenario does not know");
        metric_of.push_back(metric->second);
        const auto i = static_cast<Eigen::Index>(s);
        base(i) = record.values[s].value_or(nothing);
        tolerance(i) = journal::effective_tolerance(scenario.metrics[metric->second].tolerance,
                                                    base(i), record.noise_floor[s])
                           .value_or(nothing);
    }
    for (const auto& perturbation : scenario.perturbations)
        sites.push_back(node_named(pipeline, perturbation.node));
    look_at_reach(*this);
    look_at_design(*this);
    doses = doses_of(*this);
}

const journal::FaultFacts* Evidence::facts_of(std::size_t perturbation) const {
    for (const auto& facts : journal.header.faults)
        if (facts.id == scenario.perturbations[perturbation].id) return &facts;
    return nullptr;
}

std::size_t Evidence::first_seen(std::size_t perturbation) const {
    const auto& consumer = scenario.perturbations[perturbation].consumer;
    return consumer.empty() ? sites[perturbation] : node_named(pipeline, consumer);
}

Eigen::ArrayXXd Evidence::values_of(const Dose& dose) const {
    const auto& columns = reached[dose.perturbation];
    Eigen::ArrayXXd values(static_cast<Eigen::Index>(dose.survivors.size()),
                           static_cast<Eigen::Index>(columns.size()));
    for (Eigen::Index row = 0; row < values.rows(); ++row) {
        const auto& record = dose.survivors[static_cast<std::size_t>(row)]->values;
        for (Eigen::Index column = 0; column < values.cols(); ++column)
            values(row, column) =
                record[static_cast<std::size_t>(columns[static_cast<std::size_t>(column)])]
                    .value_or(nothing);
    }
    return values;
}

}  // namespace faultline::findings
