#pragma once

#include <string>
#include <vector>

#include "core/error.h"

namespace faultline::model {

/// Gathers what is wrong in one document, so that its author hears everything at once. Bounded: a
/// hostile document costs neither endless memory nor endless time. Belongs to one thread.
class Problems {
  public:
    /// `file` as the user named it.
    explicit Problems(std::string file) : file_(std::move(file)) {}

    /// Pointers and names are made printable here.
    void add(const std::string& pointer, std::string found, std::string expected,
             const std::string& nearest = {});
    /// The candidate worth suggesting for `name`, or empty; none once the list is long.
    [[nodiscard]] std::string nearest(const std::string& name,
                                      const std::vector<std::string>& candidates) const;
    [[nodiscard]] bool empty() const { return problems_.empty(); }
    /// Throws Error(user) with everything that was added, if anything was.
    void throw_if_any() const;

  private:
    std::string file_;
    std::vector<Problem> problems_;
    std::size_t left_out_ = 0;
};

}  // namespace faultline::model
