#pragma once

#include <optional>
#include <vector>

#include "design/sampled.h"
#include "findings/evidence.h"
#include "findings/result.h"

namespace faultline::findings {

/// What the trials that vary every fault at once say. Outputs run over all series.
struct Sampled {
    const design::SampledPart* part = nullptr;    ///< borrowed from Evidence
    std::vector<design::IndexEstimates> indices;  ///< of the metrics; "change" among them
    std::vector<analysis::Estimates> damage;      ///< by player: "change" in tolerances
    /// Of crashing itself, over all trials: one output that is 1 where a trial crashed or timed
    /// out. Empty where none did.
    std::vector<design::IndexEstimates> crash;
    analysis::Estimates together;  ///< by series: mean |y − base| / tolerance over all these trials
    std::uint64_t blocks = 0;      ///< independent parts of all chunks
    double confidence = 0.95;      ///< of the intervals: stricter than asked after several looks
    std::int64_t trials = 0, crashed = 0, survivors = 0;
    std::vector<std::int64_t> lost;  ///< by series: surviving trials in which it had no value
    std::int64_t fresh = 0;          ///< trials with a segment that the base does not list

    /// That an index is of: one of players(), or one of their unions, numbered on.
    [[nodiscard]] const design::Player& player(std::size_t index) const {
        const auto& method = part->method;
        const std::size_t own = method.players.size();
        return index < own ? method.players[index] : method.unions.at(index - own);
    }
    [[nodiscard]] const std::vector<design::Player>& players() const {
        return part->method.players;
    }
};

/// Nullopt where the run had no such trials.
std::optional<Sampled> read_sampled(const Evidence& evidence);

/// The nodes of a player, as positions in Pipeline::nodes, ascending.
std::vector<std::size_t> nodes_of(const Evidence& evidence, const design::Player& player);

/// Rows of the result: each index of each player and series, damage, and the indices of crashing.
/// Players that reach no metric have rows of exact zeros.
void attribute_sampled(const Evidence& evidence, const Sampled& sampled,
                       std::vector<Attribution>& rows);

}  // namespace faultline::findings
