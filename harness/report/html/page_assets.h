#pragma once

#include <string_view>

namespace faultline::report::html {

/// What the build bundles from page/ (see page/bundle.mjs) and compiles in.
extern const std::string_view page_script;
extern const std::string_view page_style;
/// Their digests as a content security policy names them: "sha256-…".
extern const std::string_view page_script_digest;
extern const std::string_view page_style_digest;

}  // namespace faultline::report::html
