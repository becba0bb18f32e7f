#pragma once

#include <string>
#include <vector>

#include "findings/result.h"

namespace faultline::report {

/// What every report says in the same words.

/// "moves a, makes b vanish, and makes c appear".
std::string joined(const std::vector<std::string>& clauses);
/// "a, b and c"; of more than `most`, "a, b and 7 more".
std::string listed(const std::vector<std::string>& names, std::size_t most = 6);
/// metric[territory=EMEA, month=7], made harmless. A segment that is null is left out.
std::string metric_name(const std::string& metric, const findings::Json& segment);
/// "12 %", "under 1 %", "0 %", "100 %": a share between 0 and 1.
std::string percent(double share);
/// The command that runs a trial again. DIR stands for the run's folder: reports never hold a path,
/// so that the same run gives the same bytes wherever it was written.
std::string replay_command(std::uint64_t trial);
/// JSON on one line that can be pasted: what could act in a terminal or a page stands as \u….
std::string pasteable(const findings::Json& json);

}  // namespace faultline::report
