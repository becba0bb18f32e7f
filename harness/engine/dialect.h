#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/dose_curve.h"
#include "engine/value.h"
#include "model/pipeline.h"

namespace faultline::engine {

/// How one engine says things in SQL. Everything above this layer that writes SQL does it through
/// here, so that a second engine is a second Dialect. Immutable and thread-safe.
class Dialect {
  public:
    virtual ~Dialect() = default;

    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual std::string quote(const std::string& identifier) const = 0;
    [[nodiscard]] virtual std::string literal(const std::string& text) const = 0;
    /// Exact: the shortest text that reads back as the same double, typed as one; nan and inf too.
    [[nodiscard]] virtual std::string literal(double number) const = 0;
    [[nodiscard]] virtual std::string cast(const std::string& expression,
                                           const std::string& type) const = 0;
    /// NULL where the cast fails.
    [[nodiscard]] virtual std::string try_cast(const std::string& expression,
                                               const std::string& type) const = 0;
    [[nodiscard]] virtual std::string bit_xor(const std::string& a, const std::string& b) const = 0;
    [[nodiscard]] virtual std::string shift_right(const std::string& a, int bits) const = 0;
    /// The engine has the functions of native_draw.h; where not, draw_sql.h writes arithmetic.
    [[nodiscard]] virtual bool draws_natively() const { return false; }
    /// The dose of core/dose_curve.h at a column of this type, in seconds where that is a time: a
    /// DOUBLE, never NULL. Empty where the engine has no such function; then it is said in SQL.
    [[nodiscard]] virtual std::string native_dose(const std::string& /*column*/,
                                                  const std::string& /*type*/,
                                                  const DoseCurve& /*curve*/) const {
        return {};
    }
    /// A non-negative 60-bit integer from text, the same on every engine (md5).
    [[nodiscard]] virtual std::string hash_text(const std::string& expression) const = 0;
    /// `a IS DISTINCT FROM b`, in which NULLs and NaNs equal themselves.
    [[nodiscard]] virtual std::string differs(const std::string& a, const std::string& b) const = 0;
    /// The same for two values of one type, where the engine compares some types faster.
    [[nodiscard]] virtual std::string differs(const std::string& /*type*/, const std::string& a,
                                              const std::string& b) const {
        return differs(a, b);
    }
    /// `x` cut to what lies between `low` and `high`, three DOUBLEs, of which NULL and NaN stay.
    [[nodiscard]] virtual std::string clamped(const std::string& x, const std::string& low,
                                              const std::string& high) const = 0;
    /// The engine's type for a family ("DOUBLE" for floating, "BIGINT" for integer, "VARCHAR" …).
    [[nodiscard]] virtual std::string type_for(TypeFamily family) const = 0;
    [[nodiscard]] virtual TypeFamily family_of(const std::string& type) const = 0;
    /// Qualified, quoted name of a result in the store.
    [[nodiscard]] virtual std::string store(const std::string& address) const = 0;
    [[nodiscard]] virtual std::string create_table_as(const std::string& table,
                                                      const std::string& select) const = 0;
    [[nodiscard]] virtual std::string drop_table(const std::string& table) const = 0;
    /// One row that tells a SELECT's rows from others in whatever order they come: their number,
    /// and two sums over a hash of each. Only for comparing within one database.
    [[nodiscard]] virtual std::string fingerprint(const std::string& select) const = 0;
    /// Writes a SELECT's rows to a file inside the exchange folder: csv with a header, json as one
    /// object a line.
    [[nodiscard]] virtual std::string copy_to_file(const std::string& select,
                                                   const std::string& file,
                                                   model::FileFormat format) const = 0;
    /// An aggregate, as text: what a column holds, whatever the order, in the engine's 64-bit hash.
    /// Two columns of one type and as many rows that agree in it are taken for equal.
    [[nodiscard]] virtual std::string column_print(const std::string& expression) const = 0;
    /// A condition that holds for about one in `one_in` of all values, and always for the same.
    [[nodiscard]] virtual std::string is_sampled(const std::string& expression,
                                                 unsigned one_in) const = 0;
    /// An aggregate: how many different values that are not NULL.
    [[nodiscard]] virtual std::string count_distinct(const std::string& expression) const = 0;
    /// An aggregate: the quantile at `p` of numbers, interpolated.
    [[nodiscard]] virtual std::string quantile(const std::string& expression, double p) const = 0;
    /// The same number, of one of several quantiles that are asked together: the engine sorts once
    /// where it is asked for each of `ps` in one statement.
    [[nodiscard]] virtual std::string quantile_among(const std::string& expression,
                                                     const std::vector<double>& ps,
                                                     std::size_t which) const = 0;
    /// Seconds since 1970 of a date or timestamp, as a floating number.
    [[nodiscard]] virtual std::string epoch(const std::string& expression) const = 0;
    /// Do all values of a type survive the way out by Arrow and in again? Those of a type that has
    /// no Arrow form, or one that is too narrow, do as text.
    [[nodiscard]] virtual bool fits_arrow(const std::string& /*type*/) const { return true; }
};

}  // namespace faultline::engine
