#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "core/error.h"
#include "engine/duckdb_types.h"

namespace faultline::engine {
namespace {

__extension__ using Int128 = __int128;

template <typename T>
T at(duckdb_vector vector, idx_t row) {
    return static_cast<const T*>(duckdb_vector_get_data(vector))[row];
}

Int128 wide(const duckdb_hugeint& number) {
    return static_cast<Int128>(number.upper) * (static_cast<Int128>(1) << 64) +
           static_cast<Int128>(number.lower);
}

Value integer(Int128 number) {
    if (number >= std::numeric_limits<std::int64_t>::min() &&
        number <= std::numeric_limits<std::int64_t>::max())
        return static_cast<std::int64_t>(number);
    return static_cast<double>(number);
}

/// Through its decimal text, so that the double is the one nearest to the number: dividing an
/// integer of more than 53 bits by a power of ten rounds twice.
double decimal(Int128 scaled, unsigned scale) {
    const bool negative = scaled < 0;
    std::string digits;
    for (Int128 rest = negative ? -scaled : scaled; rest > 0; rest /= 10)
        digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    const std::string text =
        fmt::format("{}{}e-{}", negative ? "-" : "", digits.empty() ? "0" : digits, scale);
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Value decimal_cell(duckdb_vector vector, duckdb_logical_type type, idx_t row) {
    const unsigned scale = duckdb_decimal_scale(type);
    switch (duckdb_decimal_internal_type(type)) {
        case DUCKDB_TYPE_SMALLINT:
            return decimal(at<std::int16_t>(vector, row), scale);
        case DUCKDB_TYPE_INTEGER:
            return decimal(at<std::int32_t>(vector, row), scale);
        case DUCKDB_TYPE_BIGINT:
            return decimal(at<std::int64_t>(vector, row), scale);
        default:
            return decimal(wide(at<duckdb_hugeint>(vector, row)), scale);
    }
}

std::string text_cell(duckdb_vector vector, idx_t row) {
    auto* cells = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
    return {duckdb_string_t_data(&cells[row]), duckdb_string_t_length(cells[row])};
}

}  // namespace

bool has_native_value(duckdb_logical_type type) {
    switch (duckdb_get_type_id(type)) {
        case DUCKDB_TYPE_BOOLEAN:
        case DUCKDB_TYPE_TINYINT:
        case DUCKDB_TYPE_SMALLINT:
        case DUCKDB_TYPE_INTEGER:
        case DUCKDB_TYPE_BIGINT:
        case DUCKDB_TYPE_UTINYINT:
        case DUCKDB_TYPE_USMALLINT:
        case DUCKDB_TYPE_UINTEGER:
        case DUCKDB_TYPE_UBIGINT:
        case DUCKDB_TYPE_HUGEINT:
        case DUCKDB_TYPE_UHUGEINT:
        case DUCKDB_TYPE_DECIMAL:
        case DUCKDB_TYPE_FLOAT:
        case DUCKDB_TYPE_DOUBLE:
        case DUCKDB_TYPE_VARCHAR:
            return true;
        default:
            return false;
    }
}

Value cell_of(duckdb_vector vector, duckdb_logical_type type, idx_t row) {
    std::uint64_t* validity = duckdb_vector_get_validity(vector);
    if (validity != nullptr && !duckdb_validity_row_is_valid(validity, row))
        return std::monostate{};
    switch (duckdb_get_type_id(type)) {
        case DUCKDB_TYPE_BOOLEAN:
            return at<bool>(vector, row);
        case DUCKDB_TYPE_TINYINT:
            return integer(at<std::int8_t>(vector, row));
        case DUCKDB_TYPE_SMALLINT:
            return integer(at<std::int16_t>(vector, row));
        case DUCKDB_TYPE_INTEGER:
            return integer(at<std::int32_t>(vector, row));
        case DUCKDB_TYPE_BIGINT:
            return at<std::int64_t>(vector, row);
        case DUCKDB_TYPE_UTINYINT:
            return integer(at<std::uint8_t>(vector, row));
        case DUCKDB_TYPE_USMALLINT:
            return integer(at<std::uint16_t>(vector, row));
        case DUCKDB_TYPE_UINTEGER:
            return integer(at<std::uint32_t>(vector, row));
        case DUCKDB_TYPE_UBIGINT:
            return integer(at<std::uint64_t>(vector, row));
        case DUCKDB_TYPE_HUGEINT:
            return integer(wide(at<duckdb_hugeint>(vector, row)));
        case DUCKDB_TYPE_UHUGEINT: {
            const auto number = at<duckdb_uhugeint>(vector, row);
            if (number.upper == 0) return integer(static_cast<Int128>(number.lower));
            return duckdb_uhugeint_to_double(number);
        }
        case DUCKDB_TYPE_DECIMAL:
            return decimal_cell(vector, type, row);
        case DUCKDB_TYPE_FLOAT:
            return static_cast<double>(at<float>(vector, row));
        case DUCKDB_TYPE_DOUBLE:
            return at<double>(vector, row);
        case DUCKDB_TYPE_VARCHAR:
            return text_cell(vector, row);
        default:
            throw Error(ErrorKind::internal,
                        "a cell of type " + type_text(type) + " was not cast to text");
    }
}

}  // namespace faultline::engine
