#pragma once

#include <string>

namespace faultline::report {

enum class Hue { plain, bold, faint, red, yellow, green, cyan };

/// Puts colour around text, or leaves it alone. The escape sequences are ours alone: what is
/// painted must have been through shown().
class Paint {
  public:
    explicit Paint(bool colour) : colour_(colour) {}
    [[nodiscard]] std::string operator()(Hue hue, const std::string& text) const;

  private:
    bool colour_;
};

}  // namespace faultline::report
