#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace faultline::typo {

/// The letters and digits of a keyboard, row by row from the top; each row stands half a key
/// further right than the one above.
struct Keyboard {
    std::string_view name;
    std::array<std::string_view, 4> rows;

    /// The keys that touch `key` (lower case): left and right, two above, two below. Empty for a
    /// character that has no key here.
    [[nodiscard]] std::string neighbours(char key) const {
        for (std::size_t row = 0; row < rows.size(); ++row) {
            const auto at = rows[row].find(key);
            if (at == std::string_view::npos) continue;
            std::string out;
            const auto add = [&](std::size_t r, std::size_t column) {
                if (r < rows.size() && column < rows[r].size()) out += rows[r][column];
            };
            // Of what lies left of the first column or above the first row, the wrapped number is
            // beyond every row.
            add(row, at - 1);
            add(row, at + 1);
            add(row - 1, at);
            add(row - 1, at + 1);
            add(row + 1, at - 1);
            add(row + 1, at);
            return out;
        }
        return {};
    }
};

inline constexpr std::array keyboards{
    Keyboard{"qwerty", {"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"}},
    Keyboard{"qwertz", {"1234567890", "qwertzuiop", "asdfghjkl", "yxcvbnm"}},
    Keyboard{"azerty", {"1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn"}},
};

}  // namespace faultline::typo
