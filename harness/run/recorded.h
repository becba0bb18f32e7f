#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "design/design.h"
#include "journal/records.h"

namespace faultline::run {

/// The trials that an earlier part of the run has recorded, handed out to the design that asks for
/// them again. Used by one thread.
class Recorded {
  public:
    /// They come in the order of their numbers.
    explicit Recorded(std::vector<journal::TrialRecord> trials);
    /// The record of this very trial, if there is one. Throws Error(user) when the journal's trial
    /// of that number is another.
    [[nodiscard]] std::optional<journal::TrialRecord> take(const design::Trial& trial);
    /// Throws Error(user) when some were never asked for.
    void require_all_taken() const;

  private:
    std::vector<journal::TrialRecord> trials_;  ///< by number
    std::vector<bool> taken_;                   ///< by place in it
    std::size_t left_;                          ///< not taken yet; at 0 both are let go
};

}  // namespace faultline::run
