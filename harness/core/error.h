#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace faultline {

/// Whose fault it is; the program's exit code follows from it.
enum class ErrorKind {
    user,       ///< bad input or usage: exit code 3
    plugin,     ///< a plugin broke its contract or reported a failure
    data,       ///< the engine refused or failed a statement
    internal,   ///< the harness itself failed: exit code 4
    cancelled,  ///< a time-out or an interrupt stopped the work
};

/// One thing wrong in a document, at one place.
struct Problem {
    std::string file;      ///< as the user named it; empty when there is none
    std::string pointer;   ///< RFC 6901 JSON pointer; empty is the whole document
    std::string found;     ///< what stands there
    std::string expected;  ///< what should stand there
    std::string nearest;   ///< the nearest known name, or empty

    /// One line for people: `file: /pointer: found X, expected Y; did you mean "Z"?`
    [[nodiscard]] std::string message() const;
};

/// The one exception type of the harness. What a trial can end as is a value, never one of these.
class Error : public std::runtime_error {
  public:
    Error(ErrorKind kind, const std::string& message, std::string node = {});
    /// All problems of a document at once (kind `user`).
    explicit Error(std::vector<Problem> problems);

    [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }
    /// The node that caused it, or empty.
    [[nodiscard]] const std::string& node() const noexcept { return node_; }
    [[nodiscard]] const std::vector<Problem>& problems() const noexcept { return problems_; }

  private:
    ErrorKind kind_;
    std::string node_;
    std::vector<Problem> problems_;
};

/// The candidate nearest to `name` by edit distance (case-insensitive), or empty when none is near
/// enough to be worth suggesting.
std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates);

}  // namespace faultline
