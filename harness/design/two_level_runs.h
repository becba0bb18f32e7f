#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <map>
#include <vector>

#include "design/players.h"

namespace faultline::design {

/// The runs of a search in which every player is on or off, one trial for each configuration and
/// stream, handed out in blocks as they are asked for. Thread-compatible.
class TwoLevelRuns {
  public:
    using On = std::vector<bool>;  ///< by player
    struct Want {
        On on;
        std::uint64_t replicates = 1;
    };
    enum class State {
        ready,    ///< all that fits into the budget has been run
        waiting,  ///< next() has to be run first
        spent     ///< nothing of it fits into the budget
    };

    /// Borrows all three.
    TwoLevelRuns(const std::vector<Player>& players, const std::vector<Factor>& factors,
                 const History& history);

    /// Asks for the runs of each entry, all of it or nothing, first come first served while there
    /// is budget. What the history has is looked up; what it lacks is the next block.
    State ask(const std::vector<std::vector<Want>>& entries, std::uint64_t budget);

    /// Trials handed out that the history has, and the block that it lacks.
    [[nodiscard]] const std::vector<Trial>& known() const { return known_; }
    [[nodiscard]] const std::vector<Trial>& next() const { return next_; }

    /// How many replicates of a configuration are known.
    [[nodiscard]] std::uint64_t replicates(const On& on) const;
    /// Crashed or timed out, or a metric vanished or appeared against the configuration `idle`
    /// under the same stream; in any replicate.
    [[nodiscard]] bool breaks(const On& on, const On& idle) const;
    /// Its first `replicates` rows of outputs that are arranged by the numbers of the trials.
    [[nodiscard]] Eigen::ArrayXXd rows_of(const On& on, const Eigen::ArrayXXd& outputs,
                                          std::uint64_t replicates) const;
    /// Metrics of the known trials by their numbers; NaN: no value.
    [[nodiscard]] Eigen::ArrayXXd outputs() const;

  private:
    [[nodiscard]] std::map<std::string, double> severities_of(const On& on) const;

    const std::vector<Player>& players_;
    const std::vector<Factor>& factors_;
    std::map<std::uint64_t, const Finished*> finished_;  ///< by number
    std::map<On, std::vector<std::uint64_t>> numbers_;   ///< by replicate
    std::vector<Trial> known_, next_;
    std::size_t series_;
};

}  // namespace faultline::design
