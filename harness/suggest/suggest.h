#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/stop.h"
#include "plugin/registry.h"

namespace faultline::suggest {

struct Options {
    std::uint64_t seed = 1;
    /// The folder that the scenario will stand in: the pipeline's path is written from there.
    std::filesystem::path folder;
    const StopFlag* stop = nullptr;  ///< borrowed
};

/// A starter scenario for a pipeline, as the text of a document with comments: for every source the
/// faults that fit its columns, at doses taken from its data, each tried on that data; metrics of
/// the outputs; checks that hold today; one fault at a time. The pipeline is run once, unperturbed.
/// The same pipeline, data, plugins and options give the same text. Throws Error(user) with every
/// problem for a pipeline that does not work by itself.
std::string starter_scenario(const std::filesystem::path& pipeline,
                             const plugin::Registry& registry, const Options& options);

}  // namespace faultline::suggest
