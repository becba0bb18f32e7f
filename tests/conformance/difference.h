#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "standard_relation.h"

namespace faultline::conformance {

/// What became of the standard relation, found by joining it with the result on `tag`: slow, and
/// written without a look at how plugins count.
struct Difference {
    std::int64_t rows_added = 0, rows_removed = 0, rows_changed = 0;
    std::map<std::string, std::int64_t> cells;
    std::set<std::string>
        affected;  ///< "tag/column", "-tag", "+tag", "column name": to see doses nest
};
Difference difference(StandardRelation& relation, const plugin::Perturbed& perturbed);
/// Checks that a fault counted what was found.
void check_counted(plugin::AnswerKey counted, const Difference& found);

}  // namespace faultline::conformance
