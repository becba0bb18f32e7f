#include "report/junit/junit_report.h"

#include <catch2/catch.hpp>

#include "approved.h"
#include "pipeline_results.h"
#include "report/junit/xml_text.h"
#include "sample_results.h"

namespace faultline::report {
namespace {

TEST_CASE("The JUnit report is as approved") {
    require_approved("shop_junit", junit_report(shop_result()));
}

TEST_CASE("An open interval is skipped, an interrupted run an error") {
    auto result = shop_result();
    result.attribution = {{"revenue", findings::Json(), "stores", "moved_out", std::nullopt,
                           "damage", 0.9, 0.6, 1.2, 0.95, "tolerance", false, 1.0}};
    result.perturbations = {result.perturbations.back()};
    result.verdict = "unknown";
    result.reasons = {"whether moved_out moves revenue is open"};
    std::string text = junit_report(result);
    CHECK(
        text.find("<skipped message=\"open: revenue [0.6, 1.2]; more replicates would tell\"/>") !=
        std::string::npos);
    CHECK(text.find("skipped=\"2\"") != std::string::npos);
    result.status = "interrupted";
    text = junit_report(result);
    CHECK(text.find("<error message=\"the run was interrupted before its end\"") !=
          std::string::npos);
}

TEST_CASE("XML holds whatever a document says") {
    CHECK(junit::xml("<a b=\"c\">&") == "&lt;a b=&quot;c&quot;&gt;&amp;");
    CHECK(junit::xml(std::string("\0\x1b", 2)) == "\\x00\\x1b");
    CHECK(junit::xml("\xEF\xBF\xBF") == "\xEF\xBF\xBD");
    const std::string text = junit_report(hostile_result());
    CHECK(text.find("<script") == std::string::npos);
    CHECK(text.find("]]>") == std::string::npos);
}

}  // namespace
}  // namespace faultline::report
