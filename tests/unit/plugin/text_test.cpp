#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "../../../plugins/typo/misspell.h"
#include "bench.h"

// What the plugins for categories, labels, text and boundaries claim, recomputed from the input.

using namespace faultline;
using namespace faultline::plugin;

namespace {

const char* const labels =
    "SELECT i AS id, ['ant', 'bee', 'cat', 'dog'][1 + i % 4] AS c, i % 3 AS n, i % 2 = 0 AS f, "
    "CASE WHEN i % 10 = 0 THEN NULL ELSE 'two  words ' || (i % 10) END AS t FROM range(12000) t(i)";

std::int64_t rows_where(Bench& bench, const Perturbed& out, const std::string& wrong) {
    return bench.numbers(
        fmt::format("SELECT count(*) FROM ({}) a JOIN store.\"site\" b USING (id) WHERE {}",
                    out.select, wrong))[0];
}

/// Goodness of fit of counts with equal expectations.
double chi_squared(const std::vector<std::int64_t>& counts) {
    double sum = 0, square = 0;
    for (const auto n : counts) sum += static_cast<double>(n);
    const double expected = sum / static_cast<double>(counts.size());
    for (const auto n : counts)
        square += (static_cast<double>(n) - expected) * (static_cast<double>(n) - expected);
    return square / expected;
}

}  // namespace

TEST_CASE("another category is another, each as likely") {
    Bench bench(labels);
    const auto out = bench.apply(Bench::fault(
        "category", R"({"columns": ["c", "n", "f"], "fraction": 0.5, "exact": true})"));
    REQUIRE(rows_where(bench, out, "a.c <> b.c AND a.n <> b.n AND a.f <> b.f") == 6000);
    REQUIRE(rows_where(bench, out,
                       "a.n NOT IN (0, 1, 2) OR a.c NOT IN ('ant', 'bee', 'cat', "
                       "'dog')") == 0);
    // 12 ways from one of four to another; 8 of them free: 31.8 has p = 1e-4.
    const auto ways =
        bench.numbers("SELECT count(*) FROM (" + out.select +
                      ") a JOIN store.\"site\" b USING (id) WHERE a.c <> b.c GROUP BY "
                      "a.c, b.c");
    REQUIRE(ways.size() == 12);
    REQUIRE(chi_squared(ways) < 31.8);
}

TEST_CASE("new categories were never there") {
    Bench bench(labels);
    const auto out = bench.apply(
        Bench::fault("category", R"({"columns": ["c", "n"], "mode": "new", "fraction": 1})"));
    REQUIRE(rows_where(bench, out, "a.c <> 'unseen' OR a.n <> 3") == 0);
    REQUIRE_THROWS_WITH(
        bench.apply(Bench::fault("category", R"({"columns": ["f"], "mode": "new"})")),
        Catch::Contains("third"));
}

TEST_CASE("case and white space change the spelling and not the word") {
    Bench bench(labels);
    const auto cased = bench.apply(
        Bench::fault("category", R"({"columns": ["c"], "mode": "case", "fraction": 1})"));
    REQUIRE(rows_where(bench, cased, "a.c <> b.c AND lower(a.c) = b.c") == 12000);
    REQUIRE(bench.count(cased, "count(DISTINCT c)") == 8);  // upper and capital
    const auto spaced = bench.apply(
        Bench::fault("category", R"({"columns": ["t"], "mode": "whitespace", "fraction": 1})"));
    REQUIRE(rows_where(bench, spaced,
                       "a.t <> b.t AND replace(a.t, ' ', '') = replace(b.t, ' ', "
                       "'')") == 10800);
    REQUIRE(rows_where(bench, spaced, "a.t LIKE ' %'") > 3000);
    REQUIRE(rows_where(bench, spaced, "a.t LIKE '% '") > 3000);
    REQUIRE(rows_where(bench, spaced, "length(a.t) > length(b.t) + 1") > 3000);
}

