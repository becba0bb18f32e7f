#pragma once

#include <string_view>

namespace faultline::engine {

/// Is every byte below 0x80?
bool is_ascii(std::string_view bytes) noexcept;

/// Whether the bytes are well-formed UTF-8 (Unicode 15, table 3-7): no overlong forms, no
/// surrogates.
bool is_utf8(std::string_view bytes) noexcept;

}  // namespace faultline::engine
