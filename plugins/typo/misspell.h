#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "keyboard.h"
#include "look_alikes.h"

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

/// What a slip does. `any` is one of the first four, those of fingers, by lot.
enum class Slip { neighbour, swap, drop, repeat, any, leet, ocr };

/// Makes slips in texts. Keeps its scratch memory from text to text; used by one thread.
class Misspeller {
  public:
    Misspeller(Slip kind, unsigned slips, const Keyboard& keyboard) : kind_(kind), slips_(slips) {
        for (std::size_t c = 0; c < others_.size(); ++c) {
            const auto key = static_cast<char>(c);
            others_[c] = kind == Slip::leet  ? leet(key)
                         : kind == Slip::ocr ? looks_like(key)
                                             : beside(key, keyboard);
        }
    }

    /// `slips` slips one after the other. Differs from a text that is not empty, even where slips
    /// undo each other.
    std::string operator()(std::string_view text, Draws draws) {
        split(text);
        for (unsigned i = 0; i < slips_; ++i) slip(kind_, draws);
        if (joined() == text) slip(Slip::repeat, draws);
        return joined();
    }

  private:
    /// A character of UTF-8 as its bytes, so that a slip never cuts one in two.
    struct Character {
        std::array<char, 4> bytes;
        std::uint8_t size;
        bool operator==(const Character&) const = default;
    };

    void split(std::string_view text) {
        now_.clear();
        for (const char byte : text) {
            const bool continues = (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u;
            if (continues && !now_.empty() && now_.back().size < now_.back().bytes.size())
                now_.back().bytes[now_.back().size++] = byte;
            else
                now_.push_back({{byte, 0, 0, 0}, 1});
        }
    }
    [[nodiscard]] std::string joined() const {
        std::string out;
        out.reserve(now_.size() + 4);
        for (const auto& character : now_) out.append(character.bytes.data(), character.size);
        return out;
    }
    /// What may stand in its place: keys beside its own, or characters that look like it.
    [[nodiscard]] const std::string& others_of(const Character& character) const {
        static const std::string none;
        const auto code = static_cast<unsigned char>(character.bytes[0]);
        return character.size == 1 && code < others_.size() ? others_[code] : none;
    }
    static std::string beside(char c, const Keyboard& keyboard) {
        const bool upper = c >= 'A' && c <= 'Z';
        auto keys = keyboard.neighbours(upper ? static_cast<char>(c - 'A' + 'a') : c);
        for (auto& key : keys)
            if (upper && key >= 'a' && key <= 'z') key = static_cast<char>(key - 'a' + 'A');
        return keys;
    }

    /// One slip, which always changes a text that is not empty: where the kind asked for has no
    /// place (no letter of the keyboard, no two neighbours that differ), a character comes twice.
    void slip(Slip kind, Draws& draws) {
        if (now_.empty()) return;
        if (kind == Slip::any) kind = static_cast<Slip>(draws.below(4));
        const bool replaces = kind == Slip::neighbour || kind == Slip::leet || kind == Slip::ocr;
        places_.clear();
        for (std::size_t i = 0; i < now_.size(); ++i) {
            const bool fits = replaces             ? !others_of(now_[i]).empty()
                              : kind == Slip::swap ? i + 1 < now_.size() && now_[i] != now_[i + 1]
                                                   : true;
            if (fits) places_.push_back(i);
        }
        if (places_.empty()) return slip(Slip::repeat, draws);
        const auto at = places_[draws.below(places_.size())];
        const auto where = now_.begin() + static_cast<std::ptrdiff_t>(at);
        if (replaces) {
            const auto& others = others_of(now_[at]);
            now_[at] = {{others[draws.below(others.size())], 0, 0, 0}, 1};
        } else if (kind == Slip::swap) {
            std::swap(now_[at], now_[at + 1]);
        } else if (kind == Slip::drop) {
            now_.erase(where);
        } else {
            now_.insert(where, Character(now_[at]));
        }
    }

    Slip kind_;
    unsigned slips_;
    std::array<std::string, 128> others_;
    std::vector<Character> now_;
    std::vector<std::size_t> places_;
};

/// One text by itself.
inline std::string misspelt(std::string_view text, Slip kind, unsigned slips,
                            const Keyboard& keyboard, Draws draws) {
    return Misspeller(kind, slips, keyboard)(text, draws);
}

}  // namespace faultline::typo
