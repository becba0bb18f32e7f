#pragma once

#include <string>
#include <vector>

#include "design/players.h"

namespace faultline::design {

/// What a cheap look at every factor says: each alone at full dose, and all at once with each taken
/// away in turn (Cotter 1979, "A screening design for factorial experiments with interactions", is
/// the same pair of ideas). The second finds what matters only in company.
class Screening {
  public:
    Screening(const model::DesignSpec& spec, std::vector<Factor> factors, std::uint64_t budget);

    /// The most trials that all looks come to.
    [[nodiscard]] std::uint64_t most() const;
    /// Each perturbation alone, in each replicate.
    [[nodiscard]] std::vector<Trial> alone() const;
    /// All that never broke alone, then all but one, twice where something draws. Empty where that
    /// says nothing new.
    [[nodiscard]] std::vector<Trial> in_company(const History& history) const;

    /// The most harmful players two at a time at full dose, under the same streams as alone, so
    /// that what a pair does beyond the two is known directly. `first` is the number of the first
    /// trial.
    [[nodiscard]] std::vector<Trial> pairs(const History& history, std::uint64_t first) const;

    struct Found {
        std::vector<std::size_t> active;    ///< players, the most harmful first
        std::vector<std::size_t> breaking;  ///< crash or time out whenever they are on
        std::vector<std::size_t> idle;      ///< moved nothing worth sharing out
        std::vector<double> score;          ///< by player, in tolerances: the larger of both looks
    };
    /// From a history that has both blocks.
    [[nodiscard]] Found judge(const History& history) const;

    [[nodiscard]] const std::vector<Player>& players() const { return players_; }
    [[nodiscard]] const std::vector<Factor>& factors() const { return factors_; }
    [[nodiscard]] std::uint64_t replicates() const { return replicates_; }

  private:
    [[nodiscard]] std::vector<std::size_t> breaking(const History& history) const;
    [[nodiscard]] double alone_score(const History& history, std::size_t player) const;
    [[nodiscard]] double company_score(const History& history, std::size_t place,
                                       std::size_t count) const;

    std::vector<Factor> factors_;
    std::vector<Player> players_;
    std::uint64_t replicates_;
    std::uint64_t company_replicates_;  ///< of looks in company: 1 where nothing draws
    std::vector<Trial> alone_;
};

}  // namespace faultline::design
