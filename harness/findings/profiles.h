#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "findings/evidence.h"

namespace faultline::findings {

/// One number that a profile holds: of a column, or of the whole relation where there is none.
struct Statistic {
    std::size_t node = 0;               ///< position in Profiles::nodes
    std::optional<std::size_t> column;  ///< position in the base profile's columns
    std::string name;
};

/// The profiles of a run arranged for comparing: every statistic of the base beside the same one in
/// each profiled trial and in each run of the unperturbed pipeline without a part of its data.
/// Borrows the evidence's journal. Immutable.
class Profiles {
  public:
    explicit Profiles(const Evidence& evidence);

    [[nodiscard]] bool empty() const { return nodes.empty(); }
    /// In a trial; nullopt: it has none there (the column is gone or has another type).
    [[nodiscard]] std::optional<double> in_trial(std::size_t trial,
                                                 const Statistic& statistic) const {
        return value(trials_[trial], statistic);
    }
    [[nodiscard]] std::optional<double> without_part(std::size_t part,
                                                     const Statistic& statistic) const {
        return value(parts_[part], statistic);
    }
    [[nodiscard]] std::optional<double> in_base(const Statistic& statistic) const;
    /// Does the node hand on other rows than in the base?
    [[nodiscard]] bool differs(std::size_t trial, std::size_t node) const {
        return trials_[trial][node].profile != nullptr;
    }
    /// Was the node within reach of the trial's faults, so that something is known of it?
    [[nodiscard]] bool reached(std::size_t trial, std::size_t node) const {
        return trials_[trial][node].reached;
    }
    /// A column that every later reader would miss.
    [[nodiscard]] bool lacks(std::size_t trial, const Statistic& statistic) const;
    /// Columns of the base that are gone or have another type.
    [[nodiscard]] std::size_t broken_columns(std::size_t trial, std::size_t node) const;
    [[nodiscard]] std::size_t parts() const { return parts_.size(); }
    [[nodiscard]] std::optional<std::size_t> find(const std::string& node) const;

    std::vector<const journal::NodeProfile*> nodes;    ///< of the base, in the DAG's order
    std::vector<const journal::TrialRecord*> records;  ///< of the profiled trials
    std::vector<const journal::Profile*> profiled;     ///< beside them

  private:
    /// What one run says of one node; no profile: it is as in the base.
    struct Seen {
        const journal::NodeProfile* profile = nullptr;
        bool reached = false;
        std::vector<const journal::ColumnProfile*> columns;  ///< by column of the base; may be null
    };
    using Run = std::vector<Seen>;
    [[nodiscard]] std::optional<double> value(const Run& run, const Statistic& statistic) const;
    [[nodiscard]] Run arrange(const journal::Profile& profile) const;

    std::vector<Run> trials_, parts_;
    std::map<std::string, std::size_t> places_;
};

}  // namespace faultline::findings
