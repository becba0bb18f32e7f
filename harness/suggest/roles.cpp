#include <algorithm>

#include "model/names.h"
#include "suggest/subject.h"

namespace faultline::suggest {
namespace {

using engine::TypeFamily;

/// Whole numbers that name something: adding to them makes no sense.
bool is_label(const ColumnProfile& column) {
    if (column.column.family != TypeFamily::integer) return false;
    const auto name = model::fold_case(column.column.name);
    for (const char* end :
         {"id", "key", "code", "number", "zip", "phone", "year", "quarter", "month", "week", "day"})
        if (name.ends_with(end)) return true;
    return false;
}

Role role_of(const ColumnProfile& column) {
    switch (column.column.family) {
        case TypeFamily::integer:
        case TypeFamily::decimal:
        case TypeFamily::floating:
            return is_label(column) ? Role::other : Role::measure;
        case TypeFamily::date:
        case TypeFamily::timestamp:
            return Role::time;
        case TypeFamily::boolean:
            return Role::category;
        case TypeFamily::text:
            // Few values, each of them there more than once on the whole.
            return column.distinct <= most_values && column.distinct * 2 <= column.present()
                       ? Role::category
                       : Role::text;
        default:
            return Role::other;
    }
}

}  // namespace

std::vector<Role> roles_of(const Subject& subject, const std::string& batch) {
    std::vector<Role> roles;
    for (const auto& column : subject.profile.columns) {
        const auto& name = column.column.name;
        const auto is_this = [&](const std::string& other) {
            return model::same_folded(name, other);
        };
        if (std::any_of(subject.key.begin(), subject.key.end(), is_this))
            roles.push_back(Role::key);
        else if (!batch.empty() && model::same_folded(name, batch))
            roles.push_back(Role::batch);
        else if (std::any_of(subject.references.begin(), subject.references.end(),
                             [&](const Reference& to) { return is_this(to.column); }))
            roles.push_back(Role::reference);
        else
            roles.push_back(role_of(column));
    }
    return roles;
}

}  // namespace faultline::suggest
