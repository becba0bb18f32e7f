#include "core/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <numeric>

namespace faultline {

std::string Problem::message() const {
    std::string text = file;
    if (!pointer.empty()) text += (text.empty() ? "" : ": ") + pointer;
    if (!text.empty()) text += ": ";
    if (!found.empty()) text += "found " + found;
    if (!expected.empty()) text += (found.empty() ? "expected " : ", expected ") + expected;
    if (!nearest.empty()) text += fmt::format("; did you mean \"{}\"?", nearest);
    return text;
}

namespace {
std::string joined(const std::vector<Problem>& problems) {
    std::string text;
    for (const auto& problem : problems) text += (text.empty() ? "" : "\n") + problem.message();
    return text;
}
}  // namespace

Error::Error(ErrorKind kind, const std::string& message, std::string node)
    : std::runtime_error(message), kind_(kind), node_(std::move(node)) {}

Error::Error(std::vector<Problem> problems)
    : std::runtime_error(joined(problems)),
      kind_(ErrorKind::user),
      problems_(std::move(problems)) {}

namespace {
std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// Edit distance with transpositions (optimal string alignment): a swapped pair is the commonest
/// typo.
std::size_t edit_distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        next[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            next[j] = std::min(
                {next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                next[j] = std::min(next[j], before[j - 2] + 1);
        }
        before.swap(row);
        row.swap(next);
    }
    return row[b.size()];
}
}  // namespace

std::string nearest_name(const std::string& name, const std::vector<std::string>& candidates) {
    constexpr std::size_t longest_compared = 200;
    if (name.empty() || name.size() > longest_compared) return {};
    const std::string wanted = lower(name);
    std::string best;
    std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
    for (const auto& candidate : candidates) {
        if (candidate.size() > longest_compared) continue;
        const std::size_t distance = edit_distance(wanted, lower(candidate));
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

}  // namespace faultline
