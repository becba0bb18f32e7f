#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "pipeline_results.h"
#include "report/html/html_report.h"
#include "report/html/markup.h"
#include "report/html/page_data.h"
#include "sample_results.h"

namespace faultline::report {
namespace {

std::size_t number_of_times(const std::string& text, const std::string& part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
    return n;
}

TEST_CASE("The page stands by itself and says the verdict without a script") {
    const std::string page = html_report(shop_result());
    CHECK(page.starts_with("<!doctype html>"));
    CHECK(page.find("default-src 'none'; script-src 'sha256-") != std::string::npos);
    CHECK(page.find(" src=") == std::string::npos);
    CHECK(page.find("style=\"") == std::string::npos);  // the policy would not let it
    const std::string words = page.substr(0, page.find("<script"));
    CHECK(words.find("Trouble at products reaches forecast unseen") != std::string::npos);
    CHECK(words.find("guard_rows_sales") != std::string::npos);
    CHECK(words.find("faultline replay 64 --from DIR") != std::string::npos);
    CHECK(page == html_report(shop_result()));
}

TEST_CASE("Sections with nothing to say are left out of the page") {
    const std::string page = html_report(nothing_happened());
    for (const char* id : {"guards", "doses", "owners", "travel", "silent", "failures"})
        CHECK(page.find("<section id=\"" + std::string(id) + "\"") == std::string::npos);
    CHECK(page.find("Nothing to fix first") != std::string::npos);
}

TEST_CASE("Names that want to be markup are names") {
    const std::string page = html_report(hostile_result());
    const std::string words = page.substr(page.find("<body>"));
    CHECK(number_of_times(words, "<script") == 2);  // the data and ours
    CHECK(number_of_times(words, "</script") == 2);
    CHECK(words.find("<img") == std::string::npos);
    CHECK(words.find("<svg onload") == std::string::npos);
    CHECK(words.find("&lt;script&gt;document.title") != std::string::npos);
    CHECK(page.find('\0') == std::string::npos);
    CHECK(page.find("\xE2\x80\xAE") == std::string::npos);
    CHECK(page.find('\xFF') == std::string::npos);
}

TEST_CASE("The page's data is JSON that cannot end its element") {
    const std::string data = html::page_data(hostile_result());
    for (const char c : data) {
        CHECK(static_cast<unsigned char>(c) < 0x80);
        CHECK((c != '<' && c != '>' && c != '&'));
    }
    const auto read = nlohmann::json::parse(data);
    CHECK(read["nodes"][0]["name"] == "<script>document.title='pwned'</script>");
    CHECK(read["nodes"].size() == 11);
    CHECK(read["edges"].size() == 11);
}

TEST_CASE("Text is escaped on its way into markup, elements are not") {
    using namespace html;
    CHECK(tag("b", {{"title", "a\"b<c"}}, "x & <y>").html() ==
          "<b title=\"a&quot;b&lt;c\">x &amp; &lt;y&gt;</b>");
    CHECK(tag("p", tag("i", "one") + Markup("two")).html() == "<p><i>one</i>two</p>");
    CHECK(name(std::string(100, 'n')).html().find("title=") != std::string::npos);
}

TEST_CASE("A page of 500 nodes stays small") {
    CHECK(html_report(large_result(500, 1000)).size() < 3'000'000);
}

}  // namespace
}  // namespace faultline::report
