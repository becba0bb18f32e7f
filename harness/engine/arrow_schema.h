#pragma once

#include <string>

#include "faultline/arrow.h"

namespace faultline::engine {

/// Owns an ArrowSchema that somebody filled in; releases it if it was.
class ArrowSchemaOwner {
  public:
    ArrowSchemaOwner() = default;
    ~ArrowSchemaOwner() {
        if (raw_.release != nullptr) raw_.release(&raw_);
    }
    ArrowSchemaOwner(const ArrowSchemaOwner&) = delete;
    ArrowSchemaOwner& operator=(const ArrowSchemaOwner&) = delete;
    [[nodiscard]] ArrowSchema* get() noexcept { return &raw_; }

  private:
    ArrowSchema raw_{};
};

/// The same for an array; movable, since a released array may be moved bit by bit.
class ArrowArrayOwner {
  public:
    ArrowArrayOwner() = default;
    ~ArrowArrayOwner() {
        if (raw_.release != nullptr) raw_.release(&raw_);
    }
    ArrowArrayOwner(ArrowArrayOwner&& other) noexcept : raw_(other.raw_) {
        other.raw_.release = nullptr;
    }
    ArrowArrayOwner(const ArrowArrayOwner&) = delete;
    ArrowArrayOwner& operator=(const ArrowArrayOwner&) = delete;
    ArrowArrayOwner& operator=(ArrowArrayOwner&&) = delete;
    [[nodiscard]] ArrowArray* get() noexcept { return &raw_; }
    /// Hands the array over to whoever owns `out`.
    void move_to(ArrowArray* out) noexcept {
        *out = raw_;
        raw_.release = nullptr;
    }

  private:
    ArrowArray raw_{};
};

/// A deep copy with its own memory. Metadata is left behind: extension types are not understood
/// here, and their storage is what is meant. `source` is well-formed (arrow_check.h).
void copy_schema(const ArrowSchema& source, ArrowSchema* out);

/// The SQL type that a column of this schema becomes. Throws Error(plugin) for a format without
/// one.
std::string sql_type_of(const ArrowSchema& column);

}  // namespace faultline::engine
