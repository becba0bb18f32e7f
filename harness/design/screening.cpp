#include "design/screening.h"

#include <algorithm>
#include <cmath>

#include "design/method.h"

namespace faultline::design {

extern const Method one_at_a_time;

namespace {

/// Looks in company are taken under two streams, so that one unlucky draw hides nothing.
constexpr std::uint64_t company_streams = 2;
/// Pairs of these many are 15; few enough to read, and to run under several streams.
constexpr std::size_t most_in_pairs = 6;
constexpr std::uint64_t pair_replicates = 4;
/// A player matters when it moves some metric by a tenth of its tolerance, and by a twentieth of
/// what the most harmful one does.
constexpr double screened_score = 0.1;
constexpr double screened_share = 0.05;
/// A tolerance of 0 is left by any change; no score is larger.
constexpr double largest_score = 1e12;

bool broke(const Finished& finished) {
    return finished.outcome == "crashed" || finished.outcome == "timed_out";
}

/// The largest |a − b| in tolerances over the series that both have. A series that only one of them
/// has counts as one tolerance: it vanished or appeared.
double distance(const PackedNumbers& a, const PackedNumbers& b, const History& history) {
    double most = 0;
    for (std::size_t s = 0; s < std::min({a.size(), b.size(), history.tolerance.size()}); ++s) {
        if (a[s].has_value() != b[s].has_value()) most = std::max(most, 1.0);
        if (!a[s] || !b[s] || *a[s] == *b[s]) continue;
        const double change = std::abs(*a[s] - *b[s]), allowed = history.tolerance[s];
        if (std::isnan(allowed)) continue;
        most = std::max(most,
                        allowed == 0 ? largest_score : std::min(largest_score, change / allowed));
    }
    return most;
}

PackedNumbers base_of(const History& history) {
    std::vector<std::optional<double>> base;
    for (const double value : history.base)
        base.push_back(std::isnan(value) ? std::nullopt : std::optional(value));
    return base;
}

}  // namespace

Screening::Screening(const model::DesignSpec& spec, std::vector<Factor> factors,
                     std::uint64_t budget)
    : factors_(std::move(factors)), players_(players_of(spec, factors_)) {
    const auto columns = columns_of(players_);
    company_replicates_ = std::any_of(columns.begin(), columns.end(),
                                      [&](std::size_t factor) { return factors_[factor].draws; })
                              ? company_streams
                              : 1;
    model::DesignSpec once;
    once.method = one_at_a_time.name;
    once.replicates = spec.replicates;
    const auto trials = [&] { return one_at_a_time.make(once, factors_)->next({}); };
    alone_ = trials();
    // Half of what may be spent is for finding out how the few that matter share.
    while (once.replicates > 2 && alone_.size() > budget / 2) {
        --once.replicates;
        alone_ = trials();
    }
    replicates_ = once.replicates;
}

std::uint64_t Screening::most() const {
    const std::size_t in_pairs = std::min(players_.size(), most_in_pairs);
    return alone_.size() + company_replicates_ * (players_.size() + 1) +
           in_pairs * (in_pairs - 1) / 2 *
               (company_replicates_ > 1 ? std::min(pair_replicates, replicates_) : 1);
}

std::vector<Trial> Screening::alone() const {
    return alone_;
}

std::vector<std::size_t> Screening::breaking(const History& history) const {
    std::vector<std::size_t> found;
    for (std::size_t p = 0; p < players_.size(); ++p) {
        std::size_t trials = 0, breaks = 0;
        for (std::size_t t = 0; t < alone_.size(); ++t)
            for (const std::size_t member : players_[p].members)
                if (alone_[t].severities.contains(factors_[member].id)) {
                    ++trials;
                    breaks += broke(history.trials[t]);
                }
        if (2 * breaks >= trials && breaks > 0) found.push_back(p);
    }
    return found;
}

std::vector<Trial> Screening::in_company(const History& history) const {
    const auto broken = breaking(history);
    std::vector<std::size_t> company;
    for (std::size_t p = 0; p < players_.size(); ++p)
        if (std::find(broken.begin(), broken.end(), p) == broken.end()) company.push_back(p);
    if (company.size() < 3) return {};
    std::vector<Trial> trials;
    const auto number = [&] { return alone_.size() + trials.size(); };
    for (std::uint64_t replicate = 0; replicate < company_replicates_; ++replicate) {
        std::map<std::string, double> all;
        for (const std::size_t p : company)
            for (const std::size_t member : players_[p].members) all[factors_[member].id] = 1;
        trials.push_back({number(), 1, replicate, all});
        for (const std::size_t p : company) {
            auto without = all;
            for (const std::size_t member : players_[p].members) without.erase(factors_[member].id);
            trials.push_back({number(), 1, replicate, without});
        }
    }
    return trials;
}

std::vector<Trial> Screening::pairs(const History& history, std::uint64_t first) const {
    auto active = judge(history).active;
    std::erase_if(active, [&](std::size_t p) { return players_[p].members.size() != 1; });
    if (active.size() > most_in_pairs) active.resize(most_in_pairs);
    std::sort(active.begin(), active.end());
    std::vector<Trial> trials;
    for (std::size_t i = 0; i < active.size(); ++i)
        for (std::size_t j = i + 1; j < active.size(); ++j) {
            const Factor& a = factors_[players_[active[i]].members.front()];
            const Factor& b = factors_[players_[active[j]].members.front()];
            const std::uint64_t replicates =
                a.draws || b.draws ? std::min(pair_replicates, replicates_) : 1;
            for (std::uint64_t replicate = 0; replicate < replicates; ++replicate)
                trials.push_back({first + trials.size(), 2, replicate, {{a.id, 1.0}, {b.id, 1.0}}});
        }
    return trials;
}

double Screening::alone_score(const History& history, std::size_t player) const {
    const auto base = base_of(history);
    double most = 0;
    for (const std::size_t member : players_[player].members) {
        double sum = 0;
        std::size_t count = 0;
        for (std::size_t t = 0; t < alone_.size(); ++t) {
            if (!alone_[t].severities.contains(factors_[member].id)) continue;
            sum += std::min(largest_score, distance(history.trials[t].metrics, base, history));
            ++count;
        }
        if (count > 0) most = std::max(most, sum / static_cast<double>(count));
    }
    return most;
}

double Screening::company_score(const History& history, std::size_t place,
                                std::size_t count) const {
    double most = 0;
    for (std::uint64_t replicate = 0; replicate < company_replicates_; ++replicate) {
        const std::size_t all = alone_.size() + replicate * (count + 1);
        // A budget may have left this look out, and what comes next is another.
        if (all + 1 + place >= history.trials.size() || history.trials[all].trial.block != 1) break;
        most = std::max(most, distance(history.trials[all].metrics,
                                       history.trials[all + 1 + place].metrics, history));
    }
    return most;
}

Screening::Found Screening::judge(const History& history) const {
    Found found;
    found.breaking = breaking(history);
    found.score.assign(players_.size(), 0);
    const std::size_t company = players_.size() - found.breaking.size();
    std::size_t place = 0;
    double most = 0;
    for (std::size_t p = 0; p < players_.size(); ++p) {
        found.score[p] = alone_score(history, p);
        if (std::find(found.breaking.begin(), found.breaking.end(), p) != found.breaking.end())
            continue;
        if (company >= 3)
            found.score[p] = std::max(found.score[p], company_score(history, place, company));
        ++place;
        most = std::max(most, found.score[p]);
    }
    for (std::size_t p = 0; p < players_.size(); ++p) {
        if (std::find(found.breaking.begin(), found.breaking.end(), p) != found.breaking.end())
            continue;
        const bool active = found.score[p] >= std::max(screened_score, screened_share * most);
        (active ? found.active : found.idle).push_back(p);
    }
    std::stable_sort(found.active.begin(), found.active.end(),
                     [&](std::size_t a, std::size_t b) { return found.score[a] > found.score[b]; });
    return found;
}

}  // namespace faultline::design
