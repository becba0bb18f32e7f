#include "run/base_inputs.h"

#include <fmt/format.h>

#include "core/error.h"

namespace faultline::run {

namespace fs = std::filesystem;

fs::path BaseInputs::file(const fs::path& folder, const std::string& name,
                          const std::function<void(const fs::path&)>& write,
                          const std::function<void()>& look) {
    const auto make = [&] {
        std::error_code failed;
        fs::create_directories(folder, failed);
        if (failed)
            throw Error(ErrorKind::internal, fmt::format("cannot use the folder {}: {}",
                                                         folder.string(), failed.message()));
        const fs::path path = folder / std::to_string(++written_);
        try {
            write(path);
        } catch (...) {
            fs::remove(path, failed);
            throw;
        }
        return path.string();
    };
    return files_.get(name, make, look);
}

}  // namespace faultline::run
