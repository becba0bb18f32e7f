#include "run/base_inputs.h"

#include <fmt/format.h>

#include "core/error.h"

namespace faultline::run {

namespace fs = std::filesystem;

fs::path BaseInputs::file(const fs::path& folder, const std::string& name,
                          const std::function<void(const fs::path&)>& write) {
    std::shared_ptr<File> file;
    {
        const std::lock_guard lock(mutex_);
        auto& entry = files_[name];
        if (!entry) {
            entry = std::make_shared<File>();
            entry->number = files_.size();
        }
        file = entry;
    }
    const std::lock_guard lock(file->writing);
    if (!file->path.empty()) return file->path;
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
        throw Error(ErrorKind::internal,
                    fmt::format("cannot use the folder {}: {}", folder.string(), failed.message()));
    const fs::path path = folder / std::to_string(file->number);
    try {
        write(path);
    } catch (...) {
        fs::remove(path, failed);
        throw;
    }
    return file->path = path;
}

}  // namespace faultline::run
