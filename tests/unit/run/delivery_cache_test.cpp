#include "run/delivery_cache.h"

#include <catch2/catch.hpp>

using namespace faultline;
using run::DeliveryCache;

namespace {

plugin::Perturbed perturbed(const std::string& select) {
    plugin::Perturbed made;
    made.select = select;
    return made;
}

}  // namespace

TEST_CASE("a perturbed form is known by its address, once it was kept") {
    DeliveryCache cache;
    CHECK_FALSE(cache.find("a"));
    cache.keep("a", perturbed("SELECT 1"));
    cache.keep("a", perturbed("SELECT 2"));  // one address, one content: the first will do
    REQUIRE(cache.find("a"));
    CHECK(cache.find("a")->select == "SELECT 1");
    CHECK_FALSE(cache.find("b"));
}

TEST_CASE("a perturbed form that names a trial's own table is not kept: the table goes with it") {
    DeliveryCache cache;
    auto of_a_transform = perturbed("SELECT * FROM made");
    of_a_transform.made = {"made"};
    cache.keep("a", of_a_transform);
    CHECK_FALSE(cache.find("a"));
}

TEST_CASE("perturbed forms are bounded, and the oldest go first") {
    DeliveryCache cache;
    for (int i = 0; i < 10000; ++i) cache.keep(std::to_string(i), perturbed("SELECT 1"));
    CHECK_FALSE(cache.find("0"));
    CHECK(cache.find("9999"));
    CHECK(cache.find("9000"));
    CHECK_FALSE(cache.find("8900"));
}
