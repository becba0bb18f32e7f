#include <catch2/catch.hpp>
#include <cmath>
#include <thread>
#include <vector>

#include "core/id_map.h"
#include "core/packed_numbers.h"
#include "core/rare.h"

using namespace faultline;

TEST_CASE("A map by id is in the order of the ids and reads like a std::map") {
    IdMap<double> map;
    CHECK(map.empty());
    CHECK_FALSE(map.contains("b"));
    CHECK_THROWS_AS(map.at("b"), std::out_of_range);
    map["b"] = 2;
    map["c"] = 3;
    map["a"] = 1;
    map["b"] = 2.5;
    CHECK(map == IdMap<double>{{"a", 1}, {"b", 2.5}, {"c", 3}});
    CHECK(map != IdMap<double>{{"a", 1}, {"b", 2.5}});
    CHECK(map != IdMap<double>{{"a", 1}, {"b", 2.5}, {"d", 3}});
    std::string seen;
    for (const auto& [id, value] : map) seen += id + std::to_string(static_cast<int>(value));
    CHECK(seen == "a1b2c3");
    CHECK(map.find("c")->second == 3);
    CHECK(map.find("bb") == map.end());
    CHECK(std::map<std::string, double>(map).at("b") == 2.5);
    map.erase_if([](const auto& item) { return item.first == "b"; });
    CHECK(map == IdMap<double>{{"a", 1}, {"c", 3}});
    map.clear();
    CHECK(map == IdMap<double>());
    CHECK(map.begin() == map.end());
}

TEST_CASE("A copy shares until one of the two is changed") {
    IdMap<double> first{{"a", 1}};
    auto second = first;
    second["a"] = 2;
    CHECK(first.at("a") == 1);
    CHECK(second.at("a") == 2);
    const auto& itself = second;
    second = itself;
    CHECK(second.at("a") == 2);

    const SharedArray<int> array(std::vector<int>{1, 2, 3}.data(), 3);
    auto copy = array;
    CHECK(copy.shares_with(array));
    copy.own()[0] = 9;
    CHECK_FALSE(copy.shares_with(array));
    CHECK(array[0] == 1);
}

TEST_CASE("Equal lists of ids of one thread are one list") {
    const std::vector<const std::string*> ids{kept_text("a"), kept_text("b")};
    const auto first = shared_ids(ids.data(), 2);
    (void)shared_ids(ids.data(), 1);
    CHECK(shared_ids(ids.data(), 2).shares_with(first));
}

TEST_CASE("Holders on several threads come and go") {
    const IdMap<double> map{{"a", 1}};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 20000; ++i) {
                auto mine = map;
                mine["a"] += i;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(map.at("a") == 1);
}

TEST_CASE("Numbers keep their bits, and those that are missing are missing") {
    const double nan = std::nan("7"), infinity = std::numeric_limits<double>::infinity();
    const PackedNumbers numbers{1.5, std::nullopt, -0.0, nan, infinity};
    REQUIRE(numbers.size() == 5);
    CHECK(numbers[0] == 1.5);
    CHECK_FALSE(numbers[1]);
    CHECK(std::signbit(*numbers[2]));
    CHECK(std::isnan(numbers.at(3).value()));
    CHECK(numbers[4] == infinity);
    CHECK_THROWS_AS(numbers.at(5), std::out_of_range);
    const std::vector<std::optional<double>> plain{1, std::nullopt};
    CHECK(PackedNumbers(plain) == plain);
    CHECK(PackedNumbers{1.0} != plain);
    CHECK(numbers != numbers);  // NaN
    CHECK(PackedNumbers() == PackedNumbers(std::vector<std::optional<double>>()));
    // The one NaN that stands for what is missing is a number all the same.
    const auto missing = std::bit_cast<double>(std::uint64_t{0x7ff8'6e6f'6e65'0001});
    CHECK(PackedNumbers{missing}[0].has_value());
}

TEST_CASE("What is rare takes a pointer, and copies are deep") {
    Rare<std::string> none, some = std::string("text");
    CHECK_FALSE(none);
    CHECK(none.value_or("other") == "other");
    auto copy = some;
    *copy = "changed";
    CHECK(*some == "text");
    some = std::nullopt;
    CHECK_FALSE(some.has_value());

    RareList<int> list;
    CHECK(list.empty());
    CHECK(list.begin() == list.end());
    list.push_back(3);
    const auto other = list;
    list.push_back(4);
    CHECK(other.size() == 1);
    CHECK(list[1] == 4);
    CHECK(sizeof(list) == sizeof(void*));
    CHECK(sizeof(some) == sizeof(void*));
}
