#pragma once

#include <filesystem>

namespace faultline::run {

/// A new folder among the system's temporary ones; gone with the object, and all that is in it.
class OwnFolder {
  public:
    OwnFolder();
    ~OwnFolder();
    OwnFolder(const OwnFolder&) = delete;
    OwnFolder& operator=(const OwnFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace faultline::run
