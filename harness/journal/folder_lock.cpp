#include "journal/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "core/error.h"

namespace faultline::journal {
namespace {

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

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) {
    const auto file = folder / "journal.lock";
    descriptor_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor_ < 0)
        throw Error(ErrorKind::user,
                    "cannot create " + file.string() + ": " + std::strerror(errno));
    int locked = flock(descriptor_, LOCK_EX | LOCK_NB);
    while (locked != 0 && errno == EINTR) locked = flock(descriptor_, LOCK_EX | LOCK_NB);
    if (locked != 0) {
        const int why = errno;
        const std::string holder = holder_in(descriptor_);
        close(descriptor_);
        if (why == EWOULDBLOCK)
            throw Error(ErrorKind::user,
                        "a run is using the folder " + folder.string() + ": " + holder);
        throw Error(ErrorKind::user, "cannot lock " + file.string() + ": " + std::strerror(why));
    }
    const std::string name = myself();
    // Only for people; a lock without a name is a lock all the same.
    if (ftruncate(descriptor_, 0) == 0 && pwrite(descriptor_, name.data(), name.size(), 0) < 0)
        errno = 0;
}

FolderLock::~FolderLock() {
    close(descriptor_);
}

}  // namespace faultline::journal
