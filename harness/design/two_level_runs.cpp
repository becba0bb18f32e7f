#include "design/two_level_runs.h"

#include <algorithm>
#include <limits>

namespace faultline::design {
namespace {

bool crashed(const Finished& finished) {
    return finished.outcome == "crashed" || finished.outcome == "timed_out";
}

bool has(const Finished& finished, std::size_t series) {
    return series < finished.metrics.size() && finished.metrics[series].has_value();
}

}  // namespace

TwoLevelRuns::TwoLevelRuns(const std::vector<Player>& players, const std::vector<Factor>& factors,
                           const History& history)
    : players_(players), factors_(factors), series_(history.base.size()) {
    for (const auto& finished : history.trials) {
        finished_[finished.trial.number] = &finished;
        series_ = std::max(series_, finished.metrics.size());
    }
}

std::map<std::string, double> TwoLevelRuns::severities_of(const On& on) const {
    std::map<std::string, double> severities;
    for (std::size_t p = 0; p < players_.size(); ++p)
        for (const std::size_t member : players_[p].members)
            severities[factors_[member].id] = on[p] ? 1 : 0;
    return severities;
}

TwoLevelRuns::State TwoLevelRuns::ask(const std::vector<std::vector<Want>>& entries,
                                      std::uint64_t budget) {
    next_.clear();
    auto numbers = numbers_;
    bool refused = false;
    for (const auto& entry : entries) {
        auto with_entry = numbers;
        auto block = next_;
        for (const auto& [on, replicates] : entry)
            for (auto& mine = with_entry[on]; mine.size() < replicates;) {
                const std::uint64_t number = known_.size() + block.size();
                block.push_back({number, 0, mine.size(), severities_of(on)});
                mine.push_back(number);
            }
        if (known_.size() + block.size() > budget) {
            refused = true;
            continue;
        }
        numbers = std::move(with_entry);
        next_ = std::move(block);
    }
    if (next_.empty()) return refused ? State::spent : State::ready;
    const std::uint64_t number = known_.empty() ? 0 : known_.back().block + 1;
    for (auto& trial : next_) trial.block = number;
    if (!std::all_of(next_.begin(), next_.end(),
                     [&](const Trial& trial) { return finished_.contains(trial.number); }))
        return State::waiting;
    known_.insert(known_.end(), next_.begin(), next_.end());
    next_.clear();
    numbers_ = std::move(numbers);
    return State::ready;
}

std::uint64_t TwoLevelRuns::replicates(const On& on) const {
    const auto found = numbers_.find(on);
    return found == numbers_.end() ? 0 : found->second.size();
}

bool TwoLevelRuns::breaks(const On& on, const On& idle) const {
    const auto mine = numbers_.find(on), still = numbers_.find(idle);
    if (mine == numbers_.end()) return false;
    for (std::size_t replicate = 0; replicate < mine->second.size(); ++replicate) {
        const Finished& finished = *finished_.at(mine->second[replicate]);
        if (crashed(finished)) return true;
        if (still == numbers_.end() || replicate >= still->second.size()) continue;
        for (std::size_t series = 0; series < series_; ++series)
            if (has(finished, series) != has(*finished_.at(still->second[replicate]), series))
                return true;
    }
    return false;
}

Eigen::ArrayXXd TwoLevelRuns::rows_of(const On& on, const Eigen::ArrayXXd& outputs,
                                      std::uint64_t replicates) const {
    Eigen::ArrayXXd rows(static_cast<Eigen::Index>(replicates), outputs.cols());
    for (std::uint64_t replicate = 0; replicate < replicates; ++replicate)
        rows.row(static_cast<Eigen::Index>(replicate)) =
            outputs.row(static_cast<Eigen::Index>(numbers_.at(on)[replicate]));
    return rows;
}

Eigen::ArrayXXd TwoLevelRuns::outputs() const {
    Eigen::ArrayXXd values = Eigen::ArrayXXd::Constant(static_cast<Eigen::Index>(known_.size()),
                                                       static_cast<Eigen::Index>(series_),
                                                       std::numeric_limits<double>::quiet_NaN());
    for (const auto& trial : known_) {
        const auto& metrics = finished_.at(trial.number)->metrics;
        for (std::size_t series = 0; series < metrics.size(); ++series)
            if (metrics[series])
                values(static_cast<Eigen::Index>(trial.number), static_cast<Eigen::Index>(series)) =
                    *metrics[series];
    }
    return values;
}

}  // namespace faultline::design
