#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/packed_numbers.h"
#include "core/severities.h"
#include "model/scenario.h"

namespace faultline::design {

/// What a design varies. Pure data: the design knows no pipeline.
struct Factor {
    std::string id;       ///< the perturbation's
    bool draws = true;    ///< false: its effect is deterministic, one replicate says it all
    bool binary = false;  ///< on or off
    std::string node = {}, owner = {};  ///< for groups by these
    /// false: no path leads from it to any metric, so its every index is exactly 0, for no run.
    bool reaches = true;
};

/// One assignment of severities. A factor that is not listed is omitted, which is not the same as
/// severity 0 when the scenario maps severity onto a parameter.
struct Trial {
    std::uint64_t number = 0;  ///< 0-based, in the order of the design
    std::uint64_t block = 0;
    std::uint64_t replicate = 0;
    Severities severities;
    friend bool operator==(const Trial&, const Trial&) = default;
};

/// One trial that has ended. Shares what it can with the record of it.
struct Finished {
    Trial trial;
    std::string outcome;
    PackedNumbers metrics;  ///< by series; empty after a crash
};

/// What an adaptive design may look at.
struct History {
    std::vector<Finished> trials;        ///< in the order of their numbers
    std::vector<double> base = {};       ///< by series; NaN: no value
    std::vector<double> tolerance = {};  ///< by series, effective; NaN: not known
};

/// Chooses trials. A pure function of the history: asked only at complete blocks, so that a resumed
/// run takes the same path. Thread-compatible.
class Design {
  public:
    virtual ~Design() = default;
    /// The next block, or empty when done. `history` holds every trial handed out so far.
    [[nodiscard]] virtual std::vector<Trial> next(const History& history) const = 0;
    /// Trials in all, where that is known beforehand.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;
    /// The most trials that it may come to, whatever they say; nullopt: no bound is known.
    [[nodiscard]] virtual std::optional<std::uint64_t> most() const { return size(); }
    /// What was chosen for the user and why, a sentence each; for the plan and the report.
    [[nodiscard]] virtual std::vector<std::string> explain(const History&) const { return {}; }
};

/// Methods that this build knows; the nearest is suggested for one it does not.
std::vector<std::string> known_methods();

/// Throws Error(user) at /design/… for an unknown method or keys that do not suit it.
std::unique_ptr<Design> make_design(const model::DesignSpec& spec,
                                    const std::vector<Factor>& factors,
                                    const std::string& scenario_file);

}  // namespace faultline::design
