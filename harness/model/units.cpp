#include "model/units.h"

#include <charconv>
#include <cmath>

#include "model/names.h"

namespace faultline::model {
namespace {

struct Quantity {
    double number = 0;
    std::string_view unit;
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Digits, optionally a point and more digits, optionally one space, then the unit.
std::optional<Quantity> split(std::string_view text) {
    std::size_t end = 0;
    const auto skip_digits = [&] {
        const std::size_t begin = end;
        while (end < text.size() && is_digit(text[end])) ++end;
        return end > begin;
    };
    if (!skip_digits()) return std::nullopt;
    if (end < text.size() && text[end] == '.') {
        ++end;
        if (!skip_digits()) return std::nullopt;
    }
    Quantity quantity;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + end, quantity.number);
    if (error != std::errc() || rest != text.data() + end) return std::nullopt;
    if (end < text.size() && text[end] == ' ') ++end;
    quantity.unit = text.substr(end);
    return quantity;
}

}  // namespace

std::optional<std::chrono::milliseconds> duration_from_seconds(double seconds) {
    const double milliseconds = seconds * 1000;
    const auto longest = static_cast<double>(longest_duration.count());
    // Written so that NaN is refused as well.
    if (!(milliseconds >= 1 && milliseconds <= longest)) return std::nullopt;
    return std::chrono::milliseconds(std::llround(milliseconds));
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
    const auto quantity = split(text);
    if (!quantity) return std::nullopt;
    const auto [number, unit] = *quantity;
    if (unit == "ms") return duration_from_seconds(number / 1000);
    if (unit == "s") return duration_from_seconds(number);
    if (unit == "m") return duration_from_seconds(number * 60);
    if (unit == "h") return duration_from_seconds(number * 3600);
    if (unit == "d") return duration_from_seconds(number * 86400);
    return std::nullopt;
}

std::optional<std::uint64_t> parse_memory(std::string_view text) {
    const auto quantity = split(text);
    if (!quantity) return std::nullopt;
    std::string unit = fold_case(quantity->unit);
    if (unit.empty() || unit.back() != 'b') return std::nullopt;
    unit.pop_back();
    double base = 1000;
    if (unit.size() == 2 && unit.back() == 'i') {
        base = 1024;
        unit.pop_back();
    }
    int power = 0;
    if (!unit.empty()) {
        const std::size_t position = std::string_view("kmgt").find(unit);
        if (unit.size() != 1 || position == std::string_view::npos) return std::nullopt;
        power = static_cast<int>(position) + 1;
    }
    const double bytes = std::floor(quantity->number * std::pow(base, power));
    if (!(bytes >= 1 && bytes <= static_cast<double>(largest_memory))) return std::nullopt;
    return static_cast<std::uint64_t>(bytes);
}

}  // namespace faultline::model
