#pragma once

#include <string>
#include <vector>

#include "plugin/registry.h"
#include "report/terminal.h"

namespace faultline::cli {

/// Everything about one plugin, for people: what it does, its parameters and the selection's that
/// it takes, what severity means to it, and a perturbation to paste.
std::string plugin_page(const plugin::Plugin& plugin, const report::TerminalStyle& style);

/// A perturbation with the first of the plugin's own examples.
plugin::Json example_perturbation(const plugin::Plugin& plugin);

/// One parameter a line, from the plugin's JSON Schema: name, type, default, description.
struct ParameterLine {
    std::string name, type, otherwise, description;
};
std::vector<ParameterLine> parameters_of(const plugin::Description& about);
/// The selection's parameters that the plugin takes.
std::vector<ParameterLine> selection_of(const plugin::Description& about);

}  // namespace faultline::cli
