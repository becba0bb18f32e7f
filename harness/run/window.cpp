#include "run/window.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

namespace faultline::run {
namespace {

/// What one name (an address, or a question) means to the trials of a window.
struct Use {
    std::size_t first = 0, last = 0;  ///< trials that need it
    std::uint64_t trials = 0;
    std::uint64_t bytes = 0;
    std::unordered_set<std::string> readers;
    bool in_any_case = false;  ///< shared even where it has one reader only
    bool shared = false;
};

class Sharing {
  public:
    Sharing(const Experiment& experiment, const Window::Ground& base)
        : experiment_(experiment), base_(base) {}

    void look_at(std::size_t i, Window::Planned& planned) {
        const auto tainted = tainted_by_disturbance(planned);
        for (const NodeIndex node : planned.plan.reached()) {
            if (tainted[node]) continue;
            if (planned.work.run[node])
                need(i, planned, planned.plan.result(node), node, is_source(node));
            for (const Delivery* delivery : planned.plan.perturbed(node))
                if (planned.work.readers.contains(delivery->address) && !is_of_base(planned, node))
                    need(i, planned, delivery->address, node, true);
        }
        for (const auto& [address, readers] : planned.work.readers)
            if (const auto use = uses_.find(address); use != uses_.end())
                use->second.readers.insert(readers.begin(), readers.end());
        for (const std::size_t g : planned.work.metric_groups) {
            const NodeIndex output = experiment_.metric_groups[g].output;
            if (!tainted[output])
                need(i, planned, metric_question(g, planned.plan.handed_on(output).address),
                     std::nullopt, true);
        }
        for (const std::size_t c : planned.work.checks) {
            const auto& reads = experiment_.checks[c].reads;
            if (std::none_of(reads.begin(), reads.end(),
                             [&](NodeIndex node) { return tainted[node]; }))
                need(i, planned, check_question(experiment_, c, planned.plan), std::nullopt, true);
        }
    }

    /// Which of them are shared: those that more than one trial needs, as far as the budget goes,
    /// the earlier before the later.
    void settle(std::uint64_t budget) {
        std::vector<Use*> wanted;
        for (auto& [name, use] : uses_)
            if (use.trials > 1 && (use.in_any_case || use.readers.size() > 1))
                wanted.push_back(&use);
        std::sort(wanted.begin(), wanted.end(), [](const Use* a, const Use* b) {
            return std::tie(a->first, a->last, a->bytes) < std::tie(b->first, b->last, b->bytes);
        });
        std::multimap<std::size_t, std::uint64_t> ends;
        std::uint64_t held = 0;
        for (Use* use : wanted) {
            while (!ends.empty() && ends.begin()->first < use->first) {
                held -= ends.begin()->second;
                ends.erase(ends.begin());
            }
            if (held + use->bytes > budget) continue;
            use->shared = true;
            held += use->bytes;
            ends.emplace(use->last, use->bytes);
        }
    }

    [[nodiscard]] bool shared(const std::string& name) const {
        const auto use = uses_.find(name);
        return use != uses_.end() && use->second.shared;
    }

