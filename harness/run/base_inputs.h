#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace faultline::run {

/// Base results as files that programs read, each written once a run, where some trial's program
/// first asks for it, and kept as long as the run's scratch folder. A program may do with its input
/// what it likes, so that it is given a copy: copying a file takes a fraction of writing its rows.
/// Thread-safe.
class BaseInputs {
  public:
    /// The file of what has this name, made by `write` if nobody has asked before. Who asks while
    /// another writes waits; where `write` throws, so does this, and the next one to ask writes.
    /// Throws Error(internal) where the folder cannot be used.
    std::filesystem::path file(const std::filesystem::path& folder, const std::string& name,
                               const std::function<void(const std::filesystem::path&)>& write);

  private:
    struct File {
        std::size_t number;
        std::mutex writing;
        std::filesystem::path path;  ///< empty: not written yet
    };
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<File>> files_;
};

}  // namespace faultline::run
