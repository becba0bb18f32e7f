#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

#include "core/shared_array.h"

namespace faultline {

/// Numbers of which some may be missing, for what every trial has: 8 bytes a number, where
/// std::optional<double> has 16, and copies share them. A number that is missing stands as one NaN
/// of the 2^53 there are, which no computation gives; a number that is that very NaN becomes
/// another. Reads like a constant std::vector<std::optional<double>> and is made from one.
class PackedNumbers {
  public:
    using value_type = std::optional<double>;
    class Iterator {
      public:
        using iterator_category = std::input_iterator_tag;
        using value_type = std::optional<double>;
        using difference_type = std::ptrdiff_t;
        using reference = value_type;
        using pointer = const value_type*;
        explicit Iterator(const double* at) : at_(at) {}
        value_type operator*() const { return unpacked(*at_); }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        Iterator operator++(int) { return Iterator(at_++); }
        friend bool operator==(const Iterator&, const Iterator&) = default;

      private:
        const double* at_;
    };
    using const_iterator = Iterator;

    PackedNumbers() = default;
    PackedNumbers(std::initializer_list<std::optional<double>> numbers)
        : PackedNumbers(std::vector(numbers)) {}
    PackedNumbers(const std::vector<std::optional<double>>& numbers)  // NOLINT: the same thing
        : numbers_(numbers.size(), {}) {
        double* to = numbers_.own();
        for (const auto& number : numbers) *to++ = packed(number);
    }

    [[nodiscard]] std::size_t size() const { return numbers_.size(); }
    [[nodiscard]] bool empty() const { return numbers_.empty(); }
    std::optional<double> operator[](std::size_t i) const { return unpacked(numbers_[i]); }
    [[nodiscard]] std::optional<double> at(std::size_t i) const {
        if (i >= size()) throw std::out_of_range("beyond the last number");
        return (*this)[i];
    }
    [[nodiscard]] Iterator begin() const { return Iterator(numbers_.begin()); }
    [[nodiscard]] Iterator end() const { return Iterator(numbers_.end()); }
    void clear() { numbers_ = {}; }
    /// As of vectors: NaN is not equal to itself, what is missing is.
    friend bool operator==(const PackedNumbers& a, const PackedNumbers& b) {
        if (a.size() != b.size()) return false;
        for (std::size_t i = 0; i < a.size(); ++i)
            if (a[i] != b[i]) return false;
        return true;
    }

  private:
    static constexpr std::uint64_t missing = 0x7ff8'6e6f'6e65'0001;
    static double packed(const std::optional<double>& number) {
        if (!number) return std::bit_cast<double>(missing);
        if (std::bit_cast<std::uint64_t>(*number) == missing)
            return std::numeric_limits<double>::quiet_NaN();
        return *number;
    }
    static std::optional<double> unpacked(double number) {
        if (std::bit_cast<std::uint64_t>(number) == missing) return std::nullopt;
        return number;
    }

    SharedArray<double> numbers_;
};

}  // namespace faultline
