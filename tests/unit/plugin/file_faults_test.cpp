#include <catch2/catch.hpp>
#include <cmath>

#include "core/digest.h"
#include "core/draws.h"
#include "file_bench.h"

// What each fault of files does, recomputed here without its code: from the rules on its page and
// the draws of core/draws.h.

using namespace faultline;
using namespace faultline::plugin;

namespace {

constexpr std::uint64_t stream = 7;

double uniform_of(std::int64_t unit, std::uint32_t index, const std::string& file = "data/a.csv") {
    // Draw 0 of a stream is the selection's, so the plugin's own begin one later.
    return uniform(unit, Digest().add(stream).add(file).word(), index + 1);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size() - 1) + 1;
        lines.push_back(text.substr(at, end - at));
        at = end;
    }
    return lines;
}

std::string people(int n) {
    std::string text = "id,name,score\n";
    for (int i = 0; i < n; ++i) text += fmt::format("{},p{},{}.25\n", i, i, i % 10);
    return text;
}

struct Result {
    std::string text;
    AnswerKey key;
};

Result run(const std::string& before, const std::string& plugin, const std::string& params,
           double severity = 1) {
    FileBench bench({{"a.csv", before}});
    bench.survey();
    const auto out = bench.apply(Bench::fault(plugin, params), severity, stream);
    return {FileBench::text(out), out.answer_keys[0]};
}

Result run_json(const std::string& before, const std::string& params, double severity = 1) {
    FileBench bench({{"a.json", before}}, model::FileFormat::json);
    bench.survey();
    const auto out = bench.apply(Bench::fault("json_poisoned", params), severity, stream);
    return {FileBench::text(out), out.answer_keys[0]};
}

}  // namespace

TEST_CASE("byte_flips turns one bit of each byte whose draw is below the share") {
    const auto before = people(200);
    for (const double severity : {0.3, 1.0}) {
        const auto out = run(before, "byte_flips", R"({"fraction": 0.04, "from": 10})", severity);
        auto expected = before;
        std::int64_t flipped = 0;
        for (std::size_t at = 10; at < expected.size(); ++at) {
            const auto unit = static_cast<std::int64_t>(at - 10);
            if (uniform_of(unit, 0) >= 0.04 * severity) continue;
            const auto bit = static_cast<int>(std::floor(uniform_of(unit, 1) * 8));
            expected[at] = static_cast<char>(expected[at] ^ (1 << bit));
            ++flipped;
        }
        CHECK(out.text == expected);
        CHECK(out.key.bytes == flipped);
        CHECK(out.key.records == 0);
        CHECK(flipped > 0);
    }
    const auto exact = run(before, "byte_flips", R"({"fraction": 0.01, "exact": true})");
    CHECK(exact.key.bytes == std::llround(0.01 * static_cast<double>(before.size())));
}

TEST_CASE("file_truncated loses its share of the bytes, or goes back to a line") {
    const auto before = people(100);
    const auto size = static_cast<double>(before.size());
    for (const double severity : {0.2, 0.5, 1.0}) {
        const auto lost = static_cast<std::size_t>(std::llround(size * 0.4 * severity));
        const auto cut = run(before, "file_truncated", R"({"lost": 0.4})", severity);
        CHECK(cut.text == before.substr(0, before.size() - lost));
        CHECK(cut.key.bytes == static_cast<std::int64_t>(lost));
        const auto lined =
            run(before, "file_truncated", R"({"lost": 0.4, "at": "line"})", severity);
        CHECK(lined.text == before.substr(0, before.rfind('\n', before.size() - lost - 1) + 1));
    }
    CHECK(run(before, "file_truncated", R"({"lost": 1})").text.empty());
    CHECK(run("id\n1\n", "file_truncated", R"({"lost": 1, "at": "line"})").text.empty());
}

TEST_CASE("nul_padding follows the file or stands in place of its end") {
    const auto before = people(10);
    const auto count =
        static_cast<std::size_t>(std::ceil(static_cast<double>(before.size()) * 0.1));
    CHECK(run(before, "nul_padding", "{}").text == before + std::string(count, '\0'));
    const auto instead = run(before, "nul_padding", R"({"place": "instead"})");
    CHECK(instead.text == before.substr(0, before.size() - count) + std::string(count, '\0'));
    CHECK(instead.key.bytes == static_cast<std::int64_t>(count));
}

