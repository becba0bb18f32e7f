#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "plugin/perturb.h"

namespace faultline::plugin {

/// From the one row that a rewrite's answer_key SELECT gives. Throws Error(plugin) for other
/// columns than the ABI's, other than one row, or what is no count.
AnswerKey answer_key_from(const engine::Rows& rows);

/// From what a transform counted through the host.
AnswerKey answer_key_from(const std::map<std::string, std::int64_t>& counts);

/// Adds columns that came, went, changed type or place. A renamed column is one that went and one
/// that came.
void compare_schemas(const engine::Schema& before, const engine::Schema& after, AnswerKey& key);

}  // namespace faultline::plugin
