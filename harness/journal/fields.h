#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "journal/records.h"

namespace faultline::journal {

/// What is wrong with a line, in words; read_text() adds the file and the line's number.
struct Malformed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Strict access to the fields of a line. Every getter throws Malformed with the field's name when
/// it is absent or of another type. Borrows the object.
class Fields {
  public:
    /// `what` names the object in messages. Throws Malformed when `object` is no object.
    Fields(const Json& object, std::string what);

    [[nodiscard]] bool has(const char* key) const { return object_.contains(key); }
    [[nodiscard]] const Json& any(const char* key) const;
    [[nodiscard]] const Json& array(const char* key) const;
    [[nodiscard]] const Json& object(const char* key) const;
    [[nodiscard]] std::string text(const char* key) const;
    [[nodiscard]] std::vector<std::string> texts(const char* key) const;
    [[nodiscard]] bool flag(const char* key) const;
    [[nodiscard]] std::uint64_t count(const char* key) const;
    [[nodiscard]] std::uint32_t small_count(const char* key) const;  ///< below 2^32
    [[nodiscard]] double number(const char* key) const;
    [[nodiscard]] std::vector<std::optional<double>> numbers(const char* key) const;

  private:
    [[noreturn]] void refuse(const char* key, const char* expected) const;

    const Json& object_;
    std::string what_;
};

}  // namespace faultline::journal
