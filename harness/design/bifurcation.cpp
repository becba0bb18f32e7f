#include "design/bifurcation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/estimate.h"
#include "analysis/repeated_looks.h"
#include "core/special_values.h"

namespace faultline::design {
namespace {

constexpr std::uint64_t replicates_at_first = 4;
/// As in a screening (screening.cpp): a player matters when it moves some metric by a tenth of its
/// tolerance and by a twentieth of what the largest does. But nothing that can leave a tolerance is
/// ever put aside.
constexpr double least_effect = 0.1;
constexpr double least_share = 0.05;
constexpr double always_matters = 1;
/// A tolerance of 0 is left by any change; no effect is larger.
constexpr double unbounded = 1e12;

bool any_draws(const std::vector<Player>& players, const std::vector<Factor>& factors) {
    const auto columns = columns_of(players);
    return std::any_of(columns.begin(), columns.end(),
                       [&](std::size_t factor) { return factors[factor].draws; });
}

std::pair<std::vector<std::size_t>, std::vector<std::size_t>> halves_of(
    const std::vector<std::size_t>& players) {
    const auto middle = players.begin() + static_cast<std::ptrdiff_t>(players.size() / 2);
    return {{players.begin(), middle}, {middle, players.end()}};
}

}  // namespace

Bifurcation::Bifurcation(const model::DesignSpec& spec, const std::vector<Factor>& factors,
                         const History& history)
    : players_(players_of(spec, factors)),
      runs_(players_, factors, history),
      budget_(spec.budget.value_or(std::numeric_limits<std::uint64_t>::max())),
      most_(any_draws(players_, factors) ? spec.replicates : 1),
      confidence_(spec.confidence),
      tolerance_(Eigen::Map<const Eigen::ArrayXd>(
          history.tolerance.data(), static_cast<Eigen::Index>(history.tolerance.size()))) {
    if (!players_.empty()) search();
    // Whoever is in no group yet was not told apart from the others before the search ended.
    std::vector<bool> placed(players_.size(), false);
    for (const auto& group : groups_)
        for (const std::size_t player : group.players) placed[player] = true;
    for (std::size_t player = 0; player < players_.size(); ++player)
        if (!placed[player]) groups_.push_back({{player}, Fate::not_split});
}

std::uint64_t Bifurcation::first_replicates() const {
    return std::min(most_, replicates_at_first);
}

double Bifurcation::confidence_of_look(double confidence) const {
    std::uint64_t looks = 1;
    for (std::uint64_t at = first_replicates(); at < most_; at *= 2) ++looks;
    return analysis::confidence_at_look(confidence, 1, looks);
}

Bifurcation::On Bifurcation::only(const std::vector<std::size_t>& players) const {
    On on(players_.size(), false);
    for (const std::size_t player : players) on[player] = true;
    return on;
}

Bifurcation::On Bifurcation::of_rest(std::size_t from, std::size_t to) const {
    return only({rest_.begin() + static_cast<std::ptrdiff_t>(from),
                 rest_.begin() + static_cast<std::ptrdiff_t>(to)});
}

std::vector<Bifurcation::Want> Bifurcation::split_at(std::size_t cut,
                                                     std::uint64_t replicates) const {
    return {{of_rest(0, cut), replicates}, {of_rest(cut, rest_.size()), replicates}};
}

void Bifurcation::search() {
    for (std::size_t player = 0; player < players_.size(); ++player) rest_.push_back(player);
    using State = TwoLevelRuns::State;
    const State state = runs_.ask({split_at(0, first_replicates())}, budget_);
    spent_ = state == State::spent;
    if (state != State::ready) return;
    const On idle = only({});
    breaks_idle_ = runs_.breaks(idle, idle);
    if (breaks_idle_) return;
    if (runs_.breaks(only(rest_), idle) && !set_breaking_aside()) return;
    bifurcate();
}

bool Bifurcation::set_breaking_aside() {
    using State = TwoLevelRuns::State;
    const On idle = only({});
    std::vector<std::vector<std::size_t>> breaking{rest_};
    while (!breaking.empty()) {
        std::vector<std::vector<Want>> wants;
        for (const auto& group : breaking)
            if (group.size() > 1)
                wants.push_back({{only(halves_of(group).first), first_replicates()},
                                 {only(halves_of(group).second), first_replicates()}});
        const State state = runs_.ask(wants, budget_);
        if (state == State::waiting) return false;
        std::vector<std::vector<std::size_t>> found;
        for (const auto& group : breaking) {
            if (group.size() == 1) {
                groups_.push_back({group, Fate::breaks});
                continue;
            }
            const auto [left, right] = halves_of(group);
            if (runs_.replicates(only(left)) == 0 || runs_.replicates(only(right)) == 0) {
                groups_.push_back({group, Fate::not_split});
                spent_ = true;
                continue;
            }
            const std::size_t before = found.size();
            if (runs_.breaks(only(left), idle)) found.push_back(left);
            if (runs_.breaks(only(right), idle)) found.push_back(right);
            if (found.size() == before) groups_.push_back({group, Fate::breaks_jointly});
        }
        breaking = std::move(found);
    }
    for (const auto& group : groups_)
        for (const std::size_t player : group.players) std::erase(rest_, player);
    if (rest_.empty() || spent_) return false;
    const State state = runs_.ask({split_at(0, first_replicates())}, budget_);
    spent_ = state == State::spent;
    if (state != State::ready) return false;
    if (!runs_.breaks(only(rest_), idle)) return true;
    groups_.push_back({rest_, Fate::breaks_jointly});
    return false;
}

Eigen::ArrayXXd Bifurcation::span_effects(std::size_t from, std::size_t to,
                                          const Eigen::ArrayXXd& outputs) const {
    const On end = of_rest(0, to), start = of_rest(0, from);
    const On after_end = of_rest(to, rest_.size()), after_start = of_rest(from, rest_.size());
    const std::uint64_t replicates =
        std::min({runs_.replicates(end), runs_.replicates(start), runs_.replicates(after_end),
                  runs_.replicates(after_start)});
    const auto rows = [&](const On& on) { return runs_.rows_of(on, outputs, replicates); };
    // With (0, 1) instead of (−1, 1) for off and on this is Kleijnen's estimate times two.
    return ((rows(end) - rows(after_end)) - (rows(start) - rows(after_start))) / 2;
}

Eigen::ArrayXXd Bifurcation::effects_of(const Group& group, const Eigen::ArrayXXd& outputs) const {
    const On idle = only({}), on = only(group.players);
    const auto first = std::find(rest_.begin(), rest_.end(), group.players.front());
    const auto from = static_cast<std::size_t>(first - rest_.begin());
    const std::size_t to = from + group.players.size();
    const auto known = [&](std::size_t cut) {
        return runs_.replicates(of_rest(0, cut)) > 0 &&
               runs_.replicates(of_rest(cut, rest_.size())) > 0;
    };
    if (first != rest_.end() && group.fate != Fate::breaks_jointly && known(from) && known(to))
        return span_effects(from, to, outputs);
    const std::uint64_t replicates = std::min(runs_.replicates(on), runs_.replicates(idle));
    return runs_.rows_of(on, outputs, replicates) - runs_.rows_of(idle, outputs, replicates);
}

Eigen::ArrayXXd Bifurcation::in_tolerances(const Eigen::ArrayXXd& changes) const {
    Eigen::ArrayXXd result = changes;
    for (Eigen::Index series = 0; series < result.cols(); ++series) {
        const double allowed = series < tolerance_.size() ? tolerance_(series) : 1;
        // Nobody said how much is too much: this series decides nothing.
        if (std::isnan(allowed)) result.col(series).setZero();
        for (double& change : result.col(series)) {
            if (change == 0 || std::isnan(change) || std::isnan(allowed)) continue;
            const double size = allowed == 0 ? unbounded : std::abs(change) / allowed;
            change = std::copysign(std::min(size, unbounded), change);
        }
    }
    return result;
}

void Bifurcation::measure(Span& span, const Eigen::ArrayXXd& outputs) const {
    const Eigen::ArrayXXd effects = in_tolerances(span_effects(span.from, span.to, outputs));
    span.replicates = static_cast<std::uint64_t>(effects.rows());
    const auto mean =
        analysis::mean_with_t_interval(effects, confidence_of_look(confidence_), most_ == 1);
    span.least = span.most = 0;
    const Eigen::ArrayXXd idle = runs_.rows_of(only({}), outputs, first_replicates());
    for (Eigen::Index series = 0; series < effects.cols(); ++series) {
        // Without a value from the start: whatever gave it one would have been set aside.
        if (idle.col(series).isNaN().all()) continue;
        // No run of it gave a value, which says nothing against it.
        const bool unknown = std::isnan(mean.estimate(series));
        const double low = unknown ? -infinity : mean.low(series);
        const double high = unknown ? infinity : mean.high(series);
        span.most = std::max({span.most, std::abs(low), std::abs(high)});
        if (low > 0 || high < 0)
            span.least = std::max(span.least, std::min(std::abs(low), std::abs(high)));
    }
}

std::vector<std::vector<Bifurcation::Want>> Bifurcation::decide(std::vector<Span>& spans) {
    const Eigen::ArrayXXd outputs = runs_.outputs();
    std::vector<Span*> open;
    for (auto& span : spans) {
        if (span.decided) continue;
        measure(span, outputs);
        if (span.to - span.from == 1) largest_ = std::max(largest_, span.least);
        open.push_back(&span);
    }
    const double threshold = std::clamp(least_share * largest_, least_effect, always_matters);
    // What moves the most first: that is where a budget should go.
    std::stable_sort(open.begin(), open.end(),
                     [](const Span* a, const Span* b) { return a->most > b->most; });
    std::vector<std::vector<Want>> wants;
    for (Span* span : open) {
        const bool sure = span->most < threshold || span->least >= threshold;
        if (!sure && span->replicates < most_) {
            const std::uint64_t replicates = std::min(most_, 2 * span->replicates);
            auto more = split_at(span->from, replicates);
            for (auto& want : split_at(span->to, replicates)) more.push_back(std::move(want));
            wants.push_back(std::move(more));
        } else if (span->most < threshold) {
            span->decided = true;
            span->fate = Fate::aside;
        } else if (span->to - span->from == 1) {
            span->decided = true;
            span->fate = Fate::matters;
        } else {
            wants.push_back(split_at((span->from + span->to) / 2, first_replicates()));
        }
    }
    return wants;
}

void Bifurcation::bifurcate() {
    using State = TwoLevelRuns::State;
    std::vector<Span> spans{{0, rest_.size()}};
    for (;;) {
        const auto wants = decide(spans);
        if (wants.empty()) break;
        const State state = runs_.ask(wants, budget_);
        if (state == State::spent) spent_ = true;
        if (state != State::ready) break;
        std::vector<Span> split;
        for (const auto& span : spans) {
            const std::size_t cut = (span.from + span.to) / 2;
            if (span.decided || cut == span.from || runs_.replicates(of_rest(0, cut)) == 0 ||
                runs_.replicates(of_rest(cut, rest_.size())) == 0) {
                split.push_back(span);
            } else {
                split.push_back({span.from, cut});
                split.push_back({cut, span.to});
            }
        }
        spans = std::move(split);
    }
    look_for_interactions(spans);
    for (const auto& span : spans)
        groups_.push_back({{rest_.begin() + static_cast<std::ptrdiff_t>(span.from),
                            rest_.begin() + static_cast<std::ptrdiff_t>(span.to)},
                           span.fate});
}

void Bifurcation::look_for_interactions(const std::vector<Span>& spans) {
    const Eigen::ArrayXXd outputs = runs_.outputs();
    const On idle = only({}), all = only(rest_);
    for (const auto& span : spans) {
        if (span.from == 0) continue;
        const On before = of_rest(0, span.from), after = of_rest(span.from, rest_.size());
        const std::uint64_t replicates =
            std::min({runs_.replicates(idle), runs_.replicates(all), runs_.replicates(before),
                      runs_.replicates(after)});
        const auto rows = [&](const On& on) { return runs_.rows_of(on, outputs, replicates); };
        // What the two sides do together, beyond each by itself.
        const auto beyond = analysis::mean_with_t_interval(
            in_tolerances((rows(all) + rows(idle)) - (rows(before) + rows(after))), confidence_,
            most_ == 1);
        for (Eigen::Index series = 0; series < beyond.estimate.size(); ++series)
            if (beyond.low(series) > 0 || beyond.high(series) < 0)
                interaction_ = std::max(interaction_, std::abs(beyond.estimate(series)));
    }
}

}  // namespace faultline::design