TEST_CASE("a column of countless values is no category") {
    Bench bench("SELECT i AS id, 'v' || i AS c FROM range(10001) t(i)");
    REQUIRE_THROWS_WITH(bench.apply(Bench::fault("category", R"({"columns": ["c"]})")),
                        Catch::Contains("10001 different"));
}

TEST_CASE("labels flip by chance, to the next, or to one") {
    Bench bench(labels);
    const auto with = [&](const std::string& more) {
        return bench.apply(
            Bench::fault("label_flip", R"({"columns": ["c"], "exact": true, )" + more + "}"));
    };
    REQUIRE(rows_where(bench, with(R"("fraction": 0.25)"), "a.c <> b.c") == 3000);
    const auto next = with(R"("fraction": 1, "pattern": "next")");
    REQUIRE(rows_where(bench, next,
                       "a.c <> CASE b.c WHEN 'ant' THEN 'bee' WHEN 'bee' THEN 'cat' WHEN 'cat' "
                       "THEN 'dog' ELSE 'ant' END") == 0);
    REQUIRE(rows_where(bench, with(R"("fraction": 1, "to": "dog")"), "a.c <> 'dog'") == 0);
}

TEST_CASE("a transition matrix is what labels follow") {
    Bench bench(labels);
    const auto fault = Bench::fault(
        "label_flip",
        R"({"columns": ["c"], "fraction": 1, "matrix": {"ant": {"bee": 0.3, "cat": 0.1}, "dog": {"cat": 1}}})");
    const auto out = bench.apply(fault);
    const auto moved = [&](const Perturbed& result, const char* from, const char* to) {
        return static_cast<double>(
            rows_where(bench, result, fmt::format("b.c = '{}' AND a.c = '{}'", from, to)));
    };
    // 3,000 of each class: 5 standard deviations of the three shares are 126, 82 and, halved by
    // the severity, 98.
    REQUIRE(moved(out, "ant", "bee") == Approx(900).margin(126));
    REQUIRE(moved(out, "ant", "cat") == Approx(300).margin(82));
    REQUIRE(moved(out, "dog", "cat") == 3000);
    REQUIRE(moved(out, "bee", "bee") == 3000);
    REQUIRE(moved(bench.apply(fault, 0.5), "ant", "bee") == Approx(450).margin(98));
    const auto refused = [&](const char* matrix) {
        return Bench::fault("label_flip",
                            fmt::format(R"({{"columns": ["c"], "matrix": {}}})", matrix));
    };
    REQUIRE_THROWS_WITH(bench.apply(refused(R"({"emu": {"bee": 1}})")), Catch::Contains("emu"));
    REQUIRE_THROWS_WITH(bench.apply(refused(R"({"ant": {"bee": 0.7, "cat": 0.7}})")),
                        Catch::Contains("more than 1"));
}

TEST_CASE("a neighbour is a key beside the right one") {
    const auto& qwerty = typo::keyboards[0];
    const auto sorted = [&](char key) {
        auto keys = qwerty.neighbours(key);
        std::sort(keys.begin(), keys.end());
        return keys;
    };
    CHECK(sorted('g') == "bfhtvy");
    CHECK(sorted('q') == "12aw");
    CHECK(sorted('p') == "0lo");
    CHECK(sorted('m') == "jkn");
    CHECK(qwerty.neighbours('#').empty());
    // Who touches whom is mutual, on every keyboard.
    for (const auto& keyboard : typo::keyboards)
        for (const auto row : keyboard.rows)
            for (const char key : row)
                for (const char other : keyboard.neighbours(key))
                    CHECK(keyboard.neighbours(other).find(key) != std::string::npos);
}

namespace {

/// The characters of UTF-8, each as its bytes.
std::vector<std::string> characters_of(const std::string& text) {
    std::vector<std::string> out;
    for (const char byte : text)
        if ((static_cast<unsigned char>(byte) & 0xC0u) == 0x80u && !out.empty())
            out.back() += byte;
        else
            out.emplace_back(1, byte);
    return out;
}

}  // namespace

