#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "findings/check_scores.h"
#include "findings/doses.h"
#include "findings/guards.h"
#include "findings/structure.h"
#include "findings/travel.h"
#include "journal/records.h"

namespace faultline::findings {

using model::Json;

/// One estimate of one index. Numbers that do not exist are nullopt and print as null.
struct Attribution {
    std::string metric;
    Json segment;  ///< null, or {column: value}
    std::string node;
    std::optional<std::string> perturbation, with;
    std::string index;  ///< "effect", "damage", "crash_rate", "lost_rate", …
    std::optional<double> estimate, low, high;
    double confidence = 0.95;
    std::string unit;                       ///< "metric", "tolerance", "share of trials"
    bool conditional = false;               ///< on survival: some trials of it gave no value
    std::optional<double> severity;         ///< the level it belongs to
    std::optional<std::string> group = {};  ///< several perturbations as one: its name
};

/// A perturbed node. The ranking has unbounded damage first; then it goes by the larger of the
/// damage and 1 if any trial crashed, timed out, or lost or gained a segment; then by the damage;
/// then by the order of the pipeline's document. So a node that only crashes stands where damage 1
/// would: behind the numbers that leave their tolerance, before all that stay within.
struct Ranked {
    std::string node, owner;
    std::optional<double> damage, low,
        high;  ///< nullopt damage with `unbounded`: the tolerance is 0
    bool unbounded = false;
    std::string worst_metric;
    Json worst_segment;
    std::string worst_perturbation;
    std::map<std::string, std::uint64_t> outcomes;
};

struct PerturbationResult {
    std::string id, node, plugin;
    Json answer_key;  ///< summed over its trials at the highest severity, with the number of trials
    std::map<std::string, std::uint64_t> outcomes;
};

struct CheckResult {
    std::string id, node;
    bool fired_in_base = false;
    std::uint64_t fired = 0, errored = 0;
};

struct FloorResult {
    std::string metric;
    Json segment;
    double floor = 0;
};

struct FailureResult {
    std::string node, stage, message;
    std::uint64_t count = 0;
    std::uint64_t trial = 0;  ///< the first one, for replay
};

/// The series that trials lose or gain: how many different ones, and the first of them.
struct Changed {
    std::uint64_t count = 0;
    std::string metric;
    Json segment;
    std::optional<double> number;  ///< what it was before it vanished, or is where it appeared
    std::uint64_t trial = 0;
};

/// A silent failure worth naming: what the trials of one perturbation did in which nothing fired.
/// `metric` is the number that moved the furthest out of its tolerance, in `worst_trial`; where
/// none did, the series that vanished (no value) or appeared (no base).
struct Silent {
    std::string perturbation, node, metric;
    Json segment;
    std::uint64_t trials = 0;
    std::uint64_t worst_trial = 0;
    /// No damage although base and value are there: the tolerance is 0.
    std::optional<double> base, value, damage;
    Changed vanished = {}, appeared = {};
};

/// Nodes that leave some tolerance beyond chance, over everything that was tested at once.
struct Discovered {
    std::vector<std::string> nodes;  ///< in the pipeline's order
    std::int64_t tests = 0, found = 0;
    double rate = 0.05;  ///< the share of those found that may be false
};

/// Two faults at full dose at once, on the metric where it tells most. In tolerances, signed;
/// means.
struct Interaction {
    std::string perturbation, with, metric;
    Json segment;
    double alone = 0, with_alone = 0, together = 0;
    double beyond = 0;  ///< together − alone − with_alone
};

/// The whole result: the contract's result.json and what the reports read.
struct Result {
    std::string status, verdict;
    bool approximate = false;
    std::uint64_t seed = 0;
    std::string scenario, pipeline, title;
    Json versions;
    std::map<std::string, std::uint64_t> trials;  ///< "total" and every outcome
    std::uint64_t run = 0, reused = 0, skipped = 0;
    std::vector<Attribution> attribution;
    std::vector<Ranked> ranking;
    std::vector<PerturbationResult> perturbations;
    std::vector<CheckResult> checks;
    std::vector<FloorResult> noise_floor;
    std::vector<FailureResult> failures;
    std::vector<Silent> silent;
    std::vector<std::string> warnings;
    std::vector<std::string> measured;  ///< metrics that are measured times
    Discovered discovered;
    std::vector<Interaction> interactions;  ///< pairs worth telling, the largest first
    std::vector<std::string> explanation;   ///< what the design chose and why
    std::vector<DoseResponse> doses;        ///< one a perturbation tried at more than one dose
    CheckScores check_scores;
    Guards guards;
    Structure structure;
    std::vector<Travel> travel;
    std::vector<EdgeDamage> edges;
    /// Why the verdict is what it is, in sentences; `deviated` has one a perturbation, worst first.
    std::vector<std::string> reasons;
};

/// Journal in, result out: no pipeline is run, and the same journal gives the same result to the
/// byte.
Result conclude(const journal::Journal& journal);
/// The contract's document, keys in its order.
Json to_json(const Result& result);

}  // namespace faultline::findings
