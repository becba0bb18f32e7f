#include "plugin/perturb.h"

#include "plugin/selection_sql.h"
#include "plugin/stack.h"
#include "plugin/targets.h"

namespace faultline::plugin {

Perturbed perturb(engine::Connection& connection, const engine::Dialect& dialect,
                  const KeyedSite& site, const std::vector<Application>& stack, Measures& measures,
                  const std::function<std::string()>& scratch_table, const StopFlag* stop) {
    const auto& columns = site.site.columns;
    std::vector<Problem> problems;
    for (const auto& application : stack) check_fits(*application.fault, site.site, problems);
    if (!problems.empty()) throw Error(std::move(problems));

    const SelectionContext context{connection, dialect, site, measures};
    std::vector<std::vector<std::string>> targets(stack.size());
    std::vector<SelectionSql> selections;
    std::vector<Stack::Hit> hits(stack.size());
    bool any = false;
    for (std::size_t i = 0; i < stack.size(); ++i) {
        const auto& fault = *stack[i].fault;
        const auto positions = targets_of(fault, columns, problems);
        for (const auto at : positions) targets[i].push_back(columns[at].name);
        selections.emplace_back(context, fault, stack[i].severity, stack[i].stream,
                                positions.empty() ? columns.size() : positions[0]);
        if (!fault.acts_at(stack[i].severity)) continue;
        any = true;
        hits[i].selected = fault.plugin().about().selects ? selections[i].predicate() : "TRUE";
        if (fault.plugin().about().unit == Unit::batch) hits[i].batch = selections[i].batch_key();
        // Only a rewrite can ask which rows there were to choose from.
        if (fault.plugin().about().has_rewrite && !fault.selection().where.empty())
            hits[i].eligible = selections[i].eligible();
        if (fault.doses_rows()) hits[i].dose = selections[i].dose();
    }

    Stack stages(connection, dialect, site, measures, scratch_table, stop);
    std::vector<AnswerKey> keys(stack.size());
    for (auto& key : keys) key.expected_any = false;
    if (any) stages.start(hits);
    for (std::size_t i = 0; i < stack.size(); ++i) {
        if (hits[i].selected.empty()) continue;
        try {
            keys[i] = stages.apply(i, stack[i], targets[i]);
        } catch (const Error&) {
            // A fault before this one whose count fails is what went wrong first.
            stages.count(keys);
            throw;
        }
    }
    stages.count(keys);
    for (std::size_t i = 0; i < stack.size(); ++i)
        if (!hits[i].selected.empty() && !keys[i].changed_anything() && keys[i].expected_any)
            keys[i].expected_any = selections[i].expects_any();
    return stages.finish(std::move(keys));
}

}  // namespace faultline::plugin
