#include <fstream>

#include "core/error.h"
#include "core/json_pointer.h"
#include "plugin/damage.h"
#include "run/base_run.h"
#include "run/own_folder.h"

namespace faultline::run {
namespace {

namespace fs = std::filesystem;

/// Enough of a file to see whether a plugin can do something with it.
constexpr std::size_t head_bytes = 1 << 16;

/// The beginning of a file, up to its last whole line.
std::string head_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(head_bytes, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    const auto last = text.rfind('\n');
    if (text.size() == head_bytes && last != std::string::npos) text.resize(last + 1);
    return text;
}

}  // namespace

bool BaseRun::is_damaged(NodeIndex node) const {
    for (std::size_t i = 0; i < experiment_.faults.size(); ++i)
        if (experiment_.sites[i] == node && experiment_.faults[i].plugin().about().has_file)
            return true;
    return false;
}

void BaseRun::bind_files(std::size_t perturbation, std::vector<Problem>& problems) {
    const NodeIndex node = experiment_.sites[perturbation];
    const model::Node& about = experiment_.workflow.pipeline.nodes[node];
    if (!files_.contains(node)) return;  // another engine's, for the noise floor
    const auto& files = files_.at(node);
    const std::size_t before = problems.size();
    plugin::check_fits_files(experiment_.faults[perturbation], about.name, files,
                             about.source.csv.value("encoding", ""), problems);
    if (problems.size() != before) return;
    // Tried on the beginning of each file: what the plugin itself refuses.
    const auto& map = experiment_.scenario.perturbations[perturbation].severity;
    const plugin::Fault fault = map ? experiment_.faults[perturbation].with(map->param, map->to)
                                    : experiment_.faults[perturbation];
    const OwnFolder folder;
    engine::SourceFiles heads = files;
    for (std::size_t i = 0; i < heads.files.size(); ++i) {
        const auto place = folder.path() / "heads" / std::to_string(i);
        fs::create_directories(place);
        heads.files[i].path = place / files.files[i].path.filename();
        std::ofstream(heads.files[i].path, std::ios::binary) << head_of(files.files[i].path);
    }
    try {
        (void)plugin::damage({*connection_,
                              engine_->dialect(),
                              about.name,
                              about.source.format,
                              heads,
                              folder.path() / "copies",
                              options_.stop,
                              {}},
                             {{&fault, 1, 0}});
    } catch (const Error& error) {
        // A plugin that fails on a part may yet work on the whole: that is for the trials to show.
        if (error.kind() != ErrorKind::user && error.kind() != ErrorKind::plugin &&
            error.kind() != ErrorKind::data)
            throw;
        problems.insert(problems.end(), error.problems().begin(), error.problems().end());
    }
}

}  // namespace faultline::run
