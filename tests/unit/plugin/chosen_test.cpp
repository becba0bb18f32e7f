#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>

#include "faultline/plugin.hpp"

using namespace faultline;

namespace {

/// A host that draws `u<index>`, and says what it is asked to compare with.
std::string text;
const char* uniform(void*, std::uint32_t index) {
    text = "u" + std::to_string(index);
    return text.c_str();
}
const char* below(void*, std::uint32_t index, double share) {
    text = "u" + std::to_string(index) + " < " + std::to_string(share);
    return text.c_str();
}

std::string chosen(const std::vector<std::string>& choices) {
    faultline_host host{};
    host.size = sizeof host;
    host.uniform = uniform;
    host.uniform_below = below;
    const faultline_call call{sizeof call, 1.0, &host};
    return sdk::Call(call).chosen(3, choices);
}

}  // namespace

TEST_CASE("from nothing nothing is chosen, and one choice takes no draw") {
    CHECK_THROWS_AS(chosen({}), std::logic_error);
    CHECK_THROWS_WITH(chosen({}), Catch::Contains("nothing to choose from"));
    CHECK(chosen({"'a'"}) == "'a'");
    CHECK(chosen({"'a'", "'b'"}) == "(CASE WHEN u3 < 0.500000 THEN 'a' ELSE 'b' END)");
    // Each as likely, by one draw.
    CHECK(chosen({"1", "2", "3"}) ==
          "(CASE WHEN u3 < 0.333333 THEN 1 ELSE (CASE WHEN u3 < 0.666667 THEN 2 ELSE 3 END) END)");
}
