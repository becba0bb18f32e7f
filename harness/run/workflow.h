#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "graph/dag.h"
#include "model/pipeline.h"

namespace faultline::run {

/// A pipeline whose SQL has been read: which node reads which. Immutable, shared by all threads.
struct Workflow {
    model::Pipeline pipeline;
    /// By node: the text to embed (no trailing semicolon) and a form in which white space is no
    /// change; of a command its document's words.
    std::vector<std::string> text, canonical;
    /// By node: "function()" whose result moves by itself and is not pinned.
    std::vector<std::vector<std::string>> unpinned;
    graph::Dag dag;
};

/// Inspects every step with `engine` (nothing is run) and builds the graph. Throws Error(user) with
/// every problem: syntax errors, several statements, statements that write, tables that are no
/// node, table functions that reach outside, cycles.
Workflow make_workflow(model::Pipeline pipeline, const engine::SqlEngine& engine);

/// Reads the document and makes the workflow with an engine of its own.
Workflow load_workflow(const std::filesystem::path& pipeline_file);

}  // namespace faultline::run
