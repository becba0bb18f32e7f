#pragma once

#include <filesystem>

namespace faultline::cli {

enum class DocumentKind { scenario, pipeline };

/// What a document is, by its "faultline" tag; one whose tag is missing or misspelt is told by its
/// keys, so that its own reader can say everything that is wrong with it. Throws Error(user) when
/// it cannot be read or could be either.
DocumentKind kind_of(const std::filesystem::path& file);

/// The pipeline that a document is, or that the scenario in it names.
std::filesystem::path pipeline_of(const std::filesystem::path& file);

}  // namespace faultline::cli
