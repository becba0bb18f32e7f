#include "core/kept_text.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

using namespace faultline;

TEST_CASE("a text is kept once, whoever asks") {
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    const auto* seven = kept_text("7");
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 20000; ++i) {
                const auto text = std::to_string(i % 9);
                const auto* kept = kept_text(text);
                if (*kept != text || (i % 9 == 7) != (kept == seven)) ++wrong;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(wrong == 0);
}
