/// What a trial takes when it is held: the program's own allocations, counted.
#include <malloc.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>

#include "journals.h"

namespace {
std::atomic<std::int64_t> held{0};
}  // namespace

// NOLINTBEGIN: the allocator itself
void* operator new(std::size_t size) {
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc();
    held += static_cast<std::int64_t>(malloc_usable_size(memory));
    return memory;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    try {
        return operator new(size);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}
void operator delete(void* memory) noexcept {
    if (memory == nullptr) return;
    held -= static_cast<std::int64_t>(malloc_usable_size(memory));
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    operator delete(memory);
}
// NOLINTEND

using namespace faultline::journal;
using namespace faultline::journal::test;

namespace {

/// Bytes a trial, beyond its numbers, of a journal in which each has `faults` severities.
double held_a_trial(int faults) {
    constexpr std::uint64_t trials = 4000;
    constexpr int numbers = 6;
    Base plain = base();
    plain.series.assign(numbers, {"m", nullptr});
    plain.values.assign(numbers, 1.0);
    plain.noise_floor.assign(numbers, 0.0);
    std::string text = line(header()) + line(plain);
    for (std::uint64_t t = 0; t < trials; ++t) {
        TrialRecord record;
        record.number = t;
        record.replicate = t % 8;
        std::map<std::string, double> severities;
        for (int f = 0; f < faults; ++f) {
            const std::string id = "fault_" + std::to_string(f);
            severities[id] = faults == 1 ? 1 : static_cast<double>((t * 37 + 11) % 1000) / 1000;
            record.answer_keys.set(
                id, Json{{"rows_added", t % 3},
                         {"rows_removed", 0},
                         {"rows_changed", t % 200},
                         {"cells", {{"v", t % 200}}},
                         {"columns", {{"added", Json::array()}, {"reordered", false}}}});
        }
        record.severities = severities;
        record.values = std::vector<std::optional<double>>(numbers, static_cast<double>(t));
        record.outcome = Outcome::silent;
        text += line(record);
    }
    const std::int64_t before = held;
    const auto journal = read_text(text, "j");
    const auto after = static_cast<double>(held - before);
    REQUIRE(journal.trials.size() == trials);
    CHECK(journal.trials.back().answer_keys.at("fault_0")["cells"]["v"] == 3999 % 200);
    return after / trials - numbers * 8;
}

}  // namespace

TEST_CASE("A trial that is held takes little more than its numbers") {
    // 174 and 222 with jemalloc: 104 of the record, 16 around the numbers, counts, severities.
    CHECK(held_a_trial(1) < 200);
    CHECK(held_a_trial(5) < 250);
}

TEST_CASE("A trial is found by its number") {
    const auto whole =
        read_text(line(header()) + line(base()) + line(trial(5)) + line(trial(2)), "j");
    REQUIRE(whole.trial(5) != nullptr);
    CHECK(whole.trial(5)->number == 5);
    CHECK(whole.trial(3) == nullptr);
    CHECK(whole.trial(6) == nullptr);
}
