#pragma once

#include <string>
#include <vector>

#include "faultline/plugin.hpp"

namespace faultline::boundary {

/// A value at the edge of a type, as text that a cast reads.
struct Limit {
    std::string name, text;
};

/// The edges of a column's type. Integer types go by their names; one that is not known has the
/// limits of 64 bits, which every engine has.
inline std::vector<Limit> limits_of(const sdk::Column& column) {
    const auto& type = column.type;
    const auto between = [](const char* largest, const char* smallest) {
        return std::vector<Limit>{{"largest", largest}, {"smallest", smallest}};
    };
    switch (column.family) {
        case sdk::Family::integer:
            if (type == "TINYINT") return between("127", "-128");
            if (type == "UTINYINT") return between("255", "0");
            if (type == "SMALLINT") return between("32767", "-32768");
            if (type == "USMALLINT") return between("65535", "0");
            if (type == "INTEGER") return between("2147483647", "-2147483648");
            if (type == "UINTEGER") return between("4294967295", "0");
            if (type == "UBIGINT") return between("18446744073709551615", "0");
            if (type == "UHUGEINT") return between("340282366920938463463374607431768211455", "0");
            if (type == "HUGEINT")
                return between("170141183460469231731687303715884105727",
                               "-170141183460469231731687303715884105728");
            return between("9223372036854775807", "-9223372036854775808");
        case sdk::Family::decimal: {
            // DECIMAL(p,s): p nines, s of them after the point.
            const auto open = type.find('('), comma = type.find(',');
            if (open == std::string::npos || comma == std::string::npos) return between("9", "-9");
            const auto digits = std::stoul(type.substr(open + 1)),
                       scale = std::stoul(type.substr(comma + 1));
            const auto nines =
                std::string(digits - scale, '9') + (scale > 0 ? "." : "") + std::string(scale, '9');
            return {{"largest", nines}, {"smallest", "-" + nines}};
        }
        case sdk::Family::floating: {
            const bool single = type == "FLOAT" || type == "REAL";
            const std::string largest = single ? "3.4028234663852886e38" : "1.7976931348623157e308";
            return {{"largest", largest},
                    {"smallest", "-" + largest},
                    {"nan", "nan"},
                    {"infinity", "inf"},
                    {"minus_infinity", "-inf"},
                    {"minus_zero", "-0.0"},
                    {"tiny", single ? "1.4e-45" : "5e-324"}};
        }
        case sdk::Family::text:
            return {{"empty", ""}, {"blank", " "}, {"newline", "\n"}, {"long", ""}};
        case sdk::Family::date:
        case sdk::Family::timestamp:
            return {{"largest", "9999-12-31"}, {"smallest", "0001-01-01"}, {"epoch", "1970-01-01"}};
        default:
            return {};
    }
}

}  // namespace faultline::boundary
