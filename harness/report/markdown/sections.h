#pragma once

#include <string>
#include <utility>
#include <vector>

#include "findings/result.h"

namespace faultline::report::markdown {

/// What stands open.
std::string verdict_part(const findings::Result& result);
std::string priorities_part(const findings::Result& result);

/// What can be unfolded; empty when there is nothing to say.
std::string ranking_part(const findings::Result& result);
std::string silent_part(const findings::Result& result);
std::string guards_part(const findings::Result& result);
std::string checks_part(const findings::Result& result);
std::string doses_part(const findings::Result& result);
std::string owners_part(const findings::Result& result);
std::string failures_part(const findings::Result& result);
std::string making_part(const findings::Result& result);

using Part = std::string (*)(const findings::Result&);
inline constexpr std::pair<const char*, Part> details[] = {
    {"Which node hurts most", ranking_part},
    {"Silent failures, and how to see them", silent_part},
    {"Guards that would have caught them", guards_part},
    {"Would the checks notice", checks_part},
    {"How much is too much", doses_part},
    {"Their trouble, our outputs", owners_part},
    {"What failed loudly", failures_part},
    {"How this was made", making_part}};

/// Rows of a table, the first of them its headings; cells hold Markdown. At most `most` rows, and a
/// line that says how many there are besides.
std::string table(const std::vector<std::vector<std::string>>& rows, std::size_t most = 40);

}  // namespace faultline::report::markdown
