#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <vector>

#include "design/two_level_runs.h"

namespace faultline::design {

/// Sequential bifurcation (Bettonville & Kleijnen 1997, "Searching for important factors in
/// simulation models with many factors"): all players are switched on, and the group that makes a
/// difference is split until what matters stands alone. With foldover: beside the run with the
/// players up to c on there is the one with only those after c on, and half the difference of the
/// two is compared, in which effects of two players together (of any even number) cancel. Where
/// something draws, runs are replicated under common streams, and a group is decided by the
/// interval of its mean effect after 4, 8, 16, … replicates (after Wan, Ankenman & Nelson 2006,
/// "Controlled sequential bifurcation"; looks share the error as in analysis/repeated_looks.h).
///
/// It holds if the players of a group do not cancel: on one metric all effects have the same sign,
/// whichever that is.
///
/// What breaks the pipeline, or makes a metric vanish or appear, would hide all else. Where all
/// players together do, those that do it alone are found first, by halving too, and stay off.
///
/// A pure function of the history: the search is replayed from its start.
class Bifurcation {
  public:
    enum class Fate {
        matters,         ///< one player whose effect is at least the threshold
        aside,           ///< together below the threshold
        breaks,          ///< one player that breaks the pipeline by itself
        breaks_jointly,  ///< breaks it, but neither of its halves does
        not_split        ///< the search ended before
    };
    struct Group {
        std::vector<std::size_t> players;
        Fate fate = Fate::not_split;
    };

    /// Borrows `factors` and `history`.
    Bifurcation(const model::DesignSpec& spec, const std::vector<Factor>& factors,
                const History& history);
    Bifurcation(const Bifurcation&) = delete;
    Bifurcation& operator=(const Bifurcation&) = delete;

    [[nodiscard]] const std::vector<Player>& players() const { return players_; }
    /// The block to run now; empty when the search is over.
    [[nodiscard]] const std::vector<Trial>& next() const { return runs_.next(); }
    [[nodiscard]] const std::vector<Trial>& known() const { return runs_.known(); }
    /// Every player is in exactly one.
    [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
    /// The most replicates of a run, and how many it has at first: 1 where nothing draws.
    [[nodiscard]] std::uint64_t most_replicates() const { return most_; }
    [[nodiscard]] std::uint64_t first_replicates() const;
    /// The confidence of one interval, so that those of all looks hold together.
    [[nodiscard]] double confidence_of_look(double confidence) const;
    [[nodiscard]] bool budget_spent() const { return spent_; }
    /// The pipeline breaks with every player at severity 0.
    [[nodiscard]] bool breaks_idle() const { return breaks_idle_; }
    /// The most that players on either side of a split do together beyond each alone, in
    /// tolerances.
    [[nodiscard]] double interaction() const { return interaction_; }

    /// What the outputs change when the players of one of groups() go from severity 0 to 1
    /// together: replicates × outputs. `outputs` are arranged by the numbers of the trials; NaN: no
    /// value.
    [[nodiscard]] Eigen::ArrayXXd effects_of(const Group& group,
                                             const Eigen::ArrayXXd& outputs) const;

  private:
    using On = TwoLevelRuns::On;
    using Want = TwoLevelRuns::Want;
    struct Span {  ///< players [from, to) of rest_
        std::size_t from = 0, to = 0;
        bool decided = false;
        Fate fate = Fate::not_split;
        double least = 0, most = 0;  ///< what it may move a metric by, in tolerances
        std::uint64_t replicates = 0;
    };

    void search();
    /// Finds what breaks the pipeline; false where the search cannot go on.
    bool set_breaking_aside();
    void bifurcate();
    [[nodiscard]] std::vector<std::vector<Want>> decide(std::vector<Span>& spans);
    void measure(Span& span, const Eigen::ArrayXXd& outputs) const;
    void look_for_interactions(const std::vector<Span>& spans);

    [[nodiscard]] On only(const std::vector<std::size_t>& players) const;
    [[nodiscard]] On of_rest(std::size_t from, std::size_t to) const;
    [[nodiscard]] std::vector<Want> split_at(std::size_t cut, std::uint64_t replicates) const;
    [[nodiscard]] Eigen::ArrayXXd span_effects(std::size_t from, std::size_t to,
                                               const Eigen::ArrayXXd& outputs) const;
    [[nodiscard]] Eigen::ArrayXXd in_tolerances(const Eigen::ArrayXXd& changes) const;

    std::vector<Player> players_;
    TwoLevelRuns runs_;
    std::uint64_t budget_, most_;
    double confidence_;
    Eigen::ArrayXd tolerance_;
    std::vector<std::size_t> rest_;  ///< players that break nothing, in order
    std::vector<Group> groups_;
    bool spent_ = false, breaks_idle_ = false;
    double interaction_ = 0;
    double largest_ = 0;  ///< effect of one player, in tolerances, as far as known
};

}  // namespace faultline::design