TEST_CASE("a slip always changes the text, by as much as it says, and cuts no character") {
    const auto& keyboard = typo::keyboards[0];
    for (const std::string text : {"a", "aa", "Zoë", "日本語", "11", "Grüße, 42"})
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            const auto length = characters_of(text).size();
            const auto with = [&](typo::Slip kind, unsigned slips) {
                const auto now = typo::misspelt(text, kind, slips, keyboard, typo::Draws(seed));
                REQUIRE(now != text);
                for (const auto& character : characters_of(now))
                    REQUIRE((static_cast<unsigned char>(character[0]) & 0xC0u) != 0x80u);
                return characters_of(now).size();
            };
            REQUIRE(with(typo::Slip::repeat, 1) == length + 1);
            REQUIRE(with(typo::Slip::drop, 1) == length - 1);
            with(typo::Slip::any, 1);
            with(typo::Slip::swap, 2);
            with(typo::Slip::leet, 1);
            with(typo::Slip::ocr, 3);
        }
    REQUIRE(typo::misspelt("Q", typo::Slip::neighbour, 1, keyboard, typo::Draws(1)) !=
            typo::misspelt("q", typo::Slip::neighbour, 1, keyboard, typo::Draws(1)));
}

TEST_CASE("leet and misread scans put one character for another") {
    const auto made = [](const char* text, typo::Slip kind, std::uint64_t seed) {
        return typo::misspelt(text, kind, 1, typo::keyboards[0], typo::Draws(seed));
    };
    std::set<std::string> leet, read;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        leet.insert(made("tesv", typo::Slip::leet, seed));
        read.insert(made("x0", typo::Slip::ocr, seed));
    }
    CHECK(leet == std::set<std::string>{"7esv", "t3sv", "te5v"});
    CHECK(read == std::set<std::string>{"xO", "xo", "xQ", "xD"});
    // What looks like another is looked like by it.
    for (int c = 33; c < 127; ++c)
        for (const char other : typo::looks_like(static_cast<char>(c)))
            CHECK_FALSE(typo::looks_like(other).empty());
}

TEST_CASE("parts of a text change places, and a text of one part stays") {
    Bench bench(
        "SELECT * FROM (VALUES (1, 'Ann Mary Smith'), (2, 'Ann'), (3, NULL), (4, 'a a'), (5, '')) "
        "t(id, c)");
    const auto made = [&](const char* params) {
        const auto out = bench.apply(Bench::fault("permute_parts", params));
        std::vector<std::string> cells;
        for (const auto& row :
             bench.query("SELECT coalesce(c, 'NULL') FROM (" + out.select + ") ORDER BY id").rows)
            cells.push_back(std::get<std::string>(row[0]));
        return std::pair(cells, out.answer_keys[0].rows_changed);
    };
    using Cells = std::vector<std::string>;
    CHECK(made(R"({"columns": ["c"]})") ==
          std::pair(Cells{"Smith Mary Ann", "Ann", "NULL", "a a", ""}, std::int64_t{1}));
    CHECK(made(R"({"columns": ["c"], "order": "last_first", "joined_by": ", "})") ==
          std::pair(Cells{"Smith, Ann, Mary", "Ann", "NULL", "a, a", ""}, std::int64_t{2}));
    CHECK(made(R"({"columns": ["c"], "order": "first_last"})") ==
          std::pair(Cells{"Mary Smith Ann", "Ann", "NULL", "a a", ""}, std::int64_t{1}));
}

