#include "findings/ways.h"

#include <deque>

namespace faultline::findings {

Ways::Ways(const Evidence& evidence) {
    std::map<std::string, std::vector<std::string>> consumers;
    for (const auto& edge : evidence.journal.header.edges) {
        all.emplace_back(edge.at(0).get<std::string>(), edge.at(1).get<std::string>());
        consumers[all.back().first].push_back(all.back().second);
        inputs_[all.back().second].push_back(all.back().first);
    }
    for (std::size_t p = 0; p < evidence.scenario.perturbations.size(); ++p) {
        const auto& perturbation = evidence.scenario.perturbations[p];
        auto& from = distances_[perturbation.id];
        std::deque<std::string> next;
        from[evidence.node_of(p)] = 0;
        if (perturbation.consumer.empty()) {
            next.push_back(evidence.node_of(p));
        } else if (const auto consumer = evidence.pipeline.find(perturbation.consumer)) {
            next.push_back(evidence.pipeline.nodes[*consumer].name);
            from[next.front()] = 1;
        }
        for (; !next.empty(); next.pop_front())
            for (const auto& consumer : consumers[next.front()])
                if (from.try_emplace(consumer, from.at(next.front()) + 1).second)
                    next.push_back(consumer);
    }
}

std::optional<std::size_t> Ways::edges(const std::string& perturbation,
                                       const std::string& node) const {
    const auto from = distances_.find(perturbation);
    if (from == distances_.end()) return std::nullopt;
    const auto found = from->second.find(node);
    return found == from->second.end() ? std::nullopt : std::optional(found->second);
}

const std::vector<std::string>& Ways::inputs(const std::string& node) const {
    static const std::vector<std::string> none;
    const auto found = inputs_.find(node);
    return found == inputs_.end() ? none : found->second;
}

}  // namespace faultline::findings
