#pragma once

#include <map>
#include <mutex>
#include <string>

#include "engine/engine.h"
#include "graph/dag.h"

namespace faultline::run {

/// What the base's results hold, whatever order their rows come in: the number of rows and, over
/// all of them, the exclusive or and the sum of the engine's 64-bit hash of a row. Two relations
/// that agree in all three are taken for equal; by accident that happens to one pair in 2^64 and
/// more. Thread-safe; a base result's fingerprint is taken when first asked for.
class Fingerprints {
  public:
    /// Whether `select` gives the rows that `base` (a SELECT of the base's result of `node`) gives.
    /// Their columns are known to be the same.
    [[nodiscard]] bool same(engine::Connection& connection, const engine::Dialect& dialect,
                            graph::NodeIndex node, const std::string& base,
                            const std::string& select);

  private:
    std::mutex mutex_;
    std::map<graph::NodeIndex, engine::Rows> known_;
};

}  // namespace faultline::run
