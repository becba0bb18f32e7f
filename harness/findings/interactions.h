#pragma once

#include <vector>

#include "findings/evidence.h"
#include "findings/result.h"

namespace faultline::findings {

/// What pairs of faults do together beyond the sum of what each does alone, from trials in which
/// just two are on at full dose: y(both) − y(one) − y(other) + base, replicate by replicate under
/// the same streams, with a t interval, or exact where neither draws. Appends a row "interaction" a
/// pair and series that both reach, and returns for each pair that is worth telling its most
/// telling series, the largest first.
std::vector<Interaction> interactions(const Evidence& evidence, std::vector<Attribution>& rows);

}  // namespace faultline::findings