TEST_CASE("garbled letters are those of the code page, and a text without any stays") {
    Bench bench("SELECT * FROM (VALUES (1, 'Zoë €5'), (2, 'plain'), (3, NULL), (4, 'ñ')) t(id, c)");
    const auto made = [&](const char* params) {
        const auto out = bench.apply(Bench::fault("garbled_text", params));
        std::vector<std::string> cells;
        for (const auto& row :
             bench.query("SELECT coalesce(c, 'NULL') FROM (" + out.select + ") ORDER BY id").rows)
            cells.push_back(std::get<std::string>(row[0]));
        CHECK(out.answer_keys[0].rows_changed == 2);
        return cells;
    };
    using Cells = std::vector<std::string>;
    CHECK(made(R"({"columns": ["c"]})") == Cells{"ZoÃ« â‚¬5", "plain", "NULL", "Ã±"});
    CHECK(made(R"({"columns": ["c"], "as": "question_mark"})") ==
          Cells{"Zo? ?5", "plain", "NULL", "?"});
    CHECK(made(R"({"columns": ["c"], "as": "lost"})") == Cells{"Zo 5", "plain", "NULL", ""});
    CHECK(made(R"({"columns": ["c"], "as": "replacement", "letters": "ëñ"})") ==
          Cells{"Zo\xEF\xBF\xBD €5", "plain", "NULL", "\xEF\xBF\xBD"});
}

TEST_CASE("typos go to the cells that are hit, one slip each") {
    Bench bench(labels);
    const auto out = bench.apply(Bench::fault(
        "typo", R"({"columns": ["c", "t"], "kind": "neighbour", "fraction": 0.3, "exact": true})"));
    REQUIRE(rows_where(bench, out, "a.c <> b.c") == 3600);
    REQUIRE(rows_where(bench, out, "hamming(a.c, b.c) > 1 OR hamming(a.t, b.t) > 1") == 0);
    REQUIRE(rows_where(bench, out, "a.t IS NULL AND b.t IS NOT NULL") == 0);
    REQUIRE(out.answer_keys[0].cells.at("t") == rows_where(bench, out, "a.t <> b.t"));
    REQUIRE(out.columns == bench.keyed.site.columns);
    Bench listed("SELECT i AS id, CAST('a' AS ENUM ('a', 'b')) AS e FROM range(3) t(i)");
    REQUIRE_THROWS_WITH(listed.apply(Bench::fault("typo", R"({"columns": ["e"], "fraction": 1})")),
                        Catch::Contains("values of its list"));
}

TEST_CASE("text is cut to a length or a share") {
    Bench bench("SELECT i AS id, repeat('ß', i) AS t FROM range(21) t(i)");
    REQUIRE(
        rows_where(bench,
                   bench.apply(Bench::fault("truncate_text", R"({"columns": ["t"], "length": 7})")),
                   "a.t <> repeat('ß', least(b.id, 7))") == 0);
    REQUIRE(rows_where(
                bench,
                bench.apply(Bench::fault("truncate_text", R"({"columns": ["t"], "share": 0.3})")),
                "a.t <> repeat('ß', CAST(floor(b.id * 0.3) AS INTEGER))") == 0);
}

