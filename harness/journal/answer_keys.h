#pragma once

#include <string>

#include "core/shared_ids.h"
#include "model/pipeline.h"

namespace faultline::journal {

using model::Json;

/// What each perturbation of a trial counted of itself, by its id. A run has very many of them, few
/// are ever looked at, and they differ in their counts alone: the text around the counts is kept
/// once, for as long as the process lives, and the counts of a trial take a byte or two each.
class AnswerKeys {
  public:
    void set(const std::string& id, const Json& key);
    /// null where there is none.
    [[nodiscard]] Json at(const std::string& id) const;
    [[nodiscard]] bool contains(const std::string& id) const;
    [[nodiscard]] std::size_t size() const { return counts_.empty() ? 0 : counts_.head().size(); }
    [[nodiscard]] bool empty() const { return counts_.empty(); }
    /// An object of all of them, in the order in which they were set.
    [[nodiscard]] Json to_json() const;

  private:
    /// Counts as bytes, one key's after the other's, and beside them what each is about: the id and
    /// the text with a hole for each count (see answer_keys.cpp).
    SharedArray<unsigned char, SharedIds> counts_;
};

}  // namespace faultline::journal
