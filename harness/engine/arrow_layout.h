#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace faultline::engine {

/// How a column of an Arrow format lies in memory.
enum class ArrowShape { none, bits, fixed, text, binary, list, fixed_list, structure, map };

struct ArrowLayout {
    ArrowShape shape = ArrowShape::none;
    std::int64_t width = 0;       ///< fixed: bytes a value; fixed_list: values a list
    bool wide_offsets = false;    ///< offsets of 64 bits, not 32
    unsigned decimal_digits = 0;  ///< of a DECIMAL; 0 for others

    [[nodiscard]] std::int64_t buffers() const {
        switch (shape) {
            case ArrowShape::none:
                return 0;
            case ArrowShape::fixed_list:
            case ArrowShape::structure:
                return 1;
            case ArrowShape::text:
            case ArrowShape::binary:
                return 3;
            default:
                return 2;
        }
    }
};

/// nullopt for formats that are not supported: half floats, views, unions, run ends, DECIMAL of
/// other than 128 bits.
std::optional<ArrowLayout> layout_of(std::string_view format);

}  // namespace faultline::engine
