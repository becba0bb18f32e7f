#pragma once

#include <string>

#include "findings/result.h"

namespace faultline::report {

/// One self-contained page: verdict, what to fix first, the pipeline as a map, and everything else
/// the result says. It loads nothing from anywhere, holds no path and no time, and is the same
/// bytes for the same result. A content security policy allows its own script and style by their
/// digests and nothing else. UTF-8.
std::string html_report(const findings::Result& result);

}  // namespace faultline::report