TEST_CASE("empty_file leaves nothing, or the header after the lines before it") {
    const auto before = people(4);
    CHECK(run(before, "empty_file", "{}").text.empty());
    CHECK(run(before, "empty_file", "{}").key.bytes == static_cast<std::int64_t>(before.size()));
    CHECK(run(before, "empty_file", R"({"keep": "header"})").text == "id,name,score\n");
    CHECK(run("a title\nand a date\n" + before, "empty_file", R"({"keep": "header"})").text ==
          "a title\nand a date\nid,name,score\n");
    const auto gone = run(before, "missing_file", "{}");
    CHECK(gone.text == "(gone)");
    CHECK(gone.key.bytes == static_cast<std::int64_t>(before.size()));
    CHECK(gone.key.files == 1);
}

TEST_CASE("bom puts a mark before the file, and takes one away") {
    const std::string mark = "\xEF\xBB\xBF", before = "id,name\n1,x\n";
    CHECK(run(before, "bom", "{}").text == mark + before);
    CHECK(run(before, "bom", "{}").key.bytes == 3);
    CHECK(run(before, "bom", R"({"mark": "utf-16be"})").text == "\xFE\xFF" + before);
    CHECK(run(mark + before, "bom", R"({"mark": "utf-8-twice"})").text == mark + mark + before);
    CHECK(run(mark + before, "bom", R"({"mark": "none"})").text == before);
    CHECK(run(mark + before, "bom", R"({"mark": "utf-16le"})").text == "\xFF\xFE" + before);
    CHECK(run(before, "bom", "{}", 0.4).text == before);
    // What is there already is no failure; what was never there is.
    CHECK_FALSE(run(mark + before, "bom", "{}").key.expected_any);
    CHECK(run(before, "bom", R"({"mark": "none"})").key.expected_any);
}

