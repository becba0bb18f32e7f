#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/pipeline.h"

namespace faultline::model {

/// Maps severity 0…1 linearly onto one parameter of the plugin.
struct SeverityMap {
    std::string param;
    double from = 0;
    double to = 1;
};

/// A plugin bound to one node, or to one edge of it.
struct Perturbation {
    std::string id;
    std::string node;
    std::string consumer;  ///< perturb only what this node reads; empty: what everyone reads
    std::string plugin;
    Json params = Json::object();
    std::optional<SeverityMap> severity;
    std::string pointer;  ///< /perturbations/<i>
};

/// How far a metric may move. Several stated: the widest counts. None stated: 1 % of |base|.
struct Tolerance {
    std::optional<double> absolute;  ///< in the metric's unit
    std::optional<double> relative;  ///< share of |base|
    std::optional<double> noise;     ///< multiples of the noise floor
};

/// What a metric measures of a run, instead of computing it from rows.
enum class Measure {
    seconds,  ///< from the first source's reading to the output's being there
};

/// A number computed on an output, perhaps by segment, or measured of its making.
struct Metric {
    std::string id;
    std::string output;              ///< a node
    std::string sql;                 ///< an aggregate expression over it; empty: measured
    std::optional<Measure> measure;  ///< instead of sql
    std::vector<std::string> by;     ///< segment columns
    Tolerance tolerance;
    std::string pointer;
};

enum class Expectation {
    not_null,
    unique,
    accepted_values,
    relationships,
    row_count,
    range,
    columns
};

/// A guardrail: it fires when its query returns rows.
struct Check {
    std::string id;
    std::string node;
    std::string sql;                         ///< returns the failing rows; {node} is the relation
    std::optional<Expectation> expectation;  ///< instead of sql
    std::vector<std::string> columns;
    Json values;                ///< accepted_values: an array of scalars
    std::string to;             ///< relationships: the node that must hold the value
    std::string field;          ///< relationships: its column
    std::optional<double> min;  ///< range, row_count
    std::optional<double> max;
    std::vector<ColumnSpec> contract;  ///< columns
    std::string pointer;
};

struct Stop {
    std::optional<double> width;
};

/// DesignSpec::group_by of designs that are asked about all three at once.
inline constexpr const char* every_level = "every_level";

/// What chooses the trials; the keys that a method does not use are refused when set.
struct DesignSpec {
    std::string method = "auto";
    bool method_stated = false;
    std::uint64_t replicates = 8;
    bool replicates_stated = false;
    std::optional<std::uint64_t> rows;
    std::vector<double> levels;  ///< severities; empty: 1 alone
    std::optional<std::uint64_t> budget;
    std::optional<Stop> stop;
    double confidence = 0.95;
    std::vector<std::vector<std::string>> groups;
    /// "node" or "owner": a group each; every_level: perturbations, nodes and owners each by
    /// themselves; empty: as `groups` says.
    std::string group_by;
    bool second_order = false;
    std::optional<std::uint64_t> seed;
};

struct Limits {
    std::optional<std::uint64_t> memory_bytes;
    std::optional<std::chrono::milliseconds> deadline;  ///< for the whole run
    std::optional<std::chrono::milliseconds> timeout;   ///< for each node
};

struct Scenario {
    std::string title;
    std::string description;
    std::string pipeline;  ///< path as written, relative to the document
    std::uint64_t seed = 0;
    std::vector<Perturbation> perturbations;
    std::vector<Metric> metrics;
    std::vector<Check> checks;
    DesignSpec design;
    Limits limits;
    /// Silent trials of each perturbation whose nodes are profiled afterwards, at the most; 0:
    /// none.
    std::uint64_t profile = 8;
    std::filesystem::path file;
    std::filesystem::path folder;
    Json document;
};

/// Reads and validates a scenario by itself. Throws Error with every problem found.
Scenario read_scenario(const std::filesystem::path& file);
Scenario parse_scenario(const std::string& text, const std::filesystem::path& file);

/// What only shows when both are at hand: dangling nodes, consumers, outputs, check targets.
/// `pipeline` must be the one that `scenario` names. Throws Error with every problem found.
void check_against(const Scenario& scenario, const Pipeline& pipeline);

}  // namespace faultline::model
