#include <catch2/catch.hpp>

#include "model/timestamp.h"
#include "model/units.h"
#include "model/utf8.h"

using namespace faultline::model;
using std::chrono::milliseconds;

TEST_CASE("durations are read with every unit") {
    const std::vector<std::pair<const char*, std::int64_t>> cases = {
        {"500ms", 500},   {"60s", 60000},    {"30m", 1800000}, {"2h", 7200000},
        {"1d", 86400000}, {"1.5h", 5400000}, {"0.25s", 250},   {"1 s", 1000},
        {"1ms", 1},       {"007s", 7000},    {"0.001s", 1},    {"366d", 31622400000},
        {"1.0004s", 1000}};
    for (const auto& [text, wanted] : cases) {
        INFO(text);
        REQUIRE(parse_duration(text));
        CHECK(*parse_duration(text) == milliseconds(wanted));
    }
    CHECK(duration_from_seconds(2.5) == milliseconds(2500));
}

TEST_CASE("what is no duration is refused") {
    for (const char* text : {"",      "s",
                             "60",    "60 seconds",
                             "60S",   "-1s",
                             "+1s",   "1e3s",
                             "1.s",   ".5s",
                             "1,5s",  "1m30s",
                             "0s",    "0.1ms",
                             "367d",  "infs",
                             "nans",  "1  s",
                             " 1s",   "1s ",
                             "1s\n",  "9999999999999999999999999d",
                             "0x10s", "1µs"}) {
        INFO(text);
        CHECK_FALSE(parse_duration(text));
    }
    for (const double seconds : {0.0, -1.0, 1e9, 1e300, 0.0009, std::nan(""), HUGE_VAL})
        CHECK_FALSE(duration_from_seconds(seconds));
}

TEST_CASE("sizes are read in powers of 1000 and of 1024") {
    const std::vector<std::pair<const char*, std::uint64_t>> cases = {
        {"1B", 1},
        {"10b", 10},
        {"1KB", 1000},
        {"1kB", 1000},
        {"1KiB", 1024},
        {"512MB", 512000000},
        {"4GB", 4000000000},
        {"1.5GiB", 1610612736},
        {"1 TiB", 1099511627776},
        {"2tb", 2000000000000},
        {"0.5KB", 500},
        {"1.9B", 1},
        {"8192TiB", std::uint64_t{1} << 53}};
    for (const auto& [text, wanted] : cases) {
        INFO(text);
        REQUIRE(parse_memory(text));
        CHECK(*parse_memory(text) == wanted);
    }
}

TEST_CASE("what is no size is refused") {
    for (const char* text :
         {"", "B", "4", "4G", "4Gi", "iB", "4iB", "80%", "-4GB", "0GB", "0.5B", "8193TiB",
          "10000TB", "1PB", "4GBB", "4 GB ", "4\tGB", "1e3MB", "4kkB"}) {
        INFO(text);
        CHECK_FALSE(parse_memory(text));
    }
}

TEST_CASE("ISO 8601 dates and timestamps, with days that exist") {
    for (const char* text : {"2024-02-29", "0001-01-01", "9999-12-31", "2024-02-29T06:30",
                             "2024-02-29 06:30:15", "2024-02-29T23:59:59.999999999Z",
                             "2024-02-29T06:30:15.2+02:00", "2024-02-29T06:30-11", "2000-02-29"}) {
        INFO(text);
        CHECK(is_iso8601(text));
    }
    for (const char* text : {"",
                             "2024",
                             "2024-01",
                             "20240101",
                             "2024-1-1",
                             "2023-02-29",
                             "1900-02-29",
                             "2024-04-31",
                             "2024-00-10",
                             "2024-13-01",
                             "2024-01-00",
                             "0000-01-01",
                             "2024-01-01T",
                             "2024-01-01T6:30",
                             "2024-01-01T24:00",
                             "2024-01-01T10:60",
                             "2024-01-01T10:00:60",
                             "2024-01-01T10:00:00.",
                             "2024-01-01T10:00:00.1234567890",
                             "2024-01-01T10:00 Z",
                             "2024-01-01T10:00+2",
                             "2024-01-01T10:00+24:00",
                             "2024-01-01Z",
                             "2024-01-01 noon",
                             "now",
                             "２024-01-01"}) {
        INFO(text);
        CHECK_FALSE(is_iso8601(text));
    }
}

TEST_CASE("the first byte that is not UTF-8 is found") {
    const auto at = [](std::string_view text) { return first_invalid_utf8(text); };
    CHECK_FALSE(at(""));
    CHECK_FALSE(at("plain"));
    CHECK_FALSE(at("é € 𝄞 \xed\x9f\xbf \xee\x80\x80 \xf4\x8f\xbf\xbf"));
    CHECK(at("ab\xff") == 2u);
    CHECK(at("\x80") == 0u);   // a continuation alone
    CHECK(at("a\xc3") == 1u);  // cut short
    CHECK(at("a\xe2\x82") == 1u);
    CHECK(at("\xc0\x80") == 0u);  // overlong
    CHECK(at("\xc1\xbf") == 0u);
    CHECK(at("\xe0\x9f\xbf") == 0u);
    CHECK(at("\xf0\x8f\xbf\xbf") == 0u);
    CHECK(at("x\xed\xa0\x80") == 1u);     // a surrogate
    CHECK(at("\xf4\x90\x80\x80") == 0u);  // above U+10FFFF
    CHECK(at("\xf5\x80\x80\x80") == 0u);
}

TEST_CASE("text for messages is short and harmless") {
    CHECK(printable("plain é") == "plain é");
    CHECK(printable("a\x1b[31m\n") == "a\\u001b[31m\\u000a");
    CHECK(printable("\xc2\x9b"
                    "1m") == "\\u009b1m");
    CHECK(printable("abcdef", 3) == "abc…");
    CHECK(printable("ééé", 3) == "é…");
    CHECK_FALSE(has_control_character("é ~"));
    CHECK(has_control_character("\x7f"));
}
