#include "journal/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "core/error.h"

namespace faultline::journal {
namespace {

namespace fs = std::filesystem;

std::string myself() {
    std::array<char, 256> host{};
    if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
    return "process " + std::to_string(getpid()) +
           (host[0] == '\0' ? "" : " on " + std::string(host.data()));
}

/// What the holder wrote; it may not have got that far.
std::string holder_in(int descriptor) {
    std::array<char, 512> text{};
    const ssize_t n = pread(descriptor, text.data(), text.size(), 0);
    return n > 0 ? std::string(text.data(), static_cast<std::size_t>(n)) : "another process";
}

void make_folder(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed || !fs::is_directory(folder))
        throw Error(ErrorKind::user,
                    "cannot make the folder " + folder.string() + ": " +
                        (failed ? failed.message() : "something else has that name"));
}

/// Whether the file behind the descriptor still has that name: its last holder may have removed it
/// between our opening and our locking it, and then the lock keeps nobody out.
bool is_still(int descriptor, const fs::path& file) {
    struct stat held {};
    struct stat named {};
    return fstat(descriptor, &held) == 0 && stat(file.c_str(), &named) == 0 &&
           held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

int locked_file(const fs::path& folder) {
    const fs::path file = folder / "journal.lock";
    for (;;) {
        make_folder(folder);
        const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (descriptor < 0) {
            if (errno == ENOENT) continue;  // the folder has just been removed by its last holder
            throw Error(ErrorKind::user,
                        "cannot create " + file.string() + ": " + std::strerror(errno));
        }
        int locked = flock(descriptor, LOCK_EX | LOCK_NB);
        while (locked != 0 && errno == EINTR) locked = flock(descriptor, LOCK_EX | LOCK_NB);
        if (locked != 0) {
            const int why = errno;
            const std::string holder = holder_in(descriptor);
            close(descriptor);
            if (why == EWOULDBLOCK)
                throw Error(ErrorKind::user,
                            "a run is using the folder " + folder.string() + ": " + holder);
            throw Error(ErrorKind::user,
                        "cannot lock " + file.string() + ": " + std::strerror(why));
        }
        if (is_still(descriptor, file)) return descriptor;
        close(descriptor);
    }
}

}  // namespace

FolderLock::FolderLock(fs::path folder)
    : folder_(std::move(folder)), descriptor_(locked_file(folder_)) {
    const std::string name = myself();
    // Only for people; a lock without a name is a lock all the same.
    if (ftruncate(descriptor_, 0) == 0 && pwrite(descriptor_, name.data(), name.size(), 0) < 0)
        errno = 0;
}

FolderLock::~FolderLock() {
    std::error_code ignored;
    if (!fs::exists(folder_ / "journal.jsonl", ignored) && !ignored) {
        fs::remove(folder_ / "journal.lock", ignored);
        fs::remove(folder_, ignored);
    }
    close(descriptor_);
}

}  // namespace faultline::journal
