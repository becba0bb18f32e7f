#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "journal/records.h"
#include "run/experiment.h"

namespace faultline::run {

/// By node: the address of a source, made of what the document says of it and of what its files
/// hold, or of a command, made of its program and environment; empty for steps. Files are read.
/// Throws Error(user) for files that are missing, Error(cancelled) when `stop` is requested.
std::vector<std::string> address_sources(const Experiment& experiment,
                                         const engine::SqlEngine& engine, const StopFlag* stop);

/// The journal's first line: everything that decides the results, and what findings need to know.
/// `sources` as address_sources() gives them; `jobs` as the user stated them, or 0.
journal::Header make_header(const Experiment& experiment, const engine::SqlEngine& engine,
                            const std::vector<std::string>& sources, unsigned threads_per_trial,
                            unsigned jobs);

/// The header of the same run with other engine threads a trial.
journal::Header with_threads(journal::Header header, unsigned threads_per_trial);

/// What decides the results and is not as it was, a line each for people; empty where a run that
/// began with `then` may go on with `now`. How long a run may take (limits.deadline) decides
/// nothing.
std::vector<std::string> changes_between(const journal::Header& then, const journal::Header& now);

}  // namespace faultline::run
