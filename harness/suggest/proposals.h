#pragma once

#include <set>
#include <string>
#include <vector>

#include "plugin/registry.h"
#include "suggest/subject.h"

namespace faultline::suggest {

using model::Json;

/// A perturbation that may be suggested, and why.
struct Proposal {
    int rank = 0;  ///< 0 first: of many, those with small ranks are kept
    std::string id, node, plugin;
    Json params = Json::object();
    std::string why;  ///< one line
};

/// Gathers what the recipes propose for one subject. A recipe names plugins; what the registry does
/// not have, or does not accept the column, is passed over, so that a recipe need not ask.
class Proposals {
  public:
    /// All borrowed. `ids` are those taken already, of all subjects.
    Proposals(const Subject& subject, const plugin::Registry& registry,
              const engine::Dialect& dialect, std::set<std::string>& ids)
        : subject_(subject), registry_(registry), dialect_(dialect), ids_(ids) {}

    [[nodiscard]] const Subject& subject() const { return subject_; }
    [[nodiscard]] const plugin::Registry& registry() const { return registry_; }
    [[nodiscard]] const engine::Dialect& dialect() const { return dialect_; }
    [[nodiscard]] const std::vector<Proposal>& all() const { return all_; }

    /// The plugin's own parameters and the selection's, but for `columns`. `what` ends the id.
    void add(int rank, const std::string& plugin, const std::string& what, Json params,
             const std::string& why);
    /// The same on one column. Rows in which it is NULL are left alone where there are any: nothing
    /// would happen to them.
    void add_on(const ColumnProfile& column, int rank, const std::string& plugin,
                const std::string& what, Json params, const std::string& why);
    /// Parameters that hit an exact share of so many rows or batches, one at least.
    [[nodiscard]] static Json share(double share, std::int64_t units);

    /// Was this plugin proposed already?
    [[nodiscard]] bool has(const std::string& plugin) const;

  private:
    [[nodiscard]] std::string id_of(const std::string& what);

    const Subject& subject_;
    const plugin::Registry& registry_;
    const engine::Dialect& dialect_;
    std::set<std::string>& ids_;
    std::vector<Proposal> all_;
};

// The recipes, one for each group of the catalogue.
void suggest_values(Proposals& proposals);
void suggest_categories(Proposals& proposals);
void suggest_missing(Proposals& proposals);
void suggest_distribution(Proposals& proposals);
void suggest_keys(Proposals& proposals);
void suggest_schema(Proposals& proposals);
void suggest_batches(Proposals& proposals);
void suggest_benign(Proposals& proposals);
/// Damage to the files that a source is read from.
void suggest_files(Proposals& proposals);
/// Trouble of a step's own execution.
void suggest_process(Proposals& proposals);
/// Plugins that say of themselves how they want to be suggested ("suggest" in describe()), and that
/// no recipe has proposed: on a column that they accept.
void suggest_others(Proposals& proposals);

}  // namespace faultline::suggest
