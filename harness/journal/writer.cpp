#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>

#include "core/error.h"
#include "journal/records.h"

namespace faultline::journal {
namespace {

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
    return 0;
}

std::filesystem::path journal_file(const FolderLock& lock) {
    return lock.folder() / "journal.jsonl";
}

int new_file(const FolderLock& lock) {
    const auto file = journal_file(lock);
    const int descriptor =
        open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST)
        throw Error(ErrorKind::user, file.string() +
                                         " is there already: a run never overwrites another; "
                                         "choose another folder or remove this one");
    if (descriptor < 0)
        throw Error(ErrorKind::user,
                    "cannot create " + file.string() + ": " + std::strerror(errno));
    sync_folder(lock.folder());
    return descriptor;
}

int file_to_continue(const FolderLock& lock, std::uint64_t keep) {
    const auto file = journal_file(lock);
    const int descriptor = open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (descriptor >= 0 && ftruncate(descriptor, static_cast<off_t>(keep)) == 0) return descriptor;
    const int why = errno;
    if (descriptor >= 0) close(descriptor);
    throw Error(ErrorKind::user, "cannot go on with " + file.string() + ": " + std::strerror(why));
}

}  // namespace

/// The open file, and a thread that syncs what has been written since it last did: lines that come
/// while the disk is busy go there together.
struct Writer::State {
    State(std::filesystem::path name, int opened)
        : file(std::move(name)), descriptor(opened), syncer([this] { sync_in_turn(); }) {}
    ~State() {
        {
            const std::lock_guard guard(turn);
            ending = true;
        }
        changed.notify_all();
        syncer.join();
        close(descriptor);
    }
    void append(const Json& line, bool wait);
    void sync_in_turn();
    [[noreturn]] void fail(int why) const {
        throw Error(ErrorKind::internal,
                    "cannot write " + file.string() + ": " + std::strerror(why));
    }

    std::filesystem::path file;
    std::unique_ptr<FolderLock> own;
    const int descriptor;
    std::mutex turn;
    std::condition_variable changed;
    std::uint64_t written = 0, synced = 0;  ///< lines
    int broken = 0;  ///< the errno of what cannot be mended: nothing may follow it
    bool ending = false;
    std::thread syncer;
};

void Writer::State::append(const Json& line, bool wait) {
    // Engines' messages can hold anything; a byte that is no UTF-8 must not cost the run its
    // journal.
    const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    std::unique_lock lock(turn);
    if (broken != 0) fail(broken);
    struct stat before {};
    const int failed = fstat(descriptor, &before) == 0 ? write_whole(descriptor, text) : errno;
    if (failed != 0) {
        if (ftruncate(descriptor, before.st_size) != 0) broken = failed;
        fail(failed);
    }
    const std::uint64_t mine = ++written;
    changed.notify_all();
    if (!wait) return;
    changed.wait(lock, [&] { return synced >= mine || broken != 0; });
    if (broken != 0) fail(broken);
}

void Writer::State::sync_in_turn() {
    std::unique_lock lock(turn);
    for (;;) {
        changed.wait(lock, [&] { return ending || written > synced; });
        if (written == synced || broken != 0) return;
        const std::uint64_t until = written;
        lock.unlock();
        const int failed = fdatasync(descriptor) == 0 ? 0 : errno;
        lock.lock();
        // What a failed sync has lost cannot be told, and a second one would not say so again.
        if (failed != 0) broken = failed;
        synced = until;
        changed.notify_all();
    }
}

Writer::Writer(const std::filesystem::path& folder) {
    auto lock = std::make_unique<FolderLock>(folder);
    state_ = std::make_unique<State>(journal_file(*lock), new_file(*lock));
    state_->own = std::move(lock);
}
Writer::Writer(const FolderLock& lock)
    : state_(std::make_unique<State>(journal_file(lock), new_file(lock))) {}
Writer::Writer(const FolderLock& lock, std::uint64_t keep)
    : state_(std::make_unique<State>(journal_file(lock), file_to_continue(lock, keep))) {}
Writer::~Writer() = default;
void Writer::append(const Header& header) {
    state_->append(to_json(header), true);
}
void Writer::append(const Base& base) {
    state_->append(to_json(base), true);
}
void Writer::append(const TrialRecord& trial) {
    state_->append(to_json(trial), false);
}
void Writer::append(const Profile& profile) {
    state_->append(to_json(profile), false);
}
void Writer::append(const Closing& closing) {
    state_->append(to_json(closing), true);
}

}  // namespace faultline::journal
