#pragma once

#include <cstdint>
#include <random>

#include "core/digest.h"

namespace faultline::design {

/// Random numbers of one purpose and one seed. The engine is specified to the bit; the standard's
/// distributions are not, so what is drawn from it is defined here.
class SeededBits {
  public:
    SeededBits(const char* purpose, std::uint64_t seed)
        : engine_(Digest().add(purpose).add(seed).word()) {}

    /// 0 … below − 1, without the bias of a plain remainder. `below` > 0.
    std::uint64_t whole(std::uint64_t below) {
        const std::uint64_t excess = (UINT64_MAX % below + 1) % below;
        std::uint64_t bits = engine_();
        while (bits > UINT64_MAX - excess) bits = engine_();
        return bits % below;
    }
    std::uint32_t word() { return static_cast<std::uint32_t>(engine_() >> 32); }
    /// Strictly inside (0, 1).
    double uniform() { return (static_cast<double>(engine_() >> 12) + 0.5) * 0x1p-52; }

  private:
    std::mt19937_64 engine_;
};

}  // namespace faultline::design
