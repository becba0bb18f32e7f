#pragma once

#include <memory>
#include <string>
#include <vector>

#include "run/base_run.h"
#include "suggest/proposals.h"

namespace faultline::suggest {

/// Applies proposals to the data that they are for, as a run will: what does not bind, fails or
/// changes nothing is no suggestion. For one subject, on one connection.
class Tryout {
  public:
    /// Borrows all. `seed` and `replicates` are the scenario's: the same rows are drawn.
    Tryout(const run::Experiment& experiment, const run::BaseRun& base,
           engine::Connection& connection, const plugin::Registry& registry, const Subject& subject,
           std::uint64_t seed, std::uint64_t replicates, const StopFlag* stop);
    ~Tryout();
    Tryout(const Tryout&) = delete;
    Tryout& operator=(const Tryout&) = delete;

    /// Does it do at severity 1, in every replicate, what it should? Throws only when it was
    /// stopped or the harness itself fails.
    [[nodiscard]] bool works(const Proposal& proposal);

  private:
    [[nodiscard]] bool applies(const plugin::Fault& fault, std::uint64_t replicate);
    [[nodiscard]] bool damages(const plugin::Fault& fault, std::uint64_t replicate);

    engine::Connection& connection_;
    const engine::Dialect& dialect_;
    const plugin::Registry& registry_;
    std::uint64_t seed_, replicates_;
    const StopFlag* stop_;
    const Subject& subject_;
    plugin::KeyedSite site_;
    std::string step_;  ///< the table of a step's rows, or empty
    plugin::Measures measures_;
};

}  // namespace faultline::suggest
