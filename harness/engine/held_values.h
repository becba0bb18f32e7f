#pragma once

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/held_column.h"
#include "engine/native_function.h"

namespace faultline::engine {

/// Filled by one thread, and read by any number of them when that is done.
struct HeldValues final : HeldColumn {
    std::string function;
    std::uint64_t number = 0;
    std::size_t places = 0, width = 0;
    bool texts = false;  ///< the values are HeldTexts
    std::unique_ptr<std::byte[]> values;
    std::string letters;               ///< of texts that are longer than their place
    std::vector<std::uint64_t> there;  ///< a bit a place: it has a value
    std::vector<std::uint64_t> taken;  ///< a bit a place: it was filled; empty when all are
    bool complete = false;             ///< every place has a value

    [[nodiscard]] std::string at(const std::string& place) const override {
        return fmt::format("{}({}, {})", function, place, mark());
    }
    [[nodiscard]] std::string mark() const override { return tell(std::to_string(number)); }
    [[nodiscard]] std::size_t bytes() const override {
        return places * width + there.size() * sizeof there[0] + letters.size();
    }
    [[nodiscard]] bool has(std::uint64_t place) const {
        return (there[place / 64] >> (place % 64) & 1) != 0;
    }
};

/// A text as its place has it: a short one itself, of others where they begin among the letters.
struct HeldText {
    std::uint32_t length = 0;
    std::array<char, 12> own{};

    /// Of one that is put behind the letters so far. May throw std::bad_alloc.
    static HeldText of(std::string_view text, std::string& letters) {
        HeldText held;
        held.length = static_cast<std::uint32_t>(text.size());
        if (text.size() <= held.own.size()) {
            std::memcpy(held.own.data(), text.data(), text.size());
            return held;
        }
        const std::uint64_t begins = letters.size();
        std::memcpy(held.own.data(), &begins, sizeof begins);
        letters.append(text);
        return held;
    }
    /// Borrows both.
    [[nodiscard]] std::string_view in(const std::string& letters) const {
        if (length <= own.size()) return {own.data(), length};
        std::uint64_t begins = 0;
        std::memcpy(&begins, own.data(), sizeof begins);
        return std::string_view(letters).substr(begins, length);
    }
};
static_assert(sizeof(HeldText) == 16);

}  // namespace faultline::engine
