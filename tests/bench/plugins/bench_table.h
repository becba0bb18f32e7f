#pragma once

#include <string>
#include <vector>

namespace faultline::bench {

/// What one plugin took, each a median over the rounds, in seconds.
struct Line {
    std::string plugin, kind, relation;
    double first = 0;   ///< the first call: thresholds, statistics and the answer key
    double counts = 0;  ///< a later call: its SQL and the answer key
    double writes = 0;  ///< the perturbed relation, written
    double copy = 0;    ///< the unperturbed one, written in the same round
    double aim = 0;     ///< most times the copy that counting and writing may take
    [[nodiscard]] double ratio() const { return (counts + writes) / copy; }
};

/// A Markdown table as docs/performance.md has it, the fastest first, for `rows` rows.
std::string table_of(std::vector<Line> lines, double rows);

}  // namespace faultline::bench
