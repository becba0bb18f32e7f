#include <algorithm>

#include "run/trial_execution.h"

namespace faultline::run {

void TrialExecution::hand_over(Claim& claim, const std::string& address,
                               std::map<std::string, plugin::AnswerKey> keys) {
    if (!claim.mine()) return;
    SharedResult result;
    result.select = relations_.select(address);
    result.spared = spared_;
    result.keys = std::move(keys);
    claim.publish(std::move(result), made_.back());
    made_.pop_back();
}

void TrialExecution::adopt(const std::string& address, const SharedResult& result) {
    relations_.set(address, result.select);
    for (const auto& [id, key] : result.keys) note(id, key);
    spared_.insert(result.spared.begin(), result.spared.end());
}

void TrialExecution::note(const std::string& id, const plugin::AnswerKey& key) {
    if (noted_.insert(id).second) answer_keys_[id] = key;
}

void TrialExecution::take_base(NodeIndex node, Claim& claim) {
    like_base_.insert(node);
    SharedResult result;
    result.select = base_.relations().select(base_.plan().result(node));
    result.like_base = true;
    result.spared = spared_;
    relations_.set(plan_.result(node), result.select);
    if (claim.mine()) claim.publish(std::move(result), "");
}

bool TrialExecution::is_like_base(NodeIndex node, const Delivery& delivery) const {
    return delivery.faults.empty() &&
           (like_base_.contains(node) || delivery.address == base_.plan().result(node));
}

bool TrialExecution::reads_only_base(NodeIndex node) const {
    if (!spares_ || plan_.result(node) != plan_.content(node)) return false;
    const auto& inputs = experiment_.workflow.dag.inputs(node);
    return std::all_of(inputs.begin(), inputs.end(), [&](NodeIndex input) {
        return is_like_base(input, plan_.delivered(input, node));
    });
}

bool TrialExecution::feeds_steps(NodeIndex node) const {
    const auto& consumers = experiment_.workflow.dag.consumers(node);
    return std::any_of(consumers.begin(), consumers.end(),
                       [&](NodeIndex consumer) { return work_.run[consumer]; });
}

}  // namespace faultline::run
