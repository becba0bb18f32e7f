#include <catch2/catch.hpp>
#include <string>

#include "core/error.h"
#include "plugin/registry.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {

std::string described(const std::string& amounts, const std::string& scales = "magnitude") {
    return R"({"name": "off", "version": "1", "summary": "s", "group": "values", "unit": "cell",
               "dose": ")" +
           std::string(scales == "nothing" ? "binary" : "continuous") + R"(", "scales": ")" +
           scales + R"(", "at_severity_1": "x", "amounts": )" + amounts + R"(,
               "params": {"type": "object", "properties": {
                 "relative": {"type": ["number", "null"], "default": null, "description": "d"},
                 "factor": {"type": "number", "default": 2, "description": "d"}}},
               "examples": [{}]})";
}

std::string refusal(const std::string& text) {
    try {
        (void)parse_description(text.c_str());
    } catch (const Error& error) {
        return error.what();
    }
    return "taken";
}

}  // namespace

TEST_CASE("A plugin says by which parameters a dose is told") {
    const auto about = parse_description(described(R"([{"param": "relative", "measure": "share"},
        {"param": "factor", "by_power": true, "measure": "times", "from": 1, "otherwise": 2}])")
                                             .c_str());
    REQUIRE(about.amounts.size() == 2);
    CHECK(about.amounts[0].param == "relative");
    CHECK(about.amounts[0].measure == "share");
    CHECK(about.amounts[0].from == 0);
    CHECK_FALSE(about.amounts[0].otherwise.has_value());
    CHECK(about.amounts[1].by_power);
    CHECK(about.amounts[1].from == 1);
    CHECK(about.amounts[1].otherwise == 2);
}

TEST_CASE("Amounts that say nothing are refused") {
    CHECK_THAT(refusal(described(R"([{"param": "delta"}])")),
               Catch::Contains("\"params\" has no such parameter"));
    CHECK_THAT(refusal(described(R"([{"measure": "share"}])")),
               Catch::Contains("names a \"param\""));
    CHECK_THAT(refusal(described(R"([{"param": "factor", "from": "one"}])")),
               Catch::Contains("\"from\" and \"otherwise\", numbers"));
    CHECK_THAT(refusal(described(R"([{"param": "factor", "unit": "EUR"}])")),
               Catch::Contains("it has \"param\" and \"measure\""));
    CHECK_THAT(refusal(described(R"([{"param": "factor"}])", "nothing")),
               Catch::Contains("\"scales\" is not \"magnitude\""));
    CHECK_THAT(refusal(described(R"({"param": "factor"})")),
               Catch::Contains("\"amounts\" must be an array"));
}
