#include "run/file_site.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/json_pointer.h"
#include "plugin/damage.h"

namespace faultline::run {

void check_file_site(const plugin::Plugin& plugin, const model::Perturbation& perturbation,
                     const model::Node& node, const std::string& file,
                     std::vector<Problem>& problems) {
    const auto& about = plugin.about();
    if (!about.has_file) return;
    const auto wrong = [&](const char* key, const std::string& found, const std::string& expected) {
        problems.push_back({file, pointer_to(perturbation.pointer, key), found, expected, {}});
    };
    if (node.kind != model::NodeKind::source || node.source.paths.empty()) {
        wrong("node",
              fmt::format("\"{}\", {}", node.name,
                          node.kind == model::NodeKind::source ? "whose rows SQL generates"
                                                               : "which is no source"),
              fmt::format("a source with \"path\": {} damages files before they are read",
                          about.name));
    } else if (!about.formats.empty() &&
               std::find(about.formats.begin(), about.formats.end(),
                         plugin::name_of(node.source.format)) == about.formats.end()) {
        wrong("node",
              fmt::format("\"{}\", whose files are {}", node.name,
                          plugin::name_of(node.source.format)),
              fmt::format("a source of {} files: that is what {} works on",
                          fmt::join(about.formats, " or "), about.name));
    }
    if (!perturbation.consumer.empty())
        wrong("consumer", fmt::format("\"{}\", for {}", perturbation.consumer, about.name),
              "no \"consumer\": a file is read once, and all its readers get what was read");
}

}  // namespace faultline::run
