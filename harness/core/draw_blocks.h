#pragma once

#include <cstddef>
#include <cstdint>

namespace faultline {

/// Draws of one stream and index for many keys at once: exactly what core/draws.h gives for each of
/// them, several rows an instruction. `out` has room for `n` values and may not overlap `keys`.
/// Thread-safe.
struct DrawBlock {
    std::uint64_t stream;
    std::uint32_t index;

    /// Each in [0, 2^32).
    void draws(const std::int64_t* keys, std::size_t n, std::int64_t* out) const noexcept;
    void uniforms(const std::int64_t* keys, std::size_t n, double* out) const noexcept;
    /// `deviation` times the normal quantile at each uniform, and so times the normal number
    /// index - first_normal_draw.
    void normals(const std::int64_t* keys, std::size_t n, double deviation,
                 double* out) const noexcept;
    /// Does (draw, key) come no later than (last_draw, last_key) in order?
    void up_to(const std::int64_t* keys, std::size_t n, std::int64_t last_draw,
               std::int64_t last_key, bool* out) const noexcept;
};

}  // namespace faultline
