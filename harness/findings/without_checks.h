#pragma once

#include <set>
#include <string>

#include "journal/records.h"

namespace faultline::findings {

/// The same run as it would have ended had nobody asked these checks: what only they noticed is
/// silent, and what only they cried wolf at is absorbed. For comparing a run before and after on
/// the same trials.
journal::Journal without_checks(journal::Journal journal, const std::set<std::string>& ids);

}  // namespace faultline::findings
