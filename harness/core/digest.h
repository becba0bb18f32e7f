#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/stop.h"

namespace faultline {

/// A content address: 128 bits of XXH3 as 32 hexadecimal digits. Parts are length-prefixed, so
/// ("ab", "c") and ("a", "bc") differ. Not cryptographic: it guards against accidents, not attacks.
class Digest {
  public:
    Digest& add(std::string_view part);
    Digest& add(std::uint64_t number);
    [[nodiscard]] std::string hex() const;
    /// The first 64 bits, for seeds and streams.
    [[nodiscard]] std::uint64_t word() const;

  private:
    std::string bytes_;
};

/// Address of a file's bytes. Throws Error(user) when it cannot be read, Error(cancelled) when
/// `stop` (null: never) is requested meanwhile.
std::string digest_of_file(const std::filesystem::path& path, const StopFlag* stop = nullptr);

}  // namespace faultline
