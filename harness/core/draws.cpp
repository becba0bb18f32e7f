#include "core/draws.h"

#include "core/digest.h"
#include "core/normal_quantile.h"

namespace faultline {
namespace {
constexpr std::uint64_t low_mask = 0xffffffffu;

std::uint64_t round_of(std::uint64_t x) noexcept {
    return ((x ^ (x >> 16)) * 73244475u) & low_mask;
}
}  // namespace

std::uint32_t draw(std::int64_t key, std::uint64_t stream, std::uint32_t index) noexcept {
    const auto bits = static_cast<std::uint64_t>(key);
    std::uint64_t x = round_of((bits & low_mask) ^ (stream & low_mask));
    x = round_of(x ^ (bits >> 32));
    x = round_of(x ^ (stream >> 32));
    x = round_of(x ^ index);
    x = round_of(x ^ 0x9e3779b9u);
    return static_cast<std::uint32_t>(x ^ (x >> 16));
}

double uniform(std::int64_t key, std::uint64_t stream, std::uint32_t index) noexcept {
    return (static_cast<double>(draw(key, stream, index)) + 0.5) / 4294967296.0;
}

double normal(std::int64_t key, std::uint64_t stream, std::uint32_t index) noexcept {
    return normal_quantile(uniform(key, stream, first_normal_draw + index) - 0.5);
}

std::uint64_t stream_of(std::uint64_t seed, const char* perturbation, std::uint64_t replicate) {
    return Digest().add(seed).add(std::string_view(perturbation)).add(replicate).word();
}

}  // namespace faultline
