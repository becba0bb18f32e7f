#pragma once

#include "engine/dialect.h"

namespace faultline::engine {

/// DuckDB's SQL.
class DuckDbDialect : public Dialect {
  public:
    [[nodiscard]] std::string name() const override { return "duckdb"; }
    [[nodiscard]] std::string quote(const std::string& identifier) const override;
    [[nodiscard]] std::string literal(const std::string& text) const override;
    [[nodiscard]] std::string literal(double number) const override;
    [[nodiscard]] std::string cast(const std::string& expression,
                                   const std::string& type) const override;
    [[nodiscard]] std::string try_cast(const std::string& expression,
                                       const std::string& type) const override;
    [[nodiscard]] std::string bit_xor(const std::string& a, const std::string& b) const override;
    [[nodiscard]] std::string shift_right(const std::string& a, int bits) const override;
    [[nodiscard]] bool draws_natively() const override { return true; }
    [[nodiscard]] std::string native_dose(const std::string& column, const std::string& type,
                                          const DoseCurve& curve) const override;
    [[nodiscard]] std::string hash_text(const std::string& expression) const override;
    [[nodiscard]] std::string differs(const std::string& a, const std::string& b) const override;
    [[nodiscard]] std::string differs(const std::string& type, const std::string& a,
                                      const std::string& b) const override;
    [[nodiscard]] std::string clamped(const std::string& x, const std::string& low,
                                      const std::string& high) const override;
    [[nodiscard]] std::string type_for(TypeFamily family) const override;
    [[nodiscard]] TypeFamily family_of(const std::string& type) const override;
    [[nodiscard]] bool fits_arrow(const std::string& type) const override;
    [[nodiscard]] std::string store(const std::string& address) const override;
    [[nodiscard]] std::string create_table_as(const std::string& table,
                                              const std::string& select) const override;
    [[nodiscard]] std::string drop_table(const std::string& table) const override;
    [[nodiscard]] std::string fingerprint(const std::string& select) const override;
    [[nodiscard]] std::string copy_to_file(const std::string& select, const std::string& file,
                                           model::FileFormat format) const override;
    [[nodiscard]] std::string column_print(const std::string& expression) const override;
    [[nodiscard]] std::string is_sampled(const std::string& expression,
                                         unsigned one_in) const override;
    [[nodiscard]] std::string count_distinct(const std::string& expression) const override;
    [[nodiscard]] std::string quantile(const std::string& expression, double p) const override;
    [[nodiscard]] std::string quantile_among(const std::string& expression,
                                             const std::vector<double>& ps,
                                             std::size_t which) const override;
    [[nodiscard]] std::string epoch(const std::string& expression) const override;
};

}  // namespace faultline::engine
