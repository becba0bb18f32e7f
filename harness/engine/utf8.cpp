#include "engine/utf8.h"

#include <cstddef>

namespace faultline::engine {

bool is_ascii(std::string_view bytes) noexcept {
    unsigned char all = 0;
    for (const char byte : bytes) all = static_cast<unsigned char>(all | byte);
    return all < 0x80;
}

bool is_utf8(std::string_view bytes) noexcept {
    std::size_t i = 0;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
    while (i < bytes.size()) {
        const unsigned lead = byte(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (lead < 0xc2 || lead > 0xf4 || bytes.size() - i < length) return false;
        // The second byte's range shuts out overlong forms, surrogates and what is beyond U+10FFFF.
        const unsigned low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        const unsigned high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        if (byte(i + 1) < low || byte(i + 1) > high) return false;
        for (std::size_t k = 2; k < length; ++k)
            if ((byte(i + k) & 0xc0u) != 0x80) return false;
        i += length;
    }
    return true;
}

}  // namespace faultline::engine
