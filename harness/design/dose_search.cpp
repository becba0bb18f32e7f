#include "design/dose_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/order_statistics.h"

namespace faultline::design {
namespace {

bool harmed(const std::string& outcome) {
    return outcome == "detected" || outcome == "silent" || outcome == "crashed" ||
           outcome == "timed_out";
}

bool noticed(const std::string& outcome) {
    return outcome == "detected" || outcome == "false_alarm" || outcome == "crashed" ||
           outcome == "timed_out";
}

/// What is known of one factor: by severity, of each replicate whether it happened.
using Seen = std::map<double, std::vector<bool>>;

/// How many replicates it has happened to at each dose or a smaller one.
std::map<double, std::uint64_t> counted(const Seen& seen) {
    std::map<double, std::uint64_t> counts;
    std::vector<bool> so_far;
    for (const auto& [severity, happened] : seen) {
        so_far.resize(std::max(so_far.size(), happened.size()), false);
        for (std::size_t r = 0; r < happened.size(); ++r) so_far[r] = so_far[r] || happened[r];
        counts[severity] =
            static_cast<std::uint64_t>(std::count(so_far.begin(), so_far.end(), true));
    }
    return counts;
}

/// Three digits are read, and the fourth is for narrow brackets.
double rounded(double severity) {
    return std::stod(fmt::format("{:.4g}", severity));
}

/// Where to look next for the smallest dose with `rank` replicates; nothing when it is known well
/// enough, or is beyond severity 1.
std::optional<double> next_dose(const std::map<double, std::uint64_t>& counts, std::uint64_t rank,
                                double precision) {
    double low = 0;
    for (const auto& [severity, count] : counts) {
        if (count < rank) {
            low = severity;
            continue;
        }
        if (severity <= DoseSearch::least_dose || severity <= low * (1 + precision))
            return std::nullopt;
        // Without a lower end go down by decades rather than by halves: doses are compared by
        // ratio.
        const double middle = rounded(low == 0 ? severity / 4 : std::sqrt(low * severity));
        return low < middle && middle < severity ? std::optional(middle) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

DoseSearch::DoseSearch(std::vector<Factor> factors, std::vector<std::size_t> which, Options options)
    : factors_(std::move(factors)), which_(std::move(which)), options_(std::move(options)) {}

std::uint64_t DoseSearch::replicates_of(const Factor& factor) const {
    return factor.draws ? options_.replicates : 1;
}

std::vector<double> DoseSearch::doses_of(const Factor& factor, const History& history,
                                         std::size_t known) const {
    const std::uint64_t replicates = replicates_of(factor);
    Seen harm, notice;
    for (std::size_t t = 0; t < known; ++t) {
        const auto& [trial, outcome, metrics] = history.trials[t];
        if (trial.severities.size() != 1 || trial.replicate >= replicates ||
            trial.severities.begin()->first != factor.id)
            continue;
        const double severity = trial.severities.begin()->second;
        for (auto* seen : {&harm, &notice}) (*seen)[severity].resize(replicates, false);
        harm[severity][trial.replicate] = harmed(outcome);
        notice[severity][trial.replicate] = noticed(outcome);
    }
    std::set<double> doses;
    for (const double severity : factor.binary ? std::vector<double>{1} : options_.coarse)
        if (!harm.contains(severity)) doses.insert(severity);
    // What the coarse curve says comes first.
    if (!doses.empty() || factor.binary) return {doses.begin(), doses.end()};
    const auto ranks = analysis::median_ranks(replicates, options_.confidence);
    std::set<std::uint64_t> wanted{ranks.median};
    if (options_.bounds && ranks.low) wanted.insert({*ranks.low, *ranks.high});
    const auto harmful = counted(harm);
    const bool any = !harmful.empty() && harmful.rbegin()->second >= ranks.median;
    for (const std::uint64_t rank : wanted) {
        if (const auto dose = next_dose(harmful, rank, options_.precision)) doses.insert(*dose);
        if (options_.only_where_harmful && !any) continue;
        if (const auto dose = next_dose(counted(notice), rank, options_.precision))
            doses.insert(*dose);
    }
    return {doses.begin(), doses.end()};
}

std::vector<Trial> DoseSearch::next(const History& history, std::size_t known) const {
    const std::uint64_t block =
        std::max(options_.first_block, known == 0 ? 0 : history.trials[known - 1].trial.block + 1);
    std::vector<Trial> trials;
    for (const std::size_t f : which_) {
        const Factor& factor = factors_[f];
        for (const double dose : doses_of(factor, history, known)) {
            if (known + trials.size() + replicates_of(factor) > options_.most_trials) return trials;
            for (std::uint64_t replicate = 0; replicate < replicates_of(factor); ++replicate)
                trials.push_back({known + trials.size(), block, replicate, {{factor.id, dose}}});
        }
    }
    return trials;
}

std::uint64_t DoseSearch::first() const {
    std::uint64_t trials = 0;
    for (const std::size_t f : which_)
        trials += replicates_of(factors_[f]) * (factors_[f].binary ? 1 : options_.coarse.size());
    return trials;
}

std::uint64_t DoseSearch::most() const {
    // Down from 1 to the least dose in quarters, then halving the logarithm of what is left.
    const double down = std::ceil(std::log(1 / least_dose) / std::log(4.0)),
                 halves = std::ceil(std::log2(std::log(4.0) / std::log1p(options_.precision)));
    std::uint64_t trials = first();
    for (const std::size_t f : which_) {
        const Factor& factor = factors_[f];
        if (factor.binary) continue;
        const std::uint64_t searches = 2 * (options_.bounds && factor.draws ? 3 : 1);
        trials += searches * static_cast<std::uint64_t>(down + std::max(0.0, halves) + 1) *
                  replicates_of(factor);
    }
    return std::min(trials, options_.most_trials);
}

}  // namespace faultline::design
