#include "run/fingerprints.h"

#include <fmt/format.h>

#include <algorithm>

namespace faultline::run {

bool Fingerprints::same(engine::Connection& connection, const engine::Dialect& dialect,
                        const engine::Schema& columns, const std::string& base,
                        const std::string& select) {
    const auto agree = [&](const std::string& question, const auto& ask) {
        const engine::Rows* known = nullptr;
        {
            const std::lock_guard lock(mutex_);
            auto found = known_.find({base, question});
            if (found == known_.end())
                found =
                    known_.emplace(std::pair(base, question), connection.query(ask(base))).first;
            known = &found->second;
        }
        return known->rows == connection.query(ask(select)).rows;
    };
    const auto first = std::find_if(
        columns.begin(), columns.end(),
        [](const engine::Column& column) { return column.family == engine::TypeFamily::floating; });
    // The number of a table's rows costs nothing, a column's hash little, the hash of all half as
    // much as writing them did.
    if (first == columns.end()) {
        const auto count = [](const std::string& rows) {
            return fmt::format("SELECT count(*) FROM ({}) AS counted", rows);
        };
        if (!agree("rows", count)) return false;
    } else {
        const auto column = [&](const std::string& rows) {
            return dialect.fingerprint(
                fmt::format("SELECT {} FROM ({}) AS one", dialect.quote(first->name), rows));
        };
        if (!agree("column " + first->name, column)) return false;
    }
    return agree("all", [&](const std::string& rows) { return dialect.fingerprint(rows); });
}

}  // namespace faultline::run
