#include "run/relations.h"

#include "core/error.h"
#include "run/flat_sql.h"

namespace faultline::run {

bool Relations::has(const std::string& address) const {
    return selects_.contains(address) || steps_.contains(address) ||
           (below_ != nullptr && below_->has(address));
}

std::optional<NodeIndex> Relations::step(const std::string& address) const {
    const auto found = steps_.find(address);
    return found == steps_.end() ? std::nullopt : std::optional(found->second);
}

const Relations::Select& Relations::at(const std::string& address) const {
    const auto found = selects_.find(address);
    if (found != selects_.end()) return found->second;
    if (below_ == nullptr) throw Error(ErrorKind::internal, "no relation at address " + address);
    return below_->at(address);
}

std::string step_sql(const Experiment& experiment, NodeIndex node, const TrialPlan& plan,
                     const Relations& relations, const engine::Dialect& dialect) {
    FlatSql flat(experiment, plan, relations, dialect);
    const std::string select = flat.step(node);
    return flat.statement(select);
}

std::string question_sql(const Experiment& experiment, const std::vector<NodeIndex>& reads,
                         const std::string& body, const TrialPlan& plan, const Relations& relations,
                         const engine::Dialect& dialect) {
    FlatSql flat(experiment, plan, relations, dialect);
    const std::string select = flat.question(reads, body);
    return flat.statement(select);
}

}  // namespace faultline::run
