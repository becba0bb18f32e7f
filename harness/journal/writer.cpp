#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "core/error.h"
#include "journal/folder_lock.h"
#include "journal/records.h"

namespace faultline::journal {

struct Writer::State {
    explicit State(const std::filesystem::path& folder);
    ~State() {
        if (descriptor >= 0) close(descriptor);
    }
    void append(const Json& line);

    std::filesystem::path file;
    FolderLock lock;
    std::mutex turn;
    int descriptor = -1;
    bool broken = false;  ///< a torn line could not be taken back: nothing may follow it
};

namespace {

void make_folder(const std::filesystem::path& folder) {
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed || !std::filesystem::is_directory(folder))
        throw Error(ErrorKind::user,
                    "cannot make the folder " + folder.string() + ": " +
                        (failed ? failed.message() : "something else has that name"));
}

/// A new file survives a power cut only once its folder is on disk too.
void sync_folder(const std::filesystem::path& folder) {
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;  // a folder that may be written but not read; the lines are still synced
    fsync(descriptor);
    close(descriptor);
}

/// 0, or the errno of what failed. One write() is the rule; it is only ever short on a full disk.
int write_whole(int descriptor, const std::string& text) {
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t n = write(descriptor, text.data() + done, text.size() - done);
        if (n < 0 && errno != EINTR) return errno;
        if (n == 0) return ENOSPC;
        if (n > 0) done += static_cast<std::size_t>(n);
    }
    return fdatasync(descriptor) == 0 ? 0 : errno;
}

}  // namespace

Writer::State::State(const std::filesystem::path& folder)
    : file(folder / "journal.jsonl"), lock((make_folder(folder), folder)) {
    descriptor = open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST)
        throw Error(ErrorKind::user,
                    file.string() +
                        " is there already: a run never overwrites another; choose "
                        "another folder or remove this one");
    if (descriptor < 0)
        throw Error(ErrorKind::user,
                    "cannot create " + file.string() + ": " + std::strerror(errno));
    sync_folder(folder);
}

void Writer::State::append(const Json& line) {
    // Engines' messages can hold anything; a byte that is no UTF-8 must not cost the run its
    // journal.
    const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    const std::lock_guard guard(turn);
    if (broken)
        throw Error(ErrorKind::internal,
                    "cannot write " + file.string() + ": an earlier line failed");
    struct stat before {};
    const int failed = fstat(descriptor, &before) == 0 ? write_whole(descriptor, text) : errno;
    if (failed == 0) return;
    broken = ftruncate(descriptor, before.st_size) != 0;
    throw Error(ErrorKind::internal,
                "cannot write " + file.string() + ": " + std::strerror(failed));
}

Writer::Writer(const std::filesystem::path& folder) : state_(std::make_unique<State>(folder)) {}
Writer::~Writer() = default;
void Writer::append(const Header& header) {
    state_->append(to_json(header));
}
void Writer::append(const Base& base) {
    state_->append(to_json(base));
}
void Writer::append(const TrialRecord& trial) {
    state_->append(to_json(trial));
}
void Writer::append(const Profile& profile) {
    state_->append(to_json(profile));
}
void Writer::append(const Closing& closing) {
    state_->append(to_json(closing));
}

}  // namespace faultline::journal
