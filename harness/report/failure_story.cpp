#include "report/failure_story.h"

#include "report/display_text.h"

namespace faultline::report {
namespace {

constexpr std::size_t longest_message = 160;

}  // namespace

std::string at_stage(const findings::FailureResult& failure) {
    if (failure.stage == "metric") return "a metric of " + failure.node;
    if (failure.stage == "check") return "a check of " + failure.node;
    if (failure.stage == "perturb") return "perturbing " + failure.node;
    return failure.node;
}

std::string in_short(const std::string& message) {
    std::string text, kept;
    for (const char c : message) {
        const bool space = c == '\n' || c == '\t' || c == '\r' || c == ' ';
        if (!space) {
            text += c;
            continue;
        }
        if (text.empty() || text.back() == ' ') continue;
        const bool ends = c == '\n' || text.back() == '.' || text.back() == '!';
        // A line that announces a list is nothing without it.
        if (ends && text.back() != ':' && width_of(shown(text)) <= longest_message) kept = text;
        text += ' ';
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    if (width_of(shown(text)) <= longest_message) return text;
    if (!kept.empty()) return kept + " …";
    const std::string start = cut(shown(text), longest_message);
    const auto word = start.rfind(' ');
    return word == std::string::npos ? start : start.substr(0, word) + " …";
}

}  // namespace faultline::report
