#pragma once

#include <filesystem>

namespace faultline::journal {

/// A run's folder, held by one run at a time: created when missing, and locked by flock() on
/// DIR/journal.lock for as long as this object lives. The kernel lets go of the lock when the
/// process ends, however it ends, so a lock file that is left over means nothing by itself. Where
/// no journal has come into being the lock file goes too, and the folder with it if nothing else is
/// in it. Not for folders that several machines mount unless their file system hands flock() on
/// (NFS does since Linux 2.6.12; some others do not).
class FolderLock {
  public:
    /// Throws Error(user) that says who holds it, or why there can be no such folder.
    explicit FolderLock(std::filesystem::path folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  private:
    std::filesystem::path folder_;
    int descriptor_ = -1;
};

}  // namespace faultline::journal
