#pragma once

#include "findings/guards.h"
#include "findings/profiles.h"

namespace faultline::findings {

/// Searches the simple guards that would have told silent trials from harmless ones, and proposes
/// the cheapest and earliest set that covers the most (greedy set cover: Chvátal 1979, a factor of
/// ln n from the best). Every fault weighs 1, however many of its trials were profiled.
///
/// Power and false alarms are held out: limits learnt from one half of a fault's trials (and of the
/// parts of the data) are held against the other half. A fault that always comes out the same has
/// one trial, which is in both; Guard::held_out and caution say so.
Guards search_guards(const Evidence& evidence, const Profiles& profiles);

}  // namespace faultline::findings
