#include "journal/answer_keys.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/kept_text.h"

namespace faultline::journal {
namespace {

// JSON has no such character outside of texts.
constexpr char hole = '#';
/// After the last count, so that a trial whose keys count nothing has bytes too.
constexpr unsigned char end_of_counts = 0;

using Bytes = std::vector<unsigned char>;

/// Seven bits a byte, small negative numbers in as few as small positive ones ("zigzag", as in
/// Protocol Buffers).
void put(std::int64_t number, Bytes& bytes) {
    auto left =
        (static_cast<std::uint64_t>(number) << 1U) ^ static_cast<std::uint64_t>(number >> 63);
    for (; left >= 0x80; left >>= 7U) bytes.push_back(static_cast<unsigned char>(left | 0x80U));
    bytes.push_back(static_cast<unsigned char>(left));
}

std::int64_t take(const unsigned char*& at) {
    std::uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        const unsigned char byte = *at++;
        number |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
        if (byte < 0x80) break;
    }
    return static_cast<std::int64_t>((number >> 1U) ^ (~(number & 1U) + 1));
}

/// Calls `other` with what is no whole number of `text` (JSON, or JSON with holes), piece by piece,
/// and `number` with each that is and whether it is a hole.
template <class Other, class Number>
void walk(std::string_view text, Other other, Number number) {
    bool quoted = false;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (quoted || (c != hole && c != '-' && (c < '0' || c > '9'))) {
            const std::size_t length = quoted && c == '\\' ? 2 : 1;
            if (c == '"') quoted = !quoted;
            other(text.substr(at, length));
            at += length;
            continue;
        }
        const std::size_t end =
            c == hole ? at + 1
                      : std::min(text.find_first_not_of("0123456789+-.eE", at), text.size());
        number(text.substr(at, end - at));
        at = end;
    }
}

/// Takes the counts out of a text. What is no count of 64 bits stays in it.
std::string without_counts(const std::string& text, Bytes& counts) {
    std::string left;
    walk(
        text, [&](std::string_view other) { left += other; },
        [&](std::string_view number) {
            std::int64_t count = 0;
            const char* const end = number.data() + number.size();
            const auto read = std::from_chars(number.data(), end, count);
            if (read.ec != std::errc() || read.ptr != end || number == "-0") {
                left += number;
            } else {
                left += hole;
                put(count, counts);
            }
        });
    return left;
}

/// The way back, from the bytes at `at`.
std::string with_counts(std::string_view shape, const unsigned char*& at) {
    std::string text;
    walk(
        shape, [&](std::string_view other) { text += other; },
        [&](std::string_view number) {
            if (number.front() == hole)
                text += std::to_string(take(at));
            else
                text += number;
        });
    return text;
}

/// What a key is about, in one text that is kept: the id's length, the id, the text with holes.
std::string joined(const std::string& id, const std::string& shape) {
    return std::to_string(id.size()) + ":" + id + shape;
}

struct About {
    std::string_view id, shape;
};

About apart(const std::string& text) {
    std::size_t length = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), length);
    const std::string_view rest(read.ptr + 1, text.data() + text.size());
    return {rest.substr(0, length), rest.substr(length)};
}

}  // namespace

void AnswerKeys::set(const std::string& id, const Json& key) {
    std::vector<const std::string*> about;
    Bytes counts;
    const auto add = [&](const std::string& whose, const std::string& text) {
        about.push_back(kept_text(joined(whose, without_counts(text, counts))));
    };
    if (contains(id)) {
        const unsigned char* at = counts_.begin();
        for (std::size_t i = 0; i < size(); ++i) {
            const About old = apart(*counts_.head()[i]);
            const std::string text = with_counts(old.shape, at);
            add(std::string(old.id), old.id == id ? key.dump() : text);
        }
    } else {
        if (!empty()) {
            about.assign(counts_.head().begin(), counts_.head().end());
            counts.assign(counts_.begin(), counts_.end() - 1);
        }
        add(id, key.dump());
    }
    counts.push_back(end_of_counts);
    counts_ = {counts.data(), counts.size(), shared_ids(about.data(), about.size())};
}

Json AnswerKeys::at(const std::string& id) const {
    const unsigned char* at = counts_.begin();
    for (std::size_t i = 0; i < size(); ++i) {
        const About about = apart(*counts_.head()[i]);
        const std::string text = with_counts(about.shape, at);
        if (about.id == id) return Json::parse(text);
    }
    return nullptr;
}

bool AnswerKeys::contains(const std::string& id) const {
    for (std::size_t i = 0; i < size(); ++i)
        if (apart(*counts_.head()[i]).id == id) return true;
    return false;
}

Json AnswerKeys::to_json() const {
    Json all = Json::object();
    const unsigned char* at = counts_.begin();
    for (std::size_t i = 0; i < size(); ++i) {
        const About about = apart(*counts_.head()[i]);
        all[std::string(about.id)] = Json::parse(with_counts(about.shape, at));
    }
    return all;
}

}  // namespace faultline::journal
