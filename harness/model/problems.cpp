#include "model/problems.h"

#include <fmt/format.h>

#include "model/utf8.h"

namespace faultline::model {
namespace {
constexpr std::size_t most_problems = 1000;
// Edit distances are quadratic in length and are paid for each candidate of each problem.
constexpr std::size_t most_suggestions = 50;
constexpr std::size_t most_candidates = 1000;
constexpr std::size_t longest_pointer = 1000;
}  // namespace

void Problems::add(const std::string& pointer, std::string found, std::string expected,
                   const std::string& nearest) {
    if (problems_.size() == most_problems) {
        ++left_out_;
        return;
    }
    problems_.push_back({file_, printable(pointer, longest_pointer), std::move(found),
                         std::move(expected), printable(nearest, longest_pointer)});
}

std::string Problems::nearest(const std::string& name,
                              const std::vector<std::string>& candidates) const {
    if (problems_.size() >= most_suggestions || candidates.size() > most_candidates) return {};
    return nearest_name(name, candidates);
}

void Problems::throw_if_any() const {
    if (problems_.empty()) return;
    auto all = problems_;
    if (left_out_ > 0)
        all.push_back({file_, "", fmt::format("{} problems more than are listed", left_out_),
                       "those above to be mended first", ""});
    throw Error(std::move(all));
}

}  // namespace faultline::model
