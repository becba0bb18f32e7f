#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "keyboard.h"

namespace faultline::typo {

/// A stream of draws from one number: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
class Draws {
  public:
    explicit Draws(std::uint64_t state) : state_(state) {}
    /// A whole number in [0, below), below > 0; its bias is under below / 2^64.
    std::size_t below(std::size_t bound) {
        state_ += 0x9E3779B97F4A7C15u;
        auto z = state_;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
        return static_cast<std::size_t>((z ^ (z >> 31)) % bound);
    }

  private:
    std::uint64_t state_;
};

/// What a slip of the finger does. `any` is one of the four by lot.
enum class Slip { neighbour, swap, drop, repeat, any };

/// The characters of UTF-8, each as its bytes: a slip never cuts one in two.
inline std::vector<std::string> characters(std::string_view text) {
    std::vector<std::string> out;
    for (const char byte : text) {
        const bool continues = (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u;
        if (continues && !out.empty())
            out.back() += byte;
        else
            out.emplace_back(1, byte);
    }
    return out;
}

inline std::string neighbours_of(const std::string& character, const Keyboard& keyboard) {
    if (character.size() != 1) return {};
    const char c = character[0];
    const bool upper = c >= 'A' && c <= 'Z';
    auto keys = keyboard.neighbours(upper ? static_cast<char>(c - 'A' + 'a') : c);
    for (auto& key : keys)
        if (upper && key >= 'a' && key <= 'z') key = static_cast<char>(key - 'a' + 'A');
    return keys;
}

/// One slip, which always changes a text that is not empty: where the kind asked for has no place
/// (no letter of the keyboard, no two neighbours that differ), a character is typed twice.
inline void slip(std::vector<std::string>& text, Slip kind, const Keyboard& keyboard,
                 Draws& draws) {
    if (text.empty()) return;
    if (kind == Slip::any) kind = static_cast<Slip>(draws.below(4));
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool fits = kind == Slip::neighbour ? !neighbours_of(text[i], keyboard).empty()
                          : kind == Slip::swap    ? i + 1 < text.size() && text[i] != text[i + 1]
                                                  : true;
        if (fits) places.push_back(i);
    }
    if (places.empty()) return slip(text, Slip::repeat, keyboard, draws);
    const auto at = places[draws.below(places.size())];
    const auto where = text.begin() + static_cast<std::ptrdiff_t>(at);
    if (kind == Slip::neighbour) {
        const auto keys = neighbours_of(text[at], keyboard);
        text[at] = std::string(1, keys[draws.below(keys.size())]);
    } else if (kind == Slip::swap) {
        std::swap(text[at], text[at + 1]);
    } else if (kind == Slip::drop) {
        text.erase(where);
    } else {
        text.insert(where, std::string(text[at]));
    }
}

/// `slips` slips one after the other. Differs from a text that is not empty, even where slips undo
/// each other.
inline std::string misspelt(std::string_view text, Slip kind, unsigned slips,
                            const Keyboard& keyboard, Draws draws) {
    auto now = characters(text);
    const auto before = now;
    for (unsigned i = 0; i < slips; ++i) slip(now, kind, keyboard, draws);
    if (now == before) slip(now, Slip::repeat, keyboard, draws);
    std::string out;
    for (const auto& character : now) out += character;
    return out;
}

}  // namespace faultline::typo
