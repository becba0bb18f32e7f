#pragma once

#include <map>
#include <string>
#include <vector>

#include "run/profiler.h"

namespace faultline::run {

/// The unperturbed data cut into parts, so that the pipeline can be run without one of them at a
/// time: how much its numbers move from run to run although nothing is wrong (the delete-a-group
/// jackknife, Kott 2001). Where sources have batches the parts are stretches of consecutive ones,
/// the same stretch in every source whose batches are of one type, and the latest is never left
/// out: data that end early are a fault. Where none has batches, a tenth of the rows of the largest
/// source each, by a hash of its key. What has neither is left whole. Immutable after construction,
/// shared by all threads.
class Parts {
  public:
    /// Borrows both.
    Parts(const Experiment& experiment, const BaseRun& base);

    /// How many there are; 0 where nothing says how to cut.
    [[nodiscard]] std::size_t size() const { return size_; }
    /// Runs the pipeline without part `part` and profiles it. Throws Error(data) where a step fails
    /// on what is left, Error(cancelled).
    [[nodiscard]] journal::Profile without(std::size_t part, engine::Connection& connection,
                                           const Profiler& profiler) const;

    /// The most parts.
    static constexpr std::size_t most = 10;

  private:
    void cut_batches(engine::Connection& connection);
    void cut_rows();
    /// SQL that holds for the rows of `node` that are in `part`; empty: none are.
    [[nodiscard]] std::string belongs(NodeIndex node, std::size_t part) const;

    struct Cut {
        std::string column;             ///< quoted
        std::string type;               ///< of the bounds
        std::vector<std::string> from;  ///< first value of each part but the first, as text
    };

    const Experiment& experiment_;
    const BaseRun& base_;
    std::size_t size_ = 0;
    std::map<NodeIndex, Cut> cuts_;
    std::map<NodeIndex, std::string> hashes_;
};

}  // namespace faultline::run
