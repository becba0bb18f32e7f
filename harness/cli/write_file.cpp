#include "cli/write_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "core/error.h"

namespace faultline::cli {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int error) {
    throw Error(ErrorKind::internal,
                fmt::format("cannot write {}: {}", file.string(), std::strerror(error)));
}

/// 0, or the errno that stopped it.
int write_and_sync(int descriptor, const std::string& content) {
    for (std::size_t done = 0; done < content.size();) {
        const ssize_t n = write(descriptor, content.data() + done, content.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        done += static_cast<std::size_t>(n);
    }
    return fsync(descriptor) == 0 ? 0 : errno;
}

/// The rename itself must reach the disk. Not every file system can; the content is safe either
/// way.
void sync_folder(const std::filesystem::path& folder) {
    const int descriptor =
        open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    fsync(descriptor);
    close(descriptor);
}

}  // namespace

void write_whole(const std::filesystem::path& file, const std::string& content) {
    const std::filesystem::path beside = file.string() + fmt::format(".{}.part", getpid());
    const int descriptor = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0) fail(file, errno);
    int error = write_and_sync(descriptor, content);
    if (close(descriptor) != 0 && error == 0) error = errno;
    if (error == 0 && std::rename(beside.c_str(), file.c_str()) != 0) error = errno;
    if (error != 0) {
        unlink(beside.c_str());
        fail(file, error);
    }
    sync_folder(file.parent_path());
}

}  // namespace faultline::cli
