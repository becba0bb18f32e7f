#include "suggest/commented_json.h"

#include <catch2/catch.hpp>

#include "model/document.h"

using faultline::model::Json;
using faultline::suggest::CommentedJson;

namespace {

Json parsed(const std::string& text) {
    faultline::model::Problems problems("test.json");
    auto document = faultline::model::parse_document(text, problems);
    problems.throw_if_any();
    return document;
}

}  // namespace

TEST_CASE("What is written is read back, comments and all") {
    CommentedJson out("two lines\nof comment");
    out.member("a", {{"x", 1.5}, {"y", Json::array({"z", nullptr})}});
    out.comment("with a line break\nand */ in it");
    out.open_array("list");
    out.comment("before an element");
    out.element({{"id", 1}});
    out.element("\"quoted\" // no comment");
    out.comment("after the last");
    out.close_array();
    out.member("last", true);
    const auto text = out.finish();
    const Json expected = {{"a", {{"x", 1.5}, {"y", Json::array({"z", nullptr})}}},
                           {"list", Json::array({{{"id", 1}}, "\"quoted\" // no comment"})},
                           {"last", true}};
    REQUIRE(parsed(text) == expected);
    REQUIRE(text.starts_with("// two lines\n// of comment\n{"));
    REQUIRE(text.find("\n    // before an element\n    {\"id\": 1},\n") != std::string::npos);
}

TEST_CASE("Empty lists and an empty document are documents") {
    CommentedJson out("");
    out.open_array("none");
    out.comment("nothing here");
    out.close_array();
    REQUIRE(parsed(out.finish()) == Json{{"none", Json::array()}});
    REQUIRE(parsed(CommentedJson("").finish()) == Json::object());
}
