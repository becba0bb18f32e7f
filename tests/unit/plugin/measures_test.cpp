#include <catch2/catch.hpp>

#include "plugin/perturb.h"

using namespace faultline;
using plugin::Measures;

namespace {

/// Asks and says whether the answer had to be computed.
bool computed(Measures& measures, const std::string& question, std::int64_t answer = 7) {
    bool asked = false;
    const auto rows = measures.get("site", question, [&] {
        asked = true;
        engine::Rows made;
        made.rows = {{answer}};
        return made;
    });
    CHECK(rows.rows == std::vector<std::vector<engine::Value>>{{answer}});
    return asked;
}

}  // namespace

TEST_CASE("a number about a site is computed once for as long as it is asked for again") {
    Measures measures(64 << 10);
    CHECK(computed(measures, "mean"));
    for (int i = 0; i < 10000; ++i) {
        CHECK(computed(measures, "threshold " + std::to_string(i), i));
        REQUIRE_FALSE(computed(measures, "mean"));
    }
    CHECK_FALSE(computed(measures, "threshold 9999", 9999));
    CHECK_FALSE(computed(measures, "threshold 9950", 9950));
}

TEST_CASE("what was not asked for longest is forgotten and computed again: memory stays bounded") {
    Measures measures(64 << 10);
    for (int i = 0; i < 10000; ++i) (void)computed(measures, std::to_string(i), i);
    CHECK(computed(measures, "0", 0));
    CHECK(computed(measures, "9000", 9000));
    CHECK_FALSE(computed(measures, "9999", 9999));
    // An answer larger than all that may be kept is still an answer.
    CHECK(computed(measures, std::string(1 << 20, 'x')));
    CHECK_FALSE(computed(measures, std::string(1 << 20, 'x')));
}
