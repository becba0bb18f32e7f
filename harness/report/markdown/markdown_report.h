#pragma once

#include <string>

#include "findings/result.h"

namespace faultline::report {

/// GitHub takes no longer comment; the report stays below by a margin.
inline constexpr std::size_t longest_comment = 65'000;

/// For a comment on a pull request: what matters first, the rest to unfold, always shorter than
/// `longest_comment` characters (sections that would not fit are named instead). Text from
/// documents cannot become markup, mention anybody, or link anywhere.
std::string markdown_report(const findings::Result& result);

}  // namespace faultline::report
