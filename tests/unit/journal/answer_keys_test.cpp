#include "journal/answer_keys.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>

using namespace faultline::journal;

TEST_CASE("Answer keys come back as they were set, in that order") {
    const Json rows = Json::parse(
        R"({"rows_added":0,"rows_removed":12,"rows_changed":1000000,"cells":{"v #\"1-2":194},
            "columns":{"added":["7"],"removed":[],"reordered":false}})");
    const Json odd = {{"least", std::numeric_limits<std::int64_t>::min()},
                      {"most", std::numeric_limits<std::int64_t>::max()},
                      {"beyond", std::numeric_limits<std::uint64_t>::max()},
                      {"fraction", -1.5e-300},
                      {"whole", 2.0},
                      {"minus", {-1, -64, -65, 63, 64, 0}}};
    AnswerKeys keys;
    CHECK(keys.empty());
    CHECK(keys.at("b").is_null());
    CHECK(keys.to_json().dump() == "{}");
    keys.set("b", rows);
    keys.set("a", odd);
    keys.set("nothing", Json::object());
    CHECK(keys.size() == 3);
    CHECK(keys.contains("nothing"));
    CHECK_FALSE(keys.contains("c"));
    CHECK(keys.at("b").dump() == rows.dump());
    CHECK(keys.at("a").dump() == odd.dump());
    CHECK(keys.to_json().dump() ==
          "{\"b\":" + rows.dump() + ",\"a\":" + odd.dump() + ",\"nothing\":{}}");

    // Set again it stays in its place, and the others are what they were.
    auto again = keys;
    again.set("b", {{"rows_added", 3}});
    CHECK(again.to_json().dump() ==
          "{\"b\":{\"rows_added\":3},\"a\":" + odd.dump() + ",\"nothing\":{}}");
    CHECK(keys.at("b").dump() == rows.dump());
}