    /// Counts what a trial executes when those before it have ended: what reaches a question that
    /// is not answered yet, without what is there.
    void count(Window::Planned& planned) {
        std::vector<NodeIndex> asked;
        const auto ask = [&](const std::string& question, const std::vector<NodeIndex>& reads) {
            if (shared(question) && !there_.insert(question).second) return;
            asked.insert(asked.end(), reads.begin(), reads.end());
        };
        for (const std::size_t g : planned.work.metric_groups) {
            const NodeIndex output = experiment_.metric_groups[g].output;
            ask(metric_question(g, planned.plan.handed_on(output).address), {output});
        }
        for (const std::size_t c : planned.work.checks)
            ask(check_question(experiment_, c, planned.plan), experiment_.checks[c].reads);
        std::vector<bool> wanted(planned.work.run.size(), false);
        const auto want = [&](NodeIndex node, const Delivery& delivery) {
            if (!delivery.faults.empty() && shared(delivery.address) &&
                !there_.insert(delivery.address).second)
                return;
            wanted[node] = true;
        };
        for (const NodeIndex node : asked) want(node, planned.plan.handed_on(node));
        for (const auto& [node, address] : planned.work.counted)
            if (!shared(address) || there_.insert(address).second) wanted[node] = true;
        const auto& reached = planned.plan.reached();
        std::uint64_t executed = 0;
        planned.work.executed.assign(planned.work.run.size(), false);
        for (auto node = reached.rbegin(); node != reached.rend(); ++node) {
            if (!wanted[*node] || !planned.work.run[*node]) continue;
            const auto& address = planned.plan.result(*node);
            if (shared(address) && !there_.insert(address).second) continue;
            planned.work.executed[*node] = true;
            if (!is_source(*node)) ++executed;
            for (const NodeIndex input : experiment_.workflow.dag.inputs(*node)) {
                const Delivery& got = planned.plan.delivered(input, *node);
                if (got.address != base_.plan.delivered(input, *node).address) want(input, got);
            }
        }
        planned.work.count_reused += planned.work.count_run - executed;
        planned.work.count_run = executed;
    }

  private:
    [[nodiscard]] bool is_source(NodeIndex node) const {
        return experiment_.workflow.pipeline.nodes[node].kind == model::NodeKind::source;
    }
    [[nodiscard]] bool is_of_base(const Window::Planned& planned, NodeIndex node) const {
        return planned.plan.content(node) == base_.plan.content(node);
    }
    [[nodiscard]] std::vector<bool> tainted_by_disturbance(const Window::Planned& planned) const {
        std::vector<bool> tainted(planned.work.run.size(), false);
        for (const NodeIndex node : planned.plan.reached()) {
            // What is measured is measured in every trial.
            tainted[node] =
                base_.timed[node] || planned.plan.result(node) != planned.plan.content(node);
            for (const NodeIndex input : experiment_.workflow.dag.inputs(node))
                tainted[node] = tainted[node] || tainted[input];
        }
        return tainted;
    }
    void need(std::size_t i, Window::Planned& planned, const std::string& name,
              std::optional<NodeIndex> node, bool in_any_case) {
        auto [at, is_new] = uses_.try_emplace(name);
        Use& use = at->second;
        if (is_new) {
            use.first = i;
            use.bytes = node ? base_.bytes[*node] : 0;
        }
        if (!is_new && use.last == i && use.trials > 0) return;  // two nodes of one address
        use.last = i;
        ++use.trials;
        use.in_any_case = use.in_any_case || in_any_case;
        planned.expects.push_back(name);
    }

    const Experiment& experiment_;
    const Window::Ground& base_;
    std::unordered_map<std::string, Use> uses_;
    std::unordered_set<std::string> there_;
};

}  // namespace

ShareBudget share_budget(const Experiment& experiment) {
    constexpr std::uint64_t unstated = std::uint64_t{1} << 30;
    const auto limit = experiment.scenario.limits.memory_bytes;
    return {limit ? *limit / 4 : unstated};
}

std::size_t window_size(const Experiment& experiment) {
    constexpr std::size_t nodes_planned = 200000, most = 1024, fewest = 16;
    return std::clamp(nodes_planned / std::max<std::size_t>(1, experiment.workflow.dag.size()),
                      fewest, most);
}

Window::Window(const Experiment& experiment, const Ground& base,
               const std::vector<design::Trial>& block, std::size_t first, std::size_t last) {
    trials_.reserve(last - first);
    Sharing sharing(experiment, base);
    for (std::size_t i = first; i < last; ++i) {
        TrialPlan plan(experiment, base.plan, block[i], base.lineage);
        Work work = work_of(experiment, base.needed, base.plan, plan);
        trials_.push_back({block[i], std::move(plan), std::move(work), {}});
        sharing.look_at(i - first, trials_.back());
    }
    sharing.settle(share_budget(experiment).bytes);
    for (auto& planned : trials_) {
        sharing.count(planned);
        std::erase_if(planned.expects, [&](const auto& name) { return !sharing.shared(name); });
        for (const auto& name : planned.expects) results_.expect(name);
    }
}

}  // namespace faultline::run
