#pragma once

#include <string>
#include <string_view>

namespace faultline::typo {

/// The digit that stands for a letter in leet ("l33t"), or nothing.
inline std::string leet(char letter) {
    constexpr std::string_view letters = "aAbBeEgGiIlLoOsStTzZ", digits = "44883399111100557722";
    const auto at = letters.find(letter);
    return at == std::string_view::npos ? std::string() : std::string(1, digits[at]);
}

/// What a character is read as by a machine that reads a scan: those of its group, without itself.
/// The groups are the single characters that confusion matrices of optical character recognition
/// show most often, and that people take for one another too.
inline std::string looks_like(char character) {
    constexpr std::string_view groups[] = {"0OoQD", "1lIi|", "2Zz", "5Ss", "8B", "6Gb", "9gq",
                                           "uv",    "ce",    "nh",  "CG",  "VY", "t7",  "4A"};
    for (const auto& group : groups) {
        const auto at = group.find(character);
        if (at == std::string_view::npos) continue;
        std::string others(group);
        others.erase(at, 1);
        return others;
    }
    return {};
}

}  // namespace faultline::typo
