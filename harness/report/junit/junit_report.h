#pragma once

#include <string>

#include "findings/result.h"

namespace faultline::report {

/// JUnit XML, as CI servers read it: every fault is a test case of the node it is put on, and every
/// check one that must not fire on untouched data.
///
/// | a fault                                        | is            |
/// | ---------------------------------------------- | ------------- |
/// | moved a number out of its tolerance beyond doubt, or lost or added one | a failure     |
/// | crashed the pipeline or ran out of time        | an error      |
/// | left it open, or changed nothing               | skipped       |
/// | was absorbed                                   | passed        |
///
/// A case more, "steady state", fails when the run deviated in a way that no single fault shows. No
/// times and no hostname: the same result gives the same bytes.
std::string junit_report(const findings::Result& result);

}  // namespace faultline::report
