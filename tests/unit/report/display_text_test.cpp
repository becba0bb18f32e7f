#include "report/display_text.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>

namespace faultline::report {
namespace {

TEST_CASE("Width is in columns of the terminal") {
    CHECK(width_of("") == 0);
    CHECK(width_of("plain") == 5);
    CHECK(width_of("küche") == 5);
    CHECK(width_of("ku\xcc\x88"
                   "che") == 5);  // u and a combining diaeresis
    CHECK(width_of("日本") == 4);
    CHECK(width_of("한국어") == 6);
    CHECK(width_of("ｆｕｌｌ") == 8);
    CHECK(width_of("🔥") == 2);
    CHECK(width_of("∞ – …") == 5);
}

TEST_CASE("Cutting ends in an ellipsis and keeps characters whole") {
    CHECK(cut("short", 5) == "short");
    CHECK(cut("longer", 5) == "long…");
    CHECK(cut("日本語", 5) == "日本…");
    CHECK(cut("日本語", 4) == "日…");  // half a character is no character
    CHECK(cut("anything", 1) == "…");
    CHECK(cut("anything", 0).empty());
}

TEST_CASE("Control characters are shown, not sent") {
    CHECK(shown("a\tb\nc\rd") == "a\\tb\\nc\\rd");
    CHECK(shown("\x1b[31m") == "\\x1b[31m");
    CHECK(shown(std::string("nul\0", 4)) == "nul\\x00");
    CHECK(shown("\xc2\x9b") == "\\x9b");        // CSI in one character
    CHECK(shown("\xe2\x80\xae") == "\\u202e");  // right-to-left override
    CHECK(shown("\xe2\x81\xa6") == "\\u2066");  // isolate
    CHECK(shown("\xff") == "\xef\xbf\xbd");     // no UTF-8
    CHECK(shown("\xed\xa0\x80") == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");  // a surrogate
    CHECK(shown("\xc0\xaf") == "\xef\xbf\xbd\xef\xbf\xbd");                  // overlong
    CHECK(shown("küche 日本 🔥") == "küche 日本 🔥");
}

TEST_CASE("Whatever the bytes: harmless, idempotent, and cut to width") {
    REQUIRE(rc::check("shown() of any bytes", [](const std::string& bytes) {
        const std::string text = shown(bytes);
        RC_ASSERT(shown(text) == text);
        for (const char c : text) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20);
        const auto width = *rc::gen::inRange<std::size_t>(0, 40);
        RC_ASSERT(width_of(cut(text, width)) <= width);
    }));
}

TEST_CASE("Wrapping keeps every word") {
    CHECK(wrapped("", 10) == std::vector<std::string>{""});
    CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
    CHECK(wrapped("a-word-that-is-too-long b", 5) ==
          std::vector<std::string>{"a-word-that-is-too-long", "b"});
    CHECK(wrapped("  spaced   out ", 80) == std::vector<std::string>{"spaced out"});
}

TEST_CASE("Folding breaks long words behind the marks that join their parts, and loses nothing") {
    CHECK(folded("", 10) == std::vector<std::string>{""});
    CHECK(folded("short", 5) == std::vector<std::string>{"short"});
    CHECK(folded("a_node_with_a_long_name", 12) ==
          std::vector<std::string>{"a_node_with_", "a_long_name"});
    CHECK(folded("abcdefgh", 3) == std::vector<std::string>{"abc", "def", "gh"});
    CHECK(folded("日本日本", 5) == std::vector<std::string>{"日本", "日本"});
    CHECK(folded("日", 1) == std::vector<std::string>{"日"});
    CHECK(rc::check("folded text is the text", [](const std::string& bytes) {
        std::string text = shown(bytes);
        const auto width = *rc::gen::inRange<std::size_t>(2, 20);
        std::string whole;
        for (const auto& line : folded(text, width)) {
            RC_ASSERT(width_of(line) <= width);
            whole += line;
        }
        text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
        whole.erase(std::remove(whole.begin(), whole.end(), ' '), whole.end());
        RC_ASSERT(whole == text);
    }));
}

}  // namespace
}  // namespace faultline::report
