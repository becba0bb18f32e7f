#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/scenario.h"

namespace faultline::design {

/// What a design varies. Pure data: the design knows no pipeline.
struct Factor {
    std::string id;       ///< the perturbation's
    bool draws = true;    ///< false: its effect is deterministic, one replicate says it all
    bool binary = false;  ///< on or off
};

/// One assignment of severities. A factor that is not listed is omitted, which is not the same as
/// severity 0 when the scenario maps severity onto a parameter.
struct Trial {
    std::uint64_t number = 0;  ///< 0-based, in the order of the design
    std::uint64_t block = 0;
    std::uint64_t replicate = 0;
    std::map<std::string, double> severities;
    friend bool operator==(const Trial&, const Trial&) = default;
};

/// What an adaptive design may look at: the finished trials, in order.
struct Finished {
    Trial trial;
    std::string outcome;
    std::vector<std::optional<double>> metrics;  ///< nullopt: no value
};

/// Chooses trials. A pure function of the history: asked only at complete blocks, so that a resumed
/// run takes the same path. Thread-compatible.
class Design {
  public:
    virtual ~Design() = default;
    /// The next block, or empty when done. `history` holds every trial handed out so far, in order.
    [[nodiscard]] virtual std::vector<Trial> next(const std::vector<Finished>& history) const = 0;
    /// Trials in all, where that is known beforehand.
    [[nodiscard]] virtual std::optional<std::uint64_t> size() const = 0;
};

/// Methods that this build knows; the nearest is suggested for one it does not.
std::vector<std::string> known_methods();

/// Throws Error(user) at /design/… for an unknown method or keys that do not suit it.
std::unique_ptr<Design> make_design(const model::DesignSpec& spec,
                                    const std::vector<Factor>& factors,
                                    const std::string& scenario_file);

}  // namespace faultline::design
