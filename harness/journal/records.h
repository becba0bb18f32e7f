#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/packed_numbers.h"
#include "core/rare.h"
#include "core/severities.h"
#include "journal/answer_keys.h"
#include "journal/folder_lock.h"
#include "model/scenario.h"

namespace faultline::journal {

using model::Json;

/// What one trial can end as; the rules are in docs/concepts.md.
enum class Outcome : std::uint8_t {
    absorbed,
    detected,
    silent,
    false_alarm,
    crashed,
    timed_out,
    not_applied
};
const char* name_of(Outcome outcome);
std::optional<Outcome> outcome_named(const std::string& name);

/// One number of one metric. Which one is the position in Header::series.
struct Series {
    std::string metric;
    Json segment;  ///< {column: value, …} in the order of `by`, or null
};

/// Why a trial crashed, timed out or was not applied.
struct Failure {
    std::string node;
    /// "perturb", "read", "step", "check", "metric"; of a command also "start" and "output".
    std::string stage;
    std::string message;  ///< normalised: no addresses, no times
};

/// A check's state in one run.
struct CheckState {
    bool fired = false;
    bool errored = false;
};

/// What findings say of a fault that only its plugin knows.
struct FaultFacts {
    std::string id;       ///< the perturbation's
    std::string group;    ///< of its plugin: "values", "schema", …
    bool benign = false;  ///< a change that should not matter
    std::string scales;   ///< what severity scales: "fraction", "magnitude", "nothing"
    std::string unit;     ///< what is hit: "row", "cell", "batch", …
    /// The parameter that the severity moves, from its value at severity 0 to that at 1. Empty: no
    /// one parameter tells the dose.
    std::string param;
    double from = 0, to = 1;
    bool by_power = false;  ///< it goes as to^severity instead of straight
    std::string measure;    ///< "share", "times", or the unit as text; empty: a bare number
};

/// The first line: everything that findings need, so that the journal alone feeds them.
struct Header {
    Json scenario;  ///< the document as read
    Json pipeline;
    Json edges = Json::array();  ///< [[input, node], …] by name, in the document's order of nodes
    /// Perturbations whose effect does not depend on the stream: one trial of each dose says it
    /// all.
    std::vector<std::string> deterministic;
    std::vector<std::string> binary;  ///< perturbations that are on or off, as designs see them
    std::vector<FaultFacts> faults;  ///< in the scenario's order; empty in journals of older builds
    std::map<std::string, std::vector<std::string>> check_reads;  ///< by check: nodes it looks at
    std::string scenario_path, pipeline_path;  ///< as the user named them; never in the result
    std::uint64_t seed = 0;
    bool approximate = false;  ///< several engine threads a trial
    Json versions;             ///< faultline, engine, plugins
    std::string fingerprint;   ///< of everything that decides the results
    std::vector<std::string> warnings;
    /// What the fingerprint was made of beside the documents, so that a resumed run can say what
    /// has changed: a digest of each source's content by node, of each plugin's file by name.
    std::map<std::string, std::string> sources, plugins;
    unsigned threads_per_trial = 1;
};

/// The unperturbed run: the second line.
struct Base {
    std::vector<Series> series;
    std::vector<std::optional<double>> values;  ///< a number a series; nullopt: NULL
    std::vector<double> noise_floor;            ///< a number a series, in the metric's unit
    std::map<std::string, CheckState> checks;   ///< every check by id
    std::vector<std::string> unpinned;          ///< "node: function()" whose result moves by itself
    std::uint64_t executed = 0;                 ///< nodes
    std::map<std::string, double> node_milliseconds = {};  ///< of every node that ran or was read
};

/// One trial. Series that only this trial has (a segment that is new) are in `extra`.
///
/// A hundred thousand of these are held when findings are drawn: what few trials have takes a
/// pointer, and what a trial shares with others is shared.
struct TrialRecord {
    std::uint64_t number = 0, block = 0, replicate = 0;
    Severities severities;  ///< perturbation id → severity
    PackedNumbers values;   ///< as Base::series; empty after a crash
    RareList<std::pair<Series, std::optional<double>>> extra;
    IdMap<CheckState> fired;  ///< checks that fired here and not in the base
    Rare<Failure> failure;
    AnswerKeys answer_keys;
    double milliseconds = 0;  ///< wall time; stays in the journal
    /// Of nodes that were executed as a statement or program of their own; stays in the journal.
    IdMap<double> node_milliseconds;
    std::uint32_t run = 0, reused = 0, skipped = 0;  ///< node executions, from the plan
    Outcome outcome = Outcome::absorbed;
};
static_assert(sizeof(TrialRecord) <= 104, "docs/performance.md says what a trial takes");

/// Statistics of one column. Which there are depends on its type: "nulls", "distinct"; of numbers
/// "min", "max", "mean", "std", "q05", "q25", "q50", "q75", "q95"; of dates and timestamps "min"
/// and "max" in seconds since 1970; "unknown": values that are none of the base's, where the base
/// has few; "orphans:NODE.COLUMN": values that the key of that node does not hold.
struct ColumnProfile {
    std::string name, type;
    std::map<std::string, double> numbers;
    std::vector<std::string> values;  ///< of the base: all there are, where they are few
    /// Of the base: statistic → the SQL aggregate that measured it, to be asked again by a check.
    std::map<std::string, std::string> sql;
};

/// Statistics of what a node hands on, or hands to one reader alone where a fault is on that edge.
struct NodeProfile {
    std::string node, consumer;
    bool same = false;                      ///< the rows are the base's: nothing else is said
    std::map<std::string, double> numbers;  ///< "rows"; "keys": different values of the node's key
    std::map<std::string, std::string> sql;
    std::vector<ColumnProfile> columns;
    std::uint64_t left_out = 0;  ///< columns beyond the most that are looked at
};

/// What the nodes between faults and outputs held in one run: the base (`trial` and `without` are
/// both nullopt), a trial, or the unperturbed pipeline without one part of its data, for how much
/// its numbers move by themselves.
struct Profile {
    std::optional<std::uint64_t> trial;
    std::optional<std::uint64_t> without;  ///< which part was left out, from 0
    std::vector<NodeProfile> nodes;        ///< in the DAG's order
};

struct Closing {
    std::string status;  ///< "completed", "interrupted", "failed"
    std::string message;
};

/// A journal read back. Trials are in the order of their numbers whatever order they ended in.
struct Journal {
    Header header;
    std::optional<Base> base;
    std::vector<TrialRecord> trials;
    /// The trial of that number, or null.
    [[nodiscard]] const TrialRecord* trial(std::uint64_t number) const;
    std::vector<Profile> profiles;   ///< the base, parts left out, trials; by number
    std::optional<Closing> closing;  ///< absent: the run was cut off
    bool torn = false;               ///< the last line was cut short and has been left out
    std::uint64_t whole_bytes = 0;   ///< of the file, up to the end of the last whole line
};

/// One line of the journal each: {"type": "header" | "base" | "trial" | "profile" | "closing", …}.
/// Numbers keep every bit; those that JSON has no word for stand as "nan", "inf" and "-inf", no
/// value as null.
Json to_json(const Header&);
Json to_json(const Base&);
Json to_json(const TrialRecord&);
Json to_json(const Profile&);
Json to_json(const Closing&);

/// Appends lines. Each is written whole before append() returns, so that whatever happens to this
/// process it is there; it is on disk, and outlives a power cut, a few milliseconds later, or
/// before append() returns for any line but a trial's (a sync takes 0.2 to 3 ms on a virtual disk,
/// which no trial has to wait for). A disk that is full or fails is Error(internal) with the
/// system's words, of this or a later append(); what was half written is taken back, so the lines
/// before it stay good. Thread-safe.
class Writer {
  public:
    /// A new journal.jsonl in a folder locked for as long as this object lives; Error(user) when
    /// one is there already.
    explicit Writer(const std::filesystem::path& folder);
    /// The same in a folder that the caller has locked; borrowed, outlives the writer.
    explicit Writer(const FolderLock& lock);
    /// Goes on with the journal that is there, after its first `keep` bytes: what a torn line has
    /// left behind is cut off.
    Writer(const FolderLock& lock, std::uint64_t keep);
    ~Writer();  ///< waits until everything is on disk
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    void append(const Header&);
    void append(const Base&);
    void append(const TrialRecord&);
    void append(const Profile&);
    void append(const Closing&);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Reads DIR/journal.jsonl a line at a time. Throws Error(user) naming the line that is malformed;
/// a torn last line (one without its line end, or, after a power cut, with bytes that were never
/// written) is recognised and left out. A closing line counts only as the last: a run that was
/// resumed after it is not closed by it.
Journal read(const std::filesystem::path& folder);
/// The same, holding only those trials for which `holds` is true: it is called for each as it is
/// read, in the order in which they ended. A pass over very many trials takes no memory.
Journal read(const std::filesystem::path& folder,
             const std::function<bool(const TrialRecord&)>& holds);
/// The same, or nullopt where no run has begun: no folder, no journal, or one cut off in its first
/// line.
std::optional<Journal> read_if_begun(const std::filesystem::path& folder);
/// The same as read() from text; `name` stands for the file in messages.
Journal read_text(const std::string& text, const std::string& name);

}  // namespace faultline::journal
