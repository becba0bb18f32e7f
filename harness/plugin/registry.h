#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "faultline/plugin.h"

namespace faultline::plugin {

using Json = nlohmann::ordered_json;

enum class Dose { continuous, binary };
enum class Unit { row, cell, batch, block, column, file, record, byte, call };

const char* name_of(Unit unit);
const char* name_of(Dose dose);

/// What a plugin says of itself, checked. Immutable.
struct Description {
    std::string name;
    std::string version;
    std::string summary;
    std::string group;  ///< "values", "schema", "batches", … as in the catalogue
    Json params;        ///< JSON Schema (draft 7) of the plugin's own parameters, with defaults
    Dose dose = Dose::continuous;
    Unit unit = Unit::row;
    bool draws = false;         ///< uses uniform() or normal() itself, beyond the selection
    std::string at_severity_1;  ///< what full severity means, for people
    /// "fraction": severity scales the share of units hit. "magnitude": the plugin scales how hard
    /// it hits, and the same rows are hit at every severity above 0. "nothing": a binary fault.
    std::string scales;
    [[nodiscard]] bool scales_fraction() const { return scales == "fraction"; }
    /// A parameter that a magnitude is stated by, for telling a dose in the user's units.
    struct Amount {
        std::string param;
        double from = 0;                  ///< its value at severity 0
        bool by_power = false;            ///< value^severity, so 1 at 0; else straight from `from`
        std::string measure;              ///< "share", "times", or the unit as text
        std::optional<double> otherwise;  ///< its value where no amount is stated
    };
    std::vector<Amount> amounts;  ///< the first that is stated counts; empty: none tells the dose
    /// Column families that `columns` may choose; empty: the plugin takes no `columns`.
    std::vector<std::string> accepts;
    bool needs_columns = false;  ///< `columns` is required
    bool selects = true;         ///< takes the row selection (fraction, where, mechanism, sampling)
    bool doses_rows = false;     ///< its magnitude may differ from row to row (`along`)
    bool keeps_schema = true, keeps_rows = true, keeps_order = true;
    bool benign = false;
    /// Of files: those it knows ("csv", "json", "parquet"); empty: any, as bytes.
    std::vector<std::string> formats;
    unsigned uniforms = 0;                     ///< hidden uniform columns a transform reads
    Json selection_defaults = Json::object();  ///< other than the selection layer's own
    Json examples;       ///< params objects that run on the standard test relation
    bool hangs = false;  ///< before_run may wait for ever: something has to end it
    bool has_rewrite = false, has_transform = false, has_file = false, has_before_run = false;
    /// Does it change what a node hands on? Others act on files or on the execution alone.
    [[nodiscard]] bool acts_on_rows() const { return has_rewrite || has_transform; }
    Json document;  ///< describe() as it was read
};

/// Reads describe()'s JSON. Throws Error(plugin) listing everything that is wrong with it.
Description parse_description(const char* text);

/// A loaded plugin. Shared by all threads; lives until the process ends.
class Plugin {
  public:
    Plugin(Description description, faultline_plugin table, std::filesystem::path file,
           std::string digest);
    [[nodiscard]] const Description& about() const { return description_; }
    [[nodiscard]] const faultline_plugin& table() const { return table_; }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] const std::string& digest() const { return digest_; }  ///< of the shared object

  private:
    Description description_;
    faultline_plugin table_;
    std::filesystem::path file_;
    std::string digest_;
};

/// A shared object that could not be used, and why. Reported, never fatal by itself.
struct Rejected {
    std::filesystem::path file;
    std::string reason;
};

/// The plugins of this process. Built once, then read by all threads.
class Registry {
  public:
    /// Loads every *.so of the folders in order; of two plugins with one name the first is kept and
    /// the second rejected. A folder that is missing is skipped unless `must_exist`.
    void load_folder(const std::filesystem::path& folder, bool must_exist);
    /// Loads one shared object. Throws Error(plugin) when it is not a plugin, was built for another
    /// ABI, throws, or says malformed things of itself.
    const Plugin& load(const std::filesystem::path& file);

    [[nodiscard]] const Plugin* find(const std::string& name) const;
    [[nodiscard]] std::vector<const Plugin*> plugins() const;  ///< by name
    [[nodiscard]] const std::vector<Rejected>& rejected() const { return rejected_; }

  private:
    const Plugin& keep(std::unique_ptr<Plugin> plugin);

    std::vector<std::unique_ptr<Plugin>> plugins_;
    std::vector<Rejected> rejected_;
};

/// --plugin-path first, then $FAULTLINE_PLUGIN_PATH (colon-separated), then beside the binary:
/// <folder of the binary>/../lib/faultline/plugins.
Registry discover(const std::vector<std::filesystem::path>& stated);

}  // namespace faultline::plugin
