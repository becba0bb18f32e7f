#pragma once

#include <charconv>
#include <string_view>
#include <system_error>

namespace faultline::engine {

/// Reads the constant text by which a native function is told what it is to compute: numbers with a
/// slash between two.
class NativeNumbers {
  public:
    explicit NativeNumbers(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}
    template <typename Number>
    NativeNumbers& operator>>(Number& value) {
        const auto [stop, failed] = std::from_chars(at_, end_, value);
        good_ = good_ && failed == std::errc{};
        at_ = stop != end_ && *stop == '/' ? stop + 1 : stop;
        return *this;
    }
    [[nodiscard]] bool done() const { return good_ && at_ == end_; }

  private:
    const char* at_;
    const char* end_;
    bool good_ = true;
};

}  // namespace faultline::engine
