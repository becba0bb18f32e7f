#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace faultline::process {

/// The last bytes of a stream of any length, in bounded memory. Used by one thread.
class Tail {
  public:
    explicit Tail(std::size_t most) : most_(most) {}
    void append(const char* bytes, std::size_t count);
    /// At most `most` bytes, in order.
    [[nodiscard]] std::string text() const;
    /// Of the whole stream.
    [[nodiscard]] std::uint64_t total() const { return total_; }

  private:
    std::size_t most_;
    std::string kept_;  ///< up to twice `most_`, so that a byte is moved once on average
    std::uint64_t total_ = 0;
};

}  // namespace faultline::process
