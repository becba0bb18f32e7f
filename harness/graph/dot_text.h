#pragma once

#include <string>
#include <string_view>

namespace faultline::graph {

/// `text` as the inside of a double-quoted DOT label, to be shown exactly as it is. Graphviz reads
/// backslash escapes and HTML entities there, and its SVG is XML: all three need care, and control
/// characters, which XML cannot hold, become U+FFFD. Line ends become spaces.
std::string label_text(std::string_view text);

}  // namespace faultline::graph
