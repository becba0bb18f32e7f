#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "plugin/column_choice.h"
#include "plugin/damage.h"

namespace faultline::plugin {
namespace {

bool is_compressed(const std::string& name) {
    return name.ends_with(".gz") || name.ends_with(".zst") || name.ends_with(".GZ") ||
           name.ends_with(".ZST");
}

}  // namespace

void check_fits_files(const Fault& fault, const std::string& node, const engine::SourceFiles& files,
                      const std::string& encoding, std::vector<Problem>& problems) {
    const auto& about = fault.plugin().about();
    std::vector<std::string> names, meant;
    for (const auto& file : files.files) {
        names.push_back(file.name);
        if (goes_to(fault, file.name)) meant.push_back(file.name);
    }
    if (meant.empty())
        problems.push_back(fault.problem(
            "/params/files", fmt::format("\"{}\", which no file fits", fault.selection().files),
            fmt::format("one of {}'s files, or a pattern: {}", node, fmt::join(names, ", ")),
            nearest_name(fault.selection().files, names)));
    if (about.formats.empty()) return;  // bytes are bytes
    for (const auto& name : meant)
        if (is_compressed(name)) {
            problems.push_back(fault.problem(
                "/node", fmt::format("\"{}\", whose {} is compressed", node, name),
                fmt::format("files that are plain text: {} works on what is written in them",
                            about.name)));
            break;
        }
    if (encoding.starts_with("utf-16") || encoding.starts_with("UTF-16"))
        problems.push_back(fault.problem(
            "/node", fmt::format("\"{}\", whose files are in {}", node, encoding),
            fmt::format("files in UTF-8 or of one byte a character: {} works on these",
                        about.name)));
}

}  // namespace faultline::plugin
