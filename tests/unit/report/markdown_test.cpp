#include "report/markdown/markdown_report.h"

#include <catch2/catch.hpp>

#include "approved.h"
#include "pipeline_results.h"
#include "report/markdown/inline_text.h"
#include "sample_results.h"

namespace faultline::report {
namespace {

TEST_CASE("The report for a pull request is as approved") {
    require_approved("shop_markdown", markdown_report(shop_result()));
}

TEST_CASE("A comment has an end, and says what it left out") {
    const std::string text = markdown_report(large_result(500, 1000));
    CHECK(text.size() < longest_comment);
    auto result = hostile_result();
    for (int i = 0; i < 2'000; ++i) result.doses.push_back(result.doses.front());
    result.warnings.assign(2'000, std::string(1'000, '|'));
    const std::string cut = markdown_report(result);
    CHECK(cut.size() < longest_comment);
    CHECK(cut.find("Left out") != std::string::npos);
}

TEST_CASE("Names cannot be markup, mention anybody or link anywhere") {
    using namespace markdown;
    CHECK(plain("<b>*x*_y_[a](b)`c`|d") == "&lt;b&gt;\\*x\\*\\_y\\_\\[a\\](b)\\`c\\`\\|d");
    CHECK(plain("@everyone #1 https://x") == "&#64;everyone &#35;1 https&#58;//x");
    CHECK(code("plain_name") == "`plain_name`");
    CHECK(code("a`b|<c>") == "<code>a\\`b\\|&lt;c&gt;</code>");
    CHECK(block("```", "json") == "\n````json\n```\n````\n");
    const std::string text = markdown_report(hostile_result());
    CHECK(text.find("<script") == std::string::npos);
    CHECK(text.find("<svg") == std::string::npos);
    CHECK(text.find("@everyone") == std::string::npos);
}

}  // namespace
}  // namespace faultline::report
