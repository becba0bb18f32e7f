#include "core/kept_text.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace faultline;

TEST_CASE("a text is kept once, and no longer than somebody holds it") {
    auto first = shared_text("one"), second = shared_text("one");
    CHECK(first == second);
    CHECK(shared_text("two") != first);
    const std::weak_ptr<const std::string> seen = first;
    first.reset();
    CHECK_FALSE(seen.expired());
    CHECK(*second == "one");
    second.reset();
    CHECK(seen.expired());
    CHECK(*shared_text("one") == "one");
}

TEST_CASE("texts come and go on several threads at once") {
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&wrong] {
            for (int i = 0; i < 20000; ++i) {
                const auto text = std::to_string(i % 7);
                const auto held = shared_text(text), again = shared_text(text);
                if (*held != text || held != again) ++wrong;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(wrong == 0);
}