TEST_CASE("junk stands instead of the text, before it or after it") {
    Bench bench(labels);
    const auto with = [&](const std::string& more) {
        return bench.apply(
            Bench::fault("junk_token", R"({"columns": ["c"], "fraction": 1, )" + more + "}"));
    };
    const auto replaced = with(R"("tokens": ["?", "N/A", "it's"])");
    REQUIRE(rows_where(bench, replaced, "a.c NOT IN ('?', 'N/A', 'it''s')") == 0);
    // Two degrees of freedom: 18.4 has p = 1e-4.
    REQUIRE(chi_squared(
                bench.numbers("SELECT count(*) FROM (" + replaced.select + ") GROUP BY c")) < 18.4);
    REQUIRE(rows_where(bench, with(R"("tokens": ["C"], "mode": "prefix")"), "a.c <> 'C' || b.c") ==
            0);
    REQUIRE(rows_where(bench, with(R"("tokens": ["C"], "mode": "suffix")"), "a.c <> b.c || 'C'") ==
            0);
}

TEST_CASE("dates come in other formats, or the wrong way round") {
    Bench bench(
        "SELECT i AS id, DATE '2024-01-01' + CAST(i AS INTEGER) AS d, TIMESTAMP '2024-01-01 "
        "10:20:30' + to_days(CAST(i AS INTEGER)) AS at, CAST(DATE '2024-01-01' + CAST(i AS "
        "INTEGER) AS VARCHAR) AS t FROM range(366) t(i)");
    const auto mixed =
        bench.apply(Bench::fault("date_format", R"({"columns": ["t", "d", "at"], "fraction": 1})"));
    REQUIRE(rows_where(bench, mixed,
                       "a.t NOT IN (strftime(b.d, '%d/%m/%Y'), strftime(b.d, '%m/%d/%Y'), "
                       "strftime(b.d, '%d.%m.%Y'), strftime(b.d, '%Y%m%d'), strftime(b.d, '%d %b "
                       "%Y'))") == 0);
    // 12 months of 12 days that could be months, less those where the two are equal.
    REQUIRE(mixed.answer_keys[0].cells.at("d") == 132);
    REQUIRE(rows_where(bench, mixed,
                       "a.d <> b.d AND (month(a.d) <> day(b.d) OR day(a.d) <> "
                       "month(b.d) OR year(a.d) <> 2024)") == 0);
    REQUIRE(rows_where(bench, mixed,
                       "CAST(a.at AS DATE) <> a.d OR CAST(a.at AS TIME) <> TIME "
                       "'10:20:30'") == 0);
}

TEST_CASE("boundary values are those of the type") {
    Bench bench(
        "SELECT i AS id, CAST(i AS SMALLINT) AS s, CAST(i AS UBIGINT) AS u, i + 0.5e0 AS v, "
        "CAST(i AS FLOAT) AS f, CAST(i AS DECIMAL(9,2)) AS d, CAST(i AS DECIMAL(4,4)) AS p, 'text' "
        "AS t, DATE '2024-01-01' AS day, TIMESTAMPTZ '2024-01-01 00:00:00+00' AS z FROM range(1) "
        "r(i), range(700) t(j)",
        {});
    const auto with = [&](const std::string& columns, const std::string& value) {
        return bench.apply(Bench::fault(
            "boundary",
            fmt::format(R"({{"columns": {}, "value": "{}", "fraction": 1}})", columns, value)));
    };
    REQUIRE(bench.count(with(R"(["s", "u", "v", "f", "d", "p", "day"])", "largest"),
                        "count(*) FILTER (s = 32767 AND u = 18446744073709551615 AND v = "
                        "1.7976931348623157e308 AND f = CAST(3.4028234663852886e38 AS FLOAT) AND d "
                        "= 9999999.99 AND p = 0.9999 AND day = DATE '9999-12-31')") == 700);
    REQUIRE(bench.count(with(R"(["s", "u", "d"])", "smallest"),
                        "count(*) FILTER (s = -32768 AND u = 0 AND d = -9999999.99)") == 700);
    REQUIRE(bench.count(with(R"(["v", "f"])", "nan"), "count(*) FILTER (isnan(v) AND isnan(f))") ==
            700);
    REQUIRE(bench.count(with(R"(["v"])", "minus_zero"),
                        "count(*) FILTER (CAST(v AS VARCHAR) = '-0.0')") == 700);
    REQUIRE(bench.count(with(R"(["v", "f"])", "tiny"),
                        "count(*) FILTER (v > 0 AND v / 2 = 0 AND f > 0)") == 700);
    REQUIRE(bench.count(with(R"(["t"])", "long"), "count(*) FILTER (length(t) = 10000)") == 700);
    REQUIRE(bench.count(with(R"(["z"])", "epoch"), "count(*) FILTER (year(z) < 1971)") == 700);
    // Each of the seven as likely: 27.9 has p = 1e-4 at six degrees of freedom.
    const auto any = with(R"(["v"])", "any");
    const auto kinds =
        bench.numbers("SELECT count(*) FROM (" + any.select + ") GROUP BY CAST(v AS VARCHAR)");
    REQUIRE(kinds.size() == 7);
    REQUIRE(chi_squared(kinds) < 27.9);
    REQUIRE_THROWS_WITH(with(R"(["s"])", "nan"), Catch::Contains("largest, smallest"));
}
