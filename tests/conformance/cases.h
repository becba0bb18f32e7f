#pragma once

#include <string>
#include <vector>

#include "plugin/registry.h"
#include "standard_relation.h"

namespace faultline::conformance {

/// One way to run a plugin: an example of its own, as SQL or on rows.
struct Case {
    const plugin::Plugin* plugin;
    plugin::Json params;
    bool transform;

    [[nodiscard]] std::string name() const {
        return plugin->about().name + (transform ? " (transform) " : " (rewrite) ") + params.dump();
    }
    [[nodiscard]] plugin::Fault fault() const {
        return {"sample", *plugin, params, "scenario.json", "/perturbations/0"};
    }
};

/// Every plugin of the build and every sample, found in their folders: adding one edits nothing
/// here.
const std::vector<Case>& cases();

/// Every row, in an order of its own, and its columns: as text, which is exact for every number and
/// tells -0.0 from 0 and lets NaN equal itself.
std::vector<std::vector<engine::Value>> content(StandardRelation& relation,
                                                const std::string& from);
std::vector<std::vector<engine::Value>> content(StandardRelation& relation,
                                                const plugin::Perturbed& perturbed);

/// A checksum of the rows whatever their order, for relations too long to compare row by row.
engine::Value checksum(StandardRelation& relation, const plugin::Perturbed& perturbed);

}  // namespace faultline::conformance
