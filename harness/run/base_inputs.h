#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "core/made_once.h"

namespace faultline::run {

/// Base results as files that programs read, each written once a run, where some trial's program
/// first asks for it, and kept as long as the run's scratch folder. A program may do with its input
/// what it likes, so that it is given a copy: copying a file takes a fraction of writing its rows.
/// Thread-safe.
class BaseInputs {
  public:
    /// The file of what has this name, written by `write` if nobody has asked before; waiting and
    /// failures are those of MadeOnce. Throws Error(internal) where the folder cannot be used.
    std::filesystem::path file(const std::filesystem::path& folder, const std::string& name,
                               const std::function<void(const std::filesystem::path&)>& write,
                               const std::function<void()>& look);

  private:
    std::atomic<unsigned> written_{0};
    MadeOnce files_;
};

}  // namespace faultline::run
