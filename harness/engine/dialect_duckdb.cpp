#include "engine/dialect_duckdb.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string_view>
#include <utility>

#include "engine/native_clamped.h"
#include "engine/native_differs.h"
#include "engine/native_dose.h"

namespace faultline::engine {
namespace {

std::string between_quotes(std::string_view text, char quote) {
    std::string result(1, quote);
    for (const char c : text) {
        if (c == quote) result += quote;
        result += c;
    }
    return result + quote;
}

struct NamedFamily {
    std::string_view prefix;  ///< of the type's upper-case spelling, up to a word's end
    TypeFamily family;
};

/// In order: the first prefix that fits wins.
constexpr std::array named_families{
    NamedFamily{"BOOLEAN", TypeFamily::boolean},     NamedFamily{"BOOL", TypeFamily::boolean},
    NamedFamily{"TINYINT", TypeFamily::integer},     NamedFamily{"SMALLINT", TypeFamily::integer},
    NamedFamily{"INTEGER", TypeFamily::integer},     NamedFamily{"INT", TypeFamily::integer},
    NamedFamily{"BIGINT", TypeFamily::integer},      NamedFamily{"HUGEINT", TypeFamily::integer},
    NamedFamily{"UTINYINT", TypeFamily::integer},    NamedFamily{"USMALLINT", TypeFamily::integer},
    NamedFamily{"UINTEGER", TypeFamily::integer},    NamedFamily{"UBIGINT", TypeFamily::integer},
    NamedFamily{"UHUGEINT", TypeFamily::integer},    NamedFamily{"BIGNUM", TypeFamily::integer},
    NamedFamily{"DECIMAL", TypeFamily::decimal},     NamedFamily{"NUMERIC", TypeFamily::decimal},
    NamedFamily{"DOUBLE", TypeFamily::floating},     NamedFamily{"FLOAT", TypeFamily::floating},
    NamedFamily{"REAL", TypeFamily::floating},       NamedFamily{"VARCHAR", TypeFamily::text},
    NamedFamily{"TEXT", TypeFamily::text},           NamedFamily{"STRING", TypeFamily::text},
    NamedFamily{"CHAR", TypeFamily::text},           NamedFamily{"ENUM", TypeFamily::text},
    NamedFamily{"JSON", TypeFamily::text},           NamedFamily{"DATE", TypeFamily::date},
    NamedFamily{"TIMESTAMP", TypeFamily::timestamp}, NamedFamily{"DATETIME", TypeFamily::timestamp},
    NamedFamily{"TIME", TypeFamily::time},           NamedFamily{"INTERVAL", TypeFamily::interval},
    NamedFamily{"BLOB", TypeFamily::binary},         NamedFamily{"BYTEA", TypeFamily::binary},
    NamedFamily{"BIT", TypeFamily::binary},          NamedFamily{"STRUCT", TypeFamily::nested},
    NamedFamily{"MAP", TypeFamily::nested},          NamedFamily{"UNION", TypeFamily::nested},
};

}  // namespace

std::string DuckDbDialect::quote(const std::string& identifier) const {
    return between_quotes(identifier, '"');
}

std::string DuckDbDialect::literal(const std::string& text) const {
    if (text.find('\0') == std::string::npos) return between_quotes(text, '\'');
    // A NUL would end the statement's text: it is put in by the engine.
    std::string result;
    std::size_t begin = 0;
    for (std::size_t end = 0; end != std::string::npos; begin = end + 1) {
        end = text.find('\0', begin);
        if (begin > 0) result += " || chr(0) || ";
        result += between_quotes(std::string_view(text).substr(begin, end - begin), '\'');
    }
    return "(" + result + ")";
}

std::string DuckDbDialect::literal(double number) const {
    if (std::isnan(number)) return "CAST('nan' AS DOUBLE)";
    if (std::isinf(number)) return number > 0 ? "CAST('inf' AS DOUBLE)" : "CAST('-inf' AS DOUBLE)";
    // fmt gives the shortest text that reads back. Without an exponent DuckDB would read a DECIMAL.
    std::string text = fmt::format("{}", number);
    if (text.find('e') == std::string::npos) text += "e0";
    // "x--1" would begin a comment.
    return std::signbit(number) ? "(" + text + ")" : text;
}

std::string DuckDbDialect::cast(const std::string& expression, const std::string& type) const {
    return fmt::format("CAST({} AS {})", expression, type);
}

std::string DuckDbDialect::try_cast(const std::string& expression, const std::string& type) const {
    return fmt::format("TRY_CAST({} AS {})", expression, type);
}

std::string DuckDbDialect::bit_xor(const std::string& a, const std::string& b) const {
    return fmt::format("xor({}, {})", a, b);
}

std::string DuckDbDialect::shift_right(const std::string& a, int bits) const {
    return fmt::format("({} >> {})", a, bits);
}

std::string DuckDbDialect::native_dose(const std::string& column, const std::string& type,
                                       const DoseCurve& curve) const {
    return engine::native_dose(column, type, curve).value_or("");
}

std::string DuckDbDialect::hash_text(const std::string& expression) const {
    return fmt::format("CAST(('0x' || substr(md5(CAST({} AS VARCHAR)), 1, 15)) AS BIGINT)",
                       expression);
}

std::string DuckDbDialect::differs(const std::string& a, const std::string& b) const {
    return fmt::format("({} IS DISTINCT FROM {})", a, b);
}

std::string DuckDbDialect::differs(const std::string& type, const std::string& a,
                                   const std::string& b) const {
    return type == "DOUBLE" ? native_differs(a, b) : differs(a, b);
}

std::string DuckDbDialect::clamped(const std::string& x, const std::string& low,
                                   const std::string& high) const {
    return native_clamped(x, low, high);
}

std::string DuckDbDialect::type_for(TypeFamily family) const {
    switch (family) {
        case TypeFamily::boolean:
            return "BOOLEAN";
        case TypeFamily::integer:
            return "BIGINT";
        case TypeFamily::decimal:
            return "DECIMAL(38,10)";
        case TypeFamily::floating:
            return "DOUBLE";
        case TypeFamily::date:
            return "DATE";
        case TypeFamily::time:
            return "TIME";
        case TypeFamily::timestamp:
            return "TIMESTAMP";
        case TypeFamily::interval:
            return "INTERVAL";
        case TypeFamily::binary:
            return "BLOB";
        case TypeFamily::text:
        case TypeFamily::nested:
        case TypeFamily::other:
            return "VARCHAR";
    }
    return "VARCHAR";
}

bool DuckDbDialect::fits_arrow(const std::string& type) const {
    // It goes as a decimal of 38 digits, and may have 39.
    return type != "HUGEINT";
}

TypeFamily DuckDbDialect::family_of(const std::string& type) const {
    if (type.empty()) return TypeFamily::other;
    if (type.back() == ']') return TypeFamily::nested;
    std::string upper(type);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    for (const auto& [prefix, family] : named_families) {
        if (upper.compare(0, prefix.size(), prefix) != 0) continue;
        const char next = upper.size() > prefix.size() ? upper[prefix.size()] : ' ';
        if (next == ' ' || next == '(' || next == '_') return family;
        // INT4, FLOAT8, TIMESTAMPTZ, TIMETZ: DuckDB's other names, which users may state.
        if (next >= '0' && next <= '9') return family;
        if (upper.compare(prefix.size(), std::string::npos, "TZ") == 0) return family;
    }
    return TypeFamily::other;
}

std::string DuckDbDialect::store(const std::string& address) const {
    return "store." + quote(address);
}

std::string DuckDbDialect::create_table_as(const std::string& table,
                                           const std::string& select) const {
    return fmt::format("CREATE TABLE {} AS\n{}", table, select);
}

std::string DuckDbDialect::drop_table(const std::string& table) const {
    return "DROP TABLE IF EXISTS " + table;
}

std::string DuckDbDialect::fingerprint(const std::string& select) const {
    return fmt::format(
        "SELECT count(*), CAST(bit_xor(hash(printed)) AS VARCHAR), "
        "CAST(sum(CAST(hash(printed) AS HUGEINT)) AS VARCHAR) FROM ({}) AS printed",
        select);
}

std::string DuckDbDialect::copy_to_file(const std::string& select, const std::string& file,
                                        model::FileFormat format) const {
    const char* how = format == model::FileFormat::csv    ? "csv, HEADER"
                      : format == model::FileFormat::json ? "json"
                                                          : "parquet";
    return "COPY (" + select + ") TO " + literal(file) + " (FORMAT " + how + ")";
}

std::string DuckDbDialect::column_print(const std::string& expression) const {
    // Sums of whole hashes need a cast to 128 bits, which costs more than the hashes do.
    return fmt::format(
        "CAST(bit_xor(hash({0})) AS VARCHAR) || '/' || "
        "CAST(sum(CAST(hash({0}) >> 12 AS BIGINT)) AS VARCHAR)",
        expression);
}

std::string DuckDbDialect::is_sampled(const std::string& expression, unsigned one_in) const {
    return fmt::format("hash({}) % {} = 0", expression, one_in);
}

std::string DuckDbDialect::count_distinct(const std::string& expression) const {
    return fmt::format("count(DISTINCT {})", expression);
}

std::string DuckDbDialect::quantile(const std::string& expression, double p) const {
    return fmt::format("quantile_cont({}, {})", expression, p);
}

std::string DuckDbDialect::quantile_among(const std::string& expression,
                                          const std::vector<double>& ps, std::size_t which) const {
    return fmt::format("(quantile_cont({}, [{}]))[{}]", expression, fmt::join(ps, ", "), which + 1);
}

std::string DuckDbDialect::epoch(const std::string& expression) const {
    return fmt::format("epoch({})", cast(expression, type_for(TypeFamily::timestamp)));
}

}  // namespace faultline::engine
