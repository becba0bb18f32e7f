#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "faultline/arrow.h"

namespace faultline::engine {

/// While it lives, the null masks of an array and its children are copies with room behind them.
/// DuckDB 1.4.4 reads a byte more of a mask than its rows need when the first of them does not
/// begin a byte, which in a foreign buffer may be past the end. The array must outlive this.
class RoomyMasks {
  public:
    explicit RoomyMasks(ArrowArray& array) { replace(array); }
    ~RoomyMasks() {
        for (const auto& mask : masks_) mask.array->buffers[0] = mask.original;
    }
    RoomyMasks(const RoomyMasks&) = delete;
    RoomyMasks& operator=(const RoomyMasks&) = delete;

  private:
    struct Mask {
        ArrowArray* array;
        const void* original;
        std::vector<std::uint8_t> copy;
    };

    void replace(ArrowArray& array);

    std::vector<Mask> masks_;
};

}  // namespace faultline::engine