TEST_CASE("csv_dialect writes well what it writes otherwise") {
    const std::string before =
        "id,text\n1,plain\n2,\"a, b\"\n3,\"x;y\"\n4,\"say \"\"hi\"\"\"\n5,p;q\n";
    CHECK(run(before, "csv_dialect", R"({"delimiter": ";"})").text ==
          "id;text\n1;plain\n2;\"a, b\"\n3;\"x;y\"\n4;\"say \"\"hi\"\"\"\n5;\"p;q\"\n");
    CHECK(run(before, "csv_dialect", R"({"quote": "'"})").text ==
          "id,text\n1,plain\n2,'a, b'\n3,'x;y'\n4,'say \"hi\"'\n5,p;q\n");
    CHECK(run(before, "csv_dialect", R"({"escape": "\\"})").text ==
          "id,text\n1,plain\n2,\"a, b\"\n3,\"x;y\"\n4,\"say \\\"hi\\\"\"\n5,p;q\n");
    CHECK(run(before, "csv_dialect", R"({"quote": ""})").text ==
          "id,text\n1,plain\n2,a, b\n3,x;y\n4,say \"hi\"\n5,p;q\n");
    const auto ends = run(before, "csv_dialect", R"({"record_end": "crlf"})");
    CHECK(ends.text ==
          "id,text\r\n1,plain\r\n2,\"a, b\"\r\n3,\"x;y\"\r\n4,\"say \"\"hi\"\"\"\r\n5,p;q\r\n");
    CHECK(ends.key.records == 6);
    CHECK(ends.key.bytes == 6);
    CHECK_THROWS_WITH(run(before, "csv_dialect", R"({"delimiter": ","})"),
                      Catch::Contains("already written so"));
    CHECK_THROWS_AS(run(before, "csv_dialect", "{}"), Error);
}

TEST_CASE("csv_dialect hits records whose draw is below the share, and the header with all") {
    const auto before = people(300);
    const auto lines = lines_of(before);
    for (const double severity : {0.25, 0.5}) {
        const auto out = run(before, "csv_dialect", R"({"delimiter": "|"})", severity);
        const auto now = lines_of(out.text);
        REQUIRE(now.size() == lines.size());
        CHECK(now[0] == lines[0]);
        std::int64_t changed = 0;
        for (std::size_t i = 1; i < lines.size(); ++i) {
            auto expected = lines[i];
            if (uniform_of(static_cast<std::int64_t>(i) - 1, 0) < severity) {
                std::replace(expected.begin(), expected.end(), ',', '|');
                ++changed;
            }
            CHECK(now[i] == expected);
        }
        CHECK(out.key.records == changed);
        CHECK(out.key.bytes == 2 * changed);
    }
}

TEST_CASE("a record may run over several lines and is hit as one") {
    const std::string before = "id,text\n1,\"two\nlines, \"\"quoted\"\"\"\n2,x\n";
    const auto out = run(before, "csv_dialect", R"({"delimiter": ";"})");
    CHECK(out.text == "id;text\n1;\"two\nlines, \"\"quoted\"\"\"\n2;x\n");
    CHECK(out.key.records == 3);
    const auto more = run(before, "ragged_records", R"({"kind": "more", "fraction": 1})");
    CHECK(more.text == "id,text\n1,\"two\nlines, \"\"quoted\"\"\",\n2,x,\n");
}

TEST_CASE("csv_header loses, doubles, repeats and renames") {
    const std::string before = "id,first name,x\n1,a,2\n3,b,4\n5,c,6\n";
    CHECK(run(before, "csv_header", R"({"mode": "lost"})").text == "1,a,2\n3,b,4\n5,c,6\n");
    CHECK(run(before, "csv_header", R"({"mode": "doubled"})").text ==
          "id,first name,x\nid,first name,x\n1,a,2\n3,b,4\n5,c,6\n");
    CHECK(run(before, "csv_header", R"({"mode": "repeated"})").text ==
          "id,first name,x\n1,a,2\n3,b,4\nid,first name,x\n5,c,6\n");
    CHECK(run(before, "csv_header", R"({"mode": "upper"})").text ==
          "ID,FIRST NAME,X\n1,a,2\n3,b,4\n5,c,6\n");
    CHECK(run(before, "csv_header", R"({"mode": "spaced", "columns": ["id"]})").text ==
          " id ,first name,x\n1,a,2\n3,b,4\n5,c,6\n");
    const auto misspelt = run(before, "csv_header", R"({"mode": "misspelt"})");
    const auto header = lines_of(misspelt.text)[0];
    CHECK(header.starts_with("di,"));
    CHECK(header.ends_with(",xx\n"));
    const auto middle = header.substr(3, header.size() - 7);
    CHECK(middle != "first name");
    CHECK(std::is_permutation(middle.begin(), middle.end(), std::string("first name").begin()));
    CHECK_THROWS_WITH(run(before, "csv_header", R"({"mode": "upper", "columns": ["idd"]})"),
                      Catch::Contains("id,first name,x"));
    CHECK_THROWS_WITH(run("1,2\n3,4\n", "csv_header", R"({"mode": "lost"})"),
                      Catch::Contains("no header"));
}

TEST_CASE("preamble and several_tables add what is no data") {
    const auto before = people(3);
    CHECK(run(before, "preamble", R"({"text": "T", "lines": 4})", 0.5).text == "T\nT\n" + before);
    CHECK(run(before.substr(0, before.size() - 1), "preamble",
              R"({"place": "after", "text": "end", "lines": 1})")
              .text == before + "end\n");
    const auto two = run(before, "several_tables", R"({"rows": 3, "columns": 2, "gap": 2})");
    std::string expected = before + "\n\ngroup,total_1\n";
    for (int row = 0; row < 3; ++row)
        expected +=
            fmt::format("G{},{}\n", row + 1, static_cast<int>(uniform_of(row * 2 + 1, 1) * 10000));
    CHECK(two.text == expected);
    CHECK(two.key.records == 6);
    CHECK(two.key.bytes == static_cast<std::int64_t>(expected.size() - before.size()));
}

TEST_CASE("ragged_records has one field more or less") {
    const auto before = people(400);
    const auto lines = lines_of(before);
    const auto out = run(before, "ragged_records", R"({"fraction": 0.2})");
    const auto now = lines_of(out.text);
    REQUIRE(now.size() == lines.size());
    std::int64_t fewer = 0, more = 0;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto unit = static_cast<std::int64_t>(i) - 1;
        auto expected = lines[i];
        if (uniform_of(unit, 0) < 0.2) {
            const bool less = uniform_of(unit, 1) < 0.5;
            ++(less ? fewer : more);
            expected.pop_back();
            expected = (less ? expected.substr(0, expected.rfind(',')) : expected + ",") + "\n";
        }
        CHECK(now[i] == expected);
    }
    CHECK(out.key.records == fewer + more);
    CHECK(fewer > 20);
    CHECK(more > 20);
    CHECK(run("a\n1\n2\n3\n4\n5\n6\n", "ragged_records", R"({"value": "z", "fraction": 1})").text ==
          "a\n1,z\n2,z\n3,z\n4,z\n5,z\n6,z\n");
    CHECK(run("a,b\n1,2\n", "ragged_records", R"({"kind": "fewer", "fields": 9, "fraction": 1})")
              .text == "a,b\n1\n");
}

