#include "run/own_folder.h"

#include <unistd.h>

#include <atomic>
#include <string>

namespace faultline::run {

OwnFolder::OwnFolder() {
    static std::atomic<unsigned> count{0};
    path_ = std::filesystem::temp_directory_path() /
            ("faultline-" + std::to_string(getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
}

OwnFolder::~OwnFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace faultline::run
