#pragma once

#include <string>
#include <vector>

#include "engine/value.h"

namespace faultline::plugin {

/// One item of the user's `columns`: a name, a pattern with * and ?, or a type.
struct ColumnChoice {
    enum class Kind { name, match, type } kind = Kind::name;
    std::string text;
};

/// What "type" and a plugin's `accepts` can be: every family, and "numeric", "temporal", "any".
const std::vector<std::string>& column_types();
/// Is a column of this family one of `type`?
bool is_of_type(engine::TypeFamily family, const std::string& type);
bool is_accepted(engine::TypeFamily family, const std::vector<std::string>& accepts);

/// Position of a column, exact spelling first, then without regard to case (as engines read an
/// identifier); columns.size() when there is none.
std::size_t position_of(const engine::Schema& columns, const std::string& name);
std::vector<std::string> names_of(const engine::Schema& columns);

/// The positions that one choice means, ascending. A name means itself whatever its type; patterns
/// and types mean only columns that `accepts` allows.
std::vector<std::size_t> chosen(const ColumnChoice& choice, const engine::Schema& columns,
                                const std::vector<std::string>& accepts);

/// Does the whole text fit the pattern? `*` is any run of characters, `?` one.
bool matches(const std::string& text, const std::string& pattern);

/// The keys of `params` that belong to the selection layer, for every plugin.
const std::vector<std::string>& selection_keys();

}  // namespace faultline::plugin
