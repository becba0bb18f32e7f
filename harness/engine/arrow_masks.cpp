#include "engine/arrow_masks.h"

#include <algorithm>

namespace faultline::engine {
namespace {

/// More than any reader looks ahead, which works in words of 64 bits.
constexpr std::size_t room = 16;

}  // namespace

void RoomyMasks::replace(ArrowArray& array) {
    if (array.n_buffers > 0 && array.buffers[0] != nullptr && array.null_count != 0) {
        const auto bytes = static_cast<std::size_t>((array.offset + array.length + 7) / 8);
        const auto* from = static_cast<const std::uint8_t*>(array.buffers[0]);
        Mask mask{&array, array.buffers[0], std::vector<std::uint8_t>(bytes + room)};
        std::copy(from, from + bytes, mask.copy.begin());
        masks_.push_back(std::move(mask));
        array.buffers[0] = masks_.back().copy.data();
    }
    for (std::int64_t i = 0; i < array.n_children; ++i) replace(*array.children[i]);
    if (array.dictionary != nullptr) replace(*array.dictionary);
}

}  // namespace faultline::engine
