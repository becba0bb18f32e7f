#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "core/error.h"
#include "process/keeper.h"

namespace faultline::process {
namespace {

namespace fs = std::filesystem;

fs::path look() {
    constexpr const char* name = "faultline-keeper";
    std::vector<fs::path> places;
    if (const char* stated = std::getenv("FAULTLINE_KEEPER");
        stated != nullptr && *stated != '\0') {
        places.emplace_back(fs::absolute(stated));
    } else {
        std::error_code ignored;
        const fs::path here = fs::read_symlink("/proc/self/exe", ignored).parent_path();
        places = {here / name, (here / "../lib/faultline" / name).lexically_normal()};
    }
    for (const auto& place : places)
        if (access(place.c_str(), X_OK) == 0) return place;
    throw Error(ErrorKind::internal,
                fmt::format("{} is not there; it belongs beside the program (looked for {})", name,
                            places.back().string()));
}

}  // namespace

const fs::path& keeper_program() {
    static const fs::path place = look();
    return place;
}

}  // namespace faultline::process
