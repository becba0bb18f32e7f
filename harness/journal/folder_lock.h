#pragma once

#include <filesystem>

namespace faultline::journal {

/// Keeps other runs out of a folder while it lives, by flock() on DIR/journal.lock. The kernel lets
/// go of it when the process ends, however it ends; the file stays and means nothing by itself. The
/// folder must exist. Throws Error(user) that says who holds it.
class FolderLock {
  public:
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int descriptor_;
};

}  // namespace faultline::journal
