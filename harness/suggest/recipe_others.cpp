#include "suggest/proposals.h"

namespace faultline::suggest {
namespace {

/// What a plugin that nobody here knows is most likely about: numbers before text before the rest.
const ColumnProfile* column_for(const Subject& subject, const plugin::Description& about) {
    for (const auto role : {Role::measure, Role::category, Role::text, Role::time, Role::reference,
                            Role::batch, Role::other, Role::key})
        for (const auto* column : subject.of(role))
            if (column->varies() && plugin::is_accepted(column->column.family, about.accepts))
                return column;
    return nullptr;
}

}  // namespace

void suggest_others(Proposals& proposals) {
    const auto& subject = proposals.subject();
    for (const auto* plugin : proposals.registry().plugins()) {
        const auto& about = plugin->about();
        // Damage to files and to processes is no matter of columns.
        if (!about.document.contains("suggest") || proposals.has(about.name) ||
            (!about.has_rewrite && !about.has_transform))
            continue;
        const auto& wanted = about.document["suggest"];
        const auto params = wanted.value("params", Json::object());
        const auto why = wanted.value("why", about.summary);
        if (about.accepts.empty())
            proposals.add(3, about.name, about.name, params, why);
        else if (const auto* column = column_for(subject, about))
            proposals.add_on(*column, 3, about.name, about.name, params, why);
    }
}

}  // namespace faultline::suggest
