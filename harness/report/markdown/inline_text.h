#pragma once

#include <string>
#include <string_view>

namespace faultline::report::markdown {

/// Text as text: made harmless (see shown()), and every character that Markdown or HTML could take
/// for markup, a mention or a link is written so that it is not.
std::string plain(std::string_view text);
/// A name as code, cut where it is too long to read. Holds in a table's cell too.
std::string code(std::string_view text);
/// A block of code that no content can end.
std::string block(std::string_view text, const char* language);

}  // namespace faultline::report::markdown
