#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plugin/perturb.h"
#include "run/base_run.h"
#include "suggest/profile.h"

namespace faultline::suggest {

/// At most this many columns of a relation are looked at: those that the pipeline declares or
/// mentions first.
inline constexpr std::size_t most_columns = 50;

/// A column whose values are found among those of another source's key.
struct Reference {
    std::string column;
    std::string to;              ///< a node
    std::string field;           ///< its column
    std::int64_t unmatched = 0;  ///< different values that are not found there
};

/// What a column is for, as its type, its name and its values have it.
enum class Role { key, reference, batch, time, measure, category, text, other };

/// A source as the suggestions see it: its rows, and what each column is for.
struct Subject {
    graph::NodeIndex node = 0;
    std::string name;
    std::string select;  ///< its rows, unperturbed
    RelationProfile profile;
    std::vector<std::string> key;  ///< declared, else what looks like one; empty: none
    bool key_declared = false;
    std::optional<BatchProfile> batches;  ///< of the declared batch column
    std::string batch_candidate;          ///< undeclared: a column that could be one, or empty
    std::vector<Reference> references;
    std::vector<Role> roles;          ///< by column of the profile
    std::set<std::string> mentioned;  ///< identifiers of the steps after it, case folded
    std::set<std::string> unseen;     ///< columns that no metric and no check depends on
    bool is_step = false;  ///< it reads others: of its profile there is only the number of rows
    const engine::SourceFiles* files = nullptr;  ///< of a source that is read from files; borrowed
    model::FileFormat format = model::FileFormat::csv;  ///< of those
    std::string encoding;                               ///< of csv files, as stated
    std::optional<double> timeout_seconds;              ///< that the node itself states
    bool is_command = false;

    [[nodiscard]] bool is_mentioned(const std::string& column) const;
    /// Columns of a role with something in them: those that steps mention first, those that are
    /// unseen last, else in order.
    [[nodiscard]] std::vector<const ColumnProfile*> of(Role role) const;
};

/// Every node that reads no other, in the document's order: where trouble comes from outside.
std::vector<Subject> subjects_of(const run::Experiment& experiment, const run::BaseRun& base,
                                 engine::Connection& connection);

/// The steps that other steps read, and command steps, in the document's order: where a process of
/// one's own goes wrong. Their columns are not looked at.
std::vector<Subject> steps_of(const run::Experiment& experiment, const run::BaseRun& base,
                              engine::Connection& connection);

/// The columns of a relation to look at, at most `most_columns`, in their order.
engine::Schema worth_a_look(const engine::Schema& columns, const std::set<std::string>& mentioned,
                            const std::vector<std::string>& declared);

/// What the columns are for, once the key and the references are known.
std::vector<Role> roles_of(const Subject& subject, const std::string& batch);

/// Finds references between the subjects: names that fit, and values that are contained.
void find_references(std::vector<Subject>& subjects, engine::Connection& connection,
                     const engine::Dialect& dialect);

}  // namespace faultline::suggest