TEST_CASE("stray_quote adds one quote to one plain field") {
    const auto before = people(50) + "50,\"quoted\",\n";
    const auto lines = lines_of(before);
    for (const auto* where : {"begin", "inside", "end"}) {
        const auto out =
            run(before, "stray_quote", fmt::format(R"({{"place": "{}", "fraction": 1}})", where));
        const auto now = lines_of(out.text);
        REQUIRE(now.size() == lines.size());
        CHECK(now[0] == lines[0]);
        for (std::size_t i = 1; i < lines.size(); ++i) {
            INFO(where << ": " << now[i]);
            REQUIRE(now[i].size() == lines[i].size() + 1);
            std::size_t at = 0;
            while (now[i][at] == lines[i][at]) ++at;
            CHECK(now[i][at] == '"');
            CHECK(now[i].substr(at + 1) == lines[i].substr(at));
            if (std::string(where) == "begin") CHECK((at == 0 || lines[i][at - 1] == ','));
            if (std::string(where) == "end") CHECK((lines[i][at] == ',' || lines[i][at] == '\n'));
        }
        CHECK(out.key.records == 51);
        CHECK(out.key.bytes == 51);
    }
}

TEST_CASE("mojibake: letters as the bytes of a code page, or as what their bytes would be") {
    const std::string before = "id,name\n1,Zürich\n2,plain\n3,5 €\n4,日本\n";
    CHECK(run(before, "mojibake", R"({"side": "sender"})").text ==
          "id,name\n1,Z\xFCrich\n2,plain\n3,5 \x80\n4,??\n");
    CHECK(run(before, "mojibake", R"({"side": "sender", "code_page": "latin-1"})").text ==
          "id,name\n1,Z\xFCrich\n2,plain\n3,5 ?\n4,??\n");
    const auto twice = run(before, "mojibake", "{}");
    CHECK(twice.text == "id,name\n1,ZÃ¼rich\n2,plain\n3,5 â‚¬\n4,æ—¥æœ¬\n");
    CHECK(twice.key.records == 3);
    CHECK(run(before, "mojibake", R"({"code_page": "latin-1"})").text ==
          "id,name\n1,ZÃ¼rich\n2,plain\n3,5 â\xC2\x82¬\n4,æ\xC2\x97¥æ\xC2\x9C¬\n");
    // Text in ASCII alone cannot be taken for something else.
    const auto ascii = run(people(5), "mojibake", "{}");
    CHECK(ascii.key.expected_any);
    CHECK_FALSE(ascii.key.changed_anything());
}

TEST_CASE("json_poisoned breaks records of lines and of an array alike") {
    const std::string lines = "{\"a\": 1, \"b\": \"x}\"}\n{\"a\": 2, \"b\": \"y\"}\n";
    const std::string array = "[\n  {\"a\": 1, \"b\": \"x}\"},\n  {\"a\": 2, \"b\": \"y\"}\n]\n";
    const auto all = [](const std::string& kind) {
        return fmt::format(R"({{"kind": "{}", "fraction": 1}})", kind);
    };
    CHECK(run_json(lines, all("trailing_comma")).text ==
          "{\"a\": 1, \"b\": \"x}\",}\n{\"a\": 2, \"b\": \"y\",}\n");
    CHECK(run_json(array, all("trailing_comma")).text ==
          "[\n  {\"a\": 1, \"b\": \"x}\",},\n  {\"a\": 2, \"b\": \"y\",}\n]\n");
    CHECK(run_json(array, all("unclosed")).text ==
          "[\n  {\"a\": 1, \"b\": \"x}\",\n  {\"a\": 2, \"b\": \"y\"\n]\n");
    for (const auto* kind : {"wrong_type", "duplicate_key", "missing_key"})
        for (const auto& before : {lines, array}) {
            INFO(kind);
            const auto out = run_json(before, all(kind));
            CHECK(out.key.records == 2);
            // JSON all the same, with one member that is another one.
            auto text = out.text;
            if (before == lines) text = "[" + text.replace(text.find("}\n{"), 3, "},{") + "]";
            const auto now = nlohmann::json::parse(text);
            REQUIRE(now.size() == 2);
            for (std::size_t i = 0; i < 2; ++i) {
                const auto drawn =
                    uniform_of(static_cast<std::int64_t>(i), 1, "data/a.json") < 0.5 ? "a" : "b";
                const auto other = std::string(drawn) == "a" ? "b" : "a";
                const auto old = nlohmann::json::parse(array)[i];
                CHECK(now[i][other] == old[other]);
                if (std::string(kind) == "missing_key")
                    CHECK_FALSE(now[i].contains(drawn));
                else if (std::string(kind) == "duplicate_key")
                    CHECK(now[i][drawn].is_null());
                else
                    CHECK(now[i][drawn].is_string() != old[drawn].is_string());
            }
        }
    const auto cut = run_json(lines, all("cut"));
    CHECK(lines_of(cut.text).size() == 2);
    for (const auto& line : lines_of(cut.text)) CHECK_FALSE(nlohmann::json::accept(line));
}
