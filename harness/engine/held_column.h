#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace faultline::engine {

/// Values by their places, in memory beside the engine's own limit, for statements that look one up
/// for each row: reading an array where a join would hash all rows. Immutable and thread-safe. Who
/// holds it keeps it: a statement that is bound after the last owner let go does not bind.
class HeldColumn {
  public:
    HeldColumn() = default;
    virtual ~HeldColumn() = default;
    HeldColumn(const HeldColumn&) = delete;
    HeldColumn& operator=(const HeldColumn&) = delete;
    /// SQL of the value at `place`, SQL of a BIGINT. NULL where there is none.
    [[nodiscard]] virtual std::string at(const std::string& place) const = 0;
    /// What of that SQL is this column's own, and says nothing of its type.
    [[nodiscard]] virtual std::string mark() const = 0;
    [[nodiscard]] virtual std::size_t bytes() const = 0;
};

using HeldColumns = std::vector<std::shared_ptr<const HeldColumn>>;

}  // namespace faultline::engine
