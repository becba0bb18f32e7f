#include <algorithm>

#include "run/trial_execution.h"

// Which results of a fused trial are computed inside its one statement, and which are tables.

namespace faultline::run {

bool TrialExecution::has_several_readers(const std::string& address) const {
    const auto readers = work_.readers.find(address);
    return readers != work_.readers.end() && readers->second.size() > 1;
}

bool TrialExecution::is_read_apart(const std::string& address) const {
    return stepwise_ || (has_several_readers(address) && !in_statement_.contains(address));
}

bool TrialExecution::worth_comparing(NodeIndex node) const {
    if (stepwise_ || is_disturbed(node) || !feeds_steps(node)) return false;
    const bool several = has_several_readers(plan_.result(node));
    // Of small data a statement more or less is what counts, and every step that is spared.
    constexpr std::uint64_t small = std::uint64_t{8} << 20, large = std::uint64_t{16} << 20;
    const std::uint64_t own = base_.bytes(node);
    if (several && own <= small) return true;
    if (!several && base_.all_bytes() < large) return false;
    std::vector<bool> below(work_.run.size(), false);
    std::uint64_t spared = 0;
    std::vector<NodeIndex> ahead{node};
    while (!ahead.empty()) {
        const NodeIndex next = ahead.back();
        ahead.pop_back();
        for (const NodeIndex consumer : experiment_.workflow.dag.consumers(next)) {
            if (below[consumer] || !work_.run[consumer]) continue;
            below[consumer] = true;
            spared += base_.bytes(consumer);
            ahead.push_back(consumer);
        }
    }
    return several ? own * 8 <= spared : own * 64 <= spared && spared >= large;
}

bool TrialExecution::runs_alone(NodeIndex node) const {
    const model::Node& about = experiment_.workflow.pipeline.nodes[node];
    return about.kind == model::NodeKind::command || about.timeout.has_value() ||
           !plan_.perturbed(node).empty() || is_disturbed(node) || base_.is_timed(node);
}

void TrialExecution::settle_statement() {
    std::set<std::string> part;
    for (const auto& question : questions()) part.insert(question.name);
    // A statement of very many results takes the engine longer to plan than tables to make.
    constexpr std::size_t most = 24;
    std::size_t several = 0;
    const auto decide = [&](const std::string& address, bool must_be_table) {
        const auto readers = work_.readers.find(address);
        if (must_be_table || readers == work_.readers.end()) return;
        const bool all_in = std::all_of(readers->second.begin(), readers->second.end(),
                                        [&](const auto& reader) { return part.contains(reader); });
        if (!all_in || (shared_ != nullptr && shared_->shares(address))) return;
        part.insert(address);
        if (readers->second.size() > 1) ++several;
    };
    const auto& reached = plan_.reached();
    for (auto node = reached.rbegin(); node != reached.rend(); ++node) {
        for (const Delivery* delivery : plan_.perturbed(*node))
            decide(delivery->address, base_.is_timed(*node));
        if (!work_.run[*node]) continue;
        const model::Node& about = experiment_.workflow.pipeline.nodes[*node];
        decide(plan_.result(*node), about.kind == model::NodeKind::source || runs_alone(*node) ||
                                        worth_comparing(*node));
    }
    if (several > most) return;
    in_statement_ = std::move(part);
}

}  // namespace faultline::run
