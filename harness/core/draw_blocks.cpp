#include "core/draw_blocks.h"

#include <algorithm>
#include <cmath>

#include "core/normal_quantile.h"

// Compiled at -O3 (harness/CMakeLists.txt), so that the loops become vector instructions, and once
// more for processors with AVX2. No fused multiply-add is among them: both give the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define FAULTLINE_BLOCK __attribute__((target_clones("avx2", "default")))
#else
#define FAULTLINE_BLOCK
#endif

namespace faultline {
namespace {

/// As in draws.cpp, whose 64-bit arithmetic modulo 2^32 this is.
inline std::uint32_t round_of(std::uint32_t x) noexcept {
    return (x ^ (x >> 16)) * 73244475u;
}

inline std::uint32_t draw_at(std::int64_t key, std::uint64_t stream, std::uint32_t index) noexcept {
    const auto bits = static_cast<std::uint64_t>(key);
    std::uint32_t x =
        round_of(static_cast<std::uint32_t>(bits) ^ static_cast<std::uint32_t>(stream));
    x = round_of(x ^ static_cast<std::uint32_t>(bits >> 32));
    x = round_of(x ^ static_cast<std::uint32_t>(stream >> 32));
    x = round_of(x ^ index);
    x = round_of(x ^ 0x9e3779b9u);
    return x ^ (x >> 16);
}

/// draw + 1/2, exact. By way of a signed number: those convert several at a time without AVX-512.
inline double middle_of(std::uint32_t draw) noexcept {
    return static_cast<double>(static_cast<std::int32_t>(draw ^ 0x80000000u)) + 2147483648.5;
}

constexpr double unit = 1.0 / 4294967296.0;
constexpr std::size_t piece = 512;

/// At most `piece` of them.
FAULTLINE_BLOCK void normals_of(const std::int64_t* __restrict keys, std::size_t n,
                                std::uint64_t stream, std::uint32_t index, double deviation,
                                double* __restrict out) noexcept {
    double q[piece], r[piece];
    std::uint32_t tails[piece];
    for (std::size_t i = 0; i < n; ++i)
        q[i] = middle_of(draw_at(keys[i], stream, index)) * unit - 0.5;
    for (std::size_t i = 0; i < n; ++i) out[i] = deviation * normal_in_middle(q[i]);
    // The tails, one row in seven, are gathered and worked on together.
    std::size_t count = 0;
    for (std::size_t i = 0; i < n; ++i) {
        tails[count] = static_cast<std::uint32_t>(i);
        count += std::abs(q[i]) > normal_middle ? 1 : 0;
    }
    for (std::size_t j = 0; j < count; ++j) r[j] = -std::log(0.5 - std::abs(q[tails[j]]));
    for (std::size_t j = 0; j < count; ++j) r[j] = deviation * normal_in_tail(std::sqrt(r[j]));
    for (std::size_t j = 0; j < count; ++j) out[tails[j]] = q[tails[j]] < 0 ? -r[j] : r[j];
}

}  // namespace

FAULTLINE_BLOCK void DrawBlock::draws(const std::int64_t* __restrict keys, std::size_t n,
                                      std::int64_t* __restrict out) const noexcept {
    const auto s = stream;
    const auto at = index;
    for (std::size_t i = 0; i < n; ++i) out[i] = draw_at(keys[i], s, at);
}

FAULTLINE_BLOCK void DrawBlock::uniforms(const std::int64_t* __restrict keys, std::size_t n,
                                         double* __restrict out) const noexcept {
    const auto s = stream;
    const auto at = index;
    for (std::size_t i = 0; i < n; ++i) out[i] = middle_of(draw_at(keys[i], s, at)) * unit;
}

void DrawBlock::normals(const std::int64_t* keys, std::size_t n, double deviation,
                        double* out) const noexcept {
    for (std::size_t from = 0; from < n; from += piece)
        normals_of(keys + from, std::min(piece, n - from), stream, index, deviation, out + from);
}

FAULTLINE_BLOCK void DrawBlock::up_to(const std::int64_t* __restrict keys, std::size_t n,
                                      std::int64_t last_draw, std::int64_t last_key,
                                      bool* __restrict out) const noexcept {
    const auto s = stream;
    const auto at = index;
    if (last_draw < 0 || last_draw > 0xffffffff) {
        std::fill_n(out, n, last_draw > 0);
        return;
    }
    const auto limit = static_cast<std::uint32_t>(last_draw);
    // Hardly any key draws the very limit, so those are looked at apart.
    std::uint32_t ties = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const auto d = draw_at(keys[i], s, at);
        out[i] = d < limit;
        ties |= d == limit ? 1u : 0u;
    }
    if (ties == 0) return;
    for (std::size_t i = 0; i < n; ++i)
        if (draw_at(keys[i], s, at) == limit) out[i] = keys[i] <= last_key;
}

}  // namespace faultline
