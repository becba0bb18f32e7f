#include "report/outcomes.h"

#include <array>

#include "report/numbers.h"

namespace faultline::report {
namespace {

struct OutcomeWord {
    const char* name;
    const char* said;
};

/// The worst first. "total" stands among a run's outcomes and is none.
constexpr std::array<OutcomeWord, 7> words{{{"silent", "silent"},
                                            {"crashed", "crashed"},
                                            {"timed_out", "timed out"},
                                            {"detected", "detected"},
                                            {"false_alarm", "false alarm"},
                                            {"not_applied", "not applied"},
                                            {"absorbed", "absorbed"}}};

}  // namespace

std::uint64_t number_of(const Outcomes& outcomes, const char* name) {
    const auto found = outcomes.find(name);
    return found == outcomes.end() ? 0 : found->second;
}

std::string outcomes_text(const Outcomes& outcomes) {
    std::string text;
    for (const auto& word : words)
        if (const auto n = number_of(outcomes, word.name); n > 0)
            text += (text.empty() ? "" : ", ") + count(n) + " " + word.said;
    return text;
}

std::uint64_t broken(const Outcomes& outcomes) {
    return number_of(outcomes, "crashed") + number_of(outcomes, "timed_out");
}

std::uint64_t total_of(const Outcomes& outcomes) {
    std::uint64_t total = 0;
    for (const auto& word : words) total += number_of(outcomes, word.name);
    return total;
}

}  // namespace faultline::report
