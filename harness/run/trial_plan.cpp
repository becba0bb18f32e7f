#include "run/trial_plan.h"

#include <algorithm>

#include "core/digest.h"
#include "core/draws.h"

namespace faultline::run {
namespace {

std::uint64_t bits_of(double number) {
    static_assert(sizeof(double) == sizeof(std::uint64_t));
    std::uint64_t bits = 0;
    __builtin_memcpy(&bits, &number, sizeof bits);
    return bits;
}

}  // namespace

TrialPlan::TrialPlan(const Experiment& experiment, const std::vector<std::string>& origins)
    : origins_(origins) {
    for (const NodeIndex node : experiment.workflow.dag.order()) address(experiment, node);
}

TrialPlan::TrialPlan(const Experiment& experiment, const TrialPlan& base,
                     const design::Trial& trial, const ColumnLineage* lineage)
    : base_(&base), lineage_(lineage) {
    settle(experiment, trial);
    const graph::Dag& dag = experiment.workflow.dag;
    std::vector<bool> seen(dag.size(), false);
    const auto reach = [&](NodeIndex node) {
        if (seen[node]) return;
        seen[node] = true;
        reached_.push_back(node);
    };
    for (const auto& planned : faults_) reach(experiment.sites[planned.perturbation]);
    for (std::size_t i = 0; i < reached_.size(); ++i)
        for (const NodeIndex consumer : dag.consumers(reached_[i])) reach(consumer);
    std::sort(reached_.begin(), reached_.end(),
              [&](NodeIndex x, NodeIndex y) { return dag.place(x) < dag.place(y); });
    for (const NodeIndex node : reached_) address(experiment, node);
}

const TrialPlan::Addresses& TrialPlan::at(NodeIndex node) const {
    const auto own = own_.find(node);
    return own != own_.end() ? own->second : base_->at(node);
}

void TrialPlan::address(const Experiment& experiment, NodeIndex node) {
    const Workflow& workflow = experiment.workflow;
    Addresses made;
    if (workflow.pipeline.nodes[node].kind == model::NodeKind::source) {
        made.content = damaged(experiment, node, origin(node));
    } else {
        if (lineage_ != nullptr) narrow(experiment, node);
        Digest digest;
        digest.add("step").add(workflow.canonical[node]);
        if (workflow.pipeline.nodes[node].kind == model::NodeKind::command)
            digest.add(origin(node));
        for (const NodeIndex input : workflow.dag.inputs(node)) {
            digest.add(workflow.pipeline.nodes[input].name);
            digest.add(delivered(input, node).address);
        }
        made.content = digest.hex();
    }
    made.result = disturbed(experiment, node, made.content);
    made.handed_on = deliver(experiment, node, made.result, std::nullopt);
    for (const NodeIndex consumer : workflow.dag.consumers(node)) {
        Delivery edge = deliver(experiment, node, made.result, consumer);
        if (edge.faults.size() != made.handed_on.faults.size())
            edges_.emplace(std::pair(node, consumer), std::move(edge));
    }
    own_.emplace(node, std::move(made));
}

void TrialPlan::settle(const Experiment& experiment, const design::Trial& trial) {
    const auto& perturbations = experiment.scenario.perturbations;
    for (std::size_t i = 0; i < perturbations.size(); ++i) {
        const auto chosen = trial.severities.find(perturbations[i].id);
        if (chosen == trial.severities.end()) continue;
        const double severity = chosen->second;
        const std::uint64_t stream =
            stream_of(experiment.scenario.seed, perturbations[i].id.c_str(), trial.replicate);
        if (const auto& map = perturbations[i].severity) {
            // At 1 the stated bound itself, not what rounding makes of it.
            const double value =
                severity == 1 ? map->to : map->from + (map->to - map->from) * severity;
            faults_.push_back(
                {i, experiment.faults[i].with(map->param, value), 1, stream, trial.replicate});
        } else {
            if (experiment.faults[i].acts_at(severity))
                faults_.push_back({i, experiment.faults[i], severity, stream, trial.replicate});
        }
    }
}

std::vector<std::size_t> TrialPlan::disturbed_by(const Experiment& experiment,
                                                 NodeIndex node) const {
    std::vector<std::size_t> found;
    for (std::size_t f = 0; f < faults_.size(); ++f)
        if (experiment.sites[faults_[f].perturbation] == node &&
            faults_[f].fault.plugin().about().has_before_run)
            found.push_back(f);
    return found;
}

std::vector<std::size_t> TrialPlan::damaged_by(const Experiment& experiment, NodeIndex node) const {
    std::vector<std::size_t> found;
    for (std::size_t f = 0; f < faults_.size(); ++f)
        if (experiment.sites[faults_[f].perturbation] == node &&
            faults_[f].fault.plugin().about().has_file)
            found.push_back(f);
    return found;
}

std::string TrialPlan::damaged(const Experiment& experiment, NodeIndex node,
                               const std::string& as_is) const {
    const auto faults = damaged_by(experiment, node);
    if (faults.empty()) return as_is;
    Digest digest;
    digest.add("damaged").add(as_is);
    for (const std::size_t f : faults) {
        const PlannedFault& planned = faults_[f];
        digest.add(planned.fault.identity()).add(bits_of(planned.severity));
        digest.add(planned.fault.draws_at(planned.severity) ? planned.stream : 0);
    }
    return digest.hex();
}

/// An address of its own, so that a node whose execution is disturbed really is executed again and
/// whatever reads it waits for it.
std::string TrialPlan::disturbed(const Experiment& experiment, NodeIndex node,
                                 const std::string& content) const {
    const auto faults = disturbed_by(experiment, node);
    if (faults.empty()) return content;
    Digest digest;
    digest.add("disturbed").add(content);
    for (const std::size_t f : faults) {
        const PlannedFault& planned = faults_[f];
        digest.add(planned.fault.identity()).add(bits_of(planned.severity));
        digest.add(planned.fault.draws_at(planned.severity) ? planned.stream : 0);
    }
    return digest.hex();
}

Delivery TrialPlan::deliver(const Experiment& experiment, NodeIndex node, const std::string& result,
                            std::optional<NodeIndex> consumer) const {
    Delivery delivery;
    Digest digest;
    // Key and batch decide which rows are hit, so nodes that read the same data may still differ.
    digest.add("perturbed").add(result).add(experiment.workflow.pipeline.nodes[node].name);
    for (std::size_t f = 0; f < faults_.size(); ++f) {
        const PlannedFault& planned = faults_[f];
        if (experiment.sites[planned.perturbation] != node) continue;
        if (!planned.fault.plugin().about().acts_on_rows()) continue;
        const auto& only = experiment.consumers[planned.perturbation];
        if (only && only != consumer) continue;
        delivery.faults.push_back(f);
        digest.add(planned.fault.identity()).add(bits_of(planned.severity));
        // A fault that draws nothing is the same relation whatever the stream.
        digest.add(planned.fault.draws_at(planned.severity) ? planned.stream : 0);
    }
    delivery.address = delivery.faults.empty() ? result : digest.hex();
    return delivery;
}

void TrialPlan::narrow(const Experiment& experiment, NodeIndex node) {
    ColumnLineage::Arriving arriving;
    for (const NodeIndex input : experiment.workflow.dag.inputs(node)) {
        const Delivery& delivery = bound_for(input, node);
        if (delivery.address == base_->delivered(input, node).address) continue;
        ChangedColumns changed = changed_by(input, delivery);
        if (lineage_->reads(node, input, changed))
            arriving[input] = std::move(changed);
        else
            as_base_.emplace(input, node);
    }
    if (arriving.empty() || !disturbed_by(experiment, node).empty()) return;
    ChangedColumns changed = lineage_->of_step(node, arriving);
    if (!changed.all) partly_[node] = std::move(changed);
}

ChangedColumns TrialPlan::changed_by(NodeIndex node, const Delivery& delivery) const {
    ChangedColumns changed;
    if (const auto partly = partly_.find(node); partly != partly_.end())
        changed = partly->second;
    else
        changed.all = result(node) != base_->result(node);
    for (const std::size_t f : delivery.faults)
        changed.add(lineage_->by_fault(faults_[f].perturbation));
    return changed;
}

ChangedColumns TrialPlan::changed(NodeIndex node) const {
    if (lineage_ == nullptr) return {handed_on(node).address != base_->handed_on(node).address, {}};
    return changed_by(node, handed_on(node));
}

const Delivery& TrialPlan::delivered(NodeIndex node, NodeIndex consumer) const {
    return as_base_.contains({node, consumer}) ? base_->delivered(node, consumer)
                                               : bound_for(node, consumer);
}

const Delivery& TrialPlan::bound_for(NodeIndex node, NodeIndex consumer) const {
    const auto edge = edges_.find({node, consumer});
    return edge == edges_.end() ? handed_on(node) : edge->second;
}

std::vector<const Delivery*> TrialPlan::perturbed(NodeIndex node) const {
    std::vector<const Delivery*> all;
    if (!handed_on(node).faults.empty()) all.push_back(&handed_on(node));
    for (auto edge = edges_.lower_bound({node, 0});
         edge != edges_.end() && edge->first.first == node; ++edge)
        all.push_back(&edge->second);
    return all;
}

std::vector<bool> needed_nodes(const Experiment& experiment) {
    const graph::Dag& dag = experiment.workflow.dag;
    std::vector<bool> needed(dag.size(), false);
    const auto add = [&](NodeIndex node) {
        if (needed[node]) return;
        const std::vector<bool> above = dag.ancestors(node);
        for (NodeIndex i = 0; i < needed.size(); ++i) needed[i] = needed[i] || above[i];
    };
    for (const auto& group : experiment.metric_groups) add(group.output);
    for (const auto& check : experiment.checks)
        for (const NodeIndex node : check.reads) add(node);
    return needed;
}

std::string metric_question(std::size_t group, const std::string& address) {
    return "metrics " + std::to_string(group) + " of " + address;
}

std::string check_question(const Experiment& experiment, std::size_t check, const TrialPlan& plan) {
    std::string question = "check " + std::to_string(check) + " of";
    for (const NodeIndex node : experiment.checks[check].reads)
        question += " " + plan.handed_on(node).address;
    return question;
}

namespace {

/// Whether a perturbed form goes to anybody who is needed, whatever they read of it.
bool is_bound_for_anybody(const Experiment& experiment, const std::vector<bool>& needed,
                          const TrialPlan& trial, NodeIndex node, const Delivery& delivery) {
    const auto& consumers = experiment.workflow.dag.consumers(node);
    if (std::any_of(consumers.begin(), consumers.end(), [&](NodeIndex consumer) {
            return needed[consumer] && trial.bound_for(node, consumer).address == delivery.address;
        }))
        return true;
    if (trial.handed_on(node).address != delivery.address) return false;
    const auto& groups = experiment.metric_groups;
    const auto& checks = experiment.checks;
    return std::any_of(groups.begin(), groups.end(),
                       [&](const auto& group) { return group.output == node; }) ||
           std::any_of(checks.begin(), checks.end(), [&](const auto& check) {
               return std::find(check.reads.begin(), check.reads.end(), node) != check.reads.end();
           });
}

}  // namespace

Work work_of(const Experiment& experiment, const std::vector<bool>& needed, const TrialPlan& base,
             const TrialPlan& trial) {
    const Workflow& workflow = experiment.workflow;
    const graph::Dag& dag = workflow.dag;
    Work work;
    work.run.resize(needed.size(), false);
    const auto differs = [&](NodeIndex node) {
        return base.handed_on(node).address != trial.handed_on(node).address;
    };
    const auto affected = [&](NodeIndex node) { return base.result(node) != trial.result(node); };
    std::vector<bool> wanted(needed.size(), false);
    const auto use = [&](NodeIndex node, const Delivery& delivery, const std::string& reader) {
        // One may read the base's form of what others get otherwise.
        if (delivery.address != base.handed_on(node).address) wanted[node] = true;
        work.readers[delivery.address].insert(reader);
    };
    for (std::size_t g = 0; g < experiment.metric_groups.size(); ++g) {
        const NodeIndex output = experiment.metric_groups[g].output;
        if (!differs(output)) continue;
        if (trial.lineage() != nullptr && !trial.lineage()->metrics_see(g, trial.changed(output)))
            continue;
        work.metric_groups.push_back(g);
        const Delivery& asked = trial.handed_on(output);
        use(output, asked, metric_question(g, asked.address));
    }
    for (std::size_t c = 0; c < experiment.checks.size(); ++c) {
        const auto& reads = experiment.checks[c].reads;
        const bool any = std::any_of(reads.begin(), reads.end(), [&](NodeIndex node) {
            return differs(node) && (trial.lineage() == nullptr ||
                                     trial.lineage()->check_sees(c, node, trial.changed(node)));
        });
        if (!any) continue;
        work.checks.push_back(c);
        const auto question = check_question(experiment, c, trial);
        for (const NodeIndex node : reads) use(node, trial.handed_on(node), question);
    }
    // Upwards from what is asked: what differs is run where somebody reads it.
    for (auto at = trial.reached().rbegin(); at != trial.reached().rend(); ++at) {
        const NodeIndex node = *at;
        for (const Delivery* delivery : trial.perturbed(node))
            if (!work.readers.contains(delivery->address) &&
                is_bound_for_anybody(experiment, needed, trial, node, *delivery)) {
                use(node, *delivery, "count of " + delivery->address);
                work.counted.emplace_back(node, delivery->address);
            }
        work.run[node] = affected(node) && needed[node] && wanted[node];
        if (!work.run[node]) continue;
        const bool disturbed = trial.result(node) != trial.content(node);
        const bool program = workflow.pipeline.nodes[node].kind == model::NodeKind::command;
        for (const NodeIndex input : dag.inputs(node)) {
            use(input, trial.delivered(input, node), trial.result(node));
            // A table, so that what is wrong with the input comes out before the node begins,
            // and so that a program is not started for what came out as in the base.
            if (disturbed || program)
                use(input, trial.delivered(input, node), "before " + trial.result(node));
        }
    }
    for (NodeIndex node = 0; node < needed.size(); ++node) {
        // Sources are read once; only steps are counted.
        if (workflow.pipeline.nodes[node].kind == model::NodeKind::source) continue;
        if (work.run[node])
            ++work.count_run;
        else if (affected(node))
            ++work.count_skipped;
        else if (needed[node])
            ++work.count_reused;
    }
    work.executed = work.run;
    return work;
}

Work work_to_look_at(const Experiment& experiment, const std::vector<bool>& needed,
                     const TrialPlan& base, const TrialPlan& trial) {
    Work work;
    work.run.resize(needed.size(), false);
    for (const NodeIndex node : trial.reached()) {
        work.run[node] = needed[node] && base.result(node) != trial.result(node);
        for (const Delivery* delivery : trial.perturbed(node))
            if (is_bound_for_anybody(experiment, needed, trial, node, *delivery))
                work.readers[delivery->address].insert("who looks at " + delivery->address);
    }
    work.executed = work.run;
    return work;
}

}  // namespace faultline::run
