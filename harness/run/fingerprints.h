#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "engine/engine.h"

namespace faultline::run {

/// What the base's results hold, whatever order their rows come in: the number of rows and, over
/// all of them, the exclusive or and the sum of the engine's 64-bit hash of a row. Two relations
/// that agree in all three are taken for equal; by accident that happens to one pair in 2^64 and
/// more. What differs is mostly told from one floating column, at a tenth of the cost, before all
/// of them are looked at. Thread-safe; a base result's fingerprint is taken when first asked for.
class Fingerprints {
  public:
    /// Whether `select` gives the rows that `base` (a SELECT of a base's result, or of some of its
    /// columns) gives. Both are known to have these columns.
    [[nodiscard]] bool same(engine::Connection& connection, const engine::Dialect& dialect,
                            const engine::Schema& columns, const std::string& base,
                            const std::string& select);

  private:
    std::mutex mutex_;
    /// By the base's SELECT and what was asked of it.
    std::map<std::pair<std::string, std::string>, engine::Rows> known_;
};

}  // namespace faultline::run
