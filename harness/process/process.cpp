#include "process/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/error.h"
#include "process/descriptor.h"
#include "process/keeper.h"
#include "process/keeper_report.h"
#include "process/program.h"
#include "process/tail.h"

// Why posix_spawn and a keeper (keeper.cpp) rather than fork or Boost.Process: glibc's posix_spawn
// copies no page tables and runs nothing of ours between clone and exec, so that it is safe however
// many threads there are, whatever locks they hold, and under ThreadSanitizer. What it cannot do
// (limits, the working folder's errors, reaping orphans) the keeper does. Boost.Process of Debian
// 12 (1.74) forks and runs its handlers in the copy, has no limits and no notion of orphans, and
// waits for whole process groups, which a daemon has left.

namespace faultline::process {
namespace {

using Clock = std::chrono::steady_clock;

/// A spawn's file actions and attributes, freed with the object.
class Spawn {
  public:
    Spawn() {
        posix_spawn_file_actions_init(&actions_);
        posix_spawnattr_init(&attributes_);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        // Its own session: no controlling terminal, so neither Ctrl-C nor a password prompt.
        posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
        posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    }
    ~Spawn() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    Spawn(const Spawn&) = delete;
    Spawn& operator=(const Spawn&) = delete;

    void hand(const Descriptor& descriptor, int as) {
        posix_spawn_file_actions_adddup2(&actions_, descriptor.get(), as);
    }
    pid_t start(const std::filesystem::path& program, std::vector<char*>& words,
                std::vector<char*>& environment) {
        posix_spawn_file_actions_addclosefrom_np(&actions_, report_descriptor + 1);
        pid_t id = 0;
        const int error = posix_spawn(&id, program.c_str(), &actions_, &attributes_, words.data(),
                                      environment.data());
        if (error != 0)
            throw Error(ErrorKind::internal, fmt::format("{} cannot be started: {}",
                                                         program.string(), std::strerror(error)));
        return id;
    }

  private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// Takes what is there; false at the stream's end.
bool drain(const Descriptor& from, Tail& into) {
    char bytes[65536];
    // Bounded, so that one that writes without end does not keep the deadline from being seen.
    for (int turn = 0; turn < 16; ++turn) {
        const ssize_t count = read(from.get(), bytes, sizeof bytes);
        if (count > 0) {
            into.append(bytes, static_cast<std::size_t>(count));
        } else if (count == 0) {
            return false;
        } else if (errno != EINTR) {
            return errno == EAGAIN;
        }
    }
    return true;
}

/// The keeper and what ties it to this process. Ends it, and all that is under it, with the object.
class Kept {
  public:
    explicit Kept(const Execution& execution)
        : out(execution.tail_bytes), err(execution.tail_bytes) {
        Pipe streams[2], leash, report;
        std::vector<std::string> words{keeper_program().string(),
                                       std::to_string(execution.memory_bytes.value_or(0)),
                                       execution.folder.string(), execution.program.string()};
        words.insert(words.end(), execution.arguments.begin(), execution.arguments.end());
        std::vector<std::string> environment = execution.environment;
        Spawn spawn;
        spawn.hand(streams[0].to, 1);
        spawn.hand(streams[1].to, 2);
        spawn.hand(leash.from, leash_descriptor);
        spawn.hand(report.to, report_descriptor);
        auto word_pointers = pointers_to(words), environment_pointers = pointers_to(environment);
        keeper_ = spawn.start(keeper_program(), word_pointers, environment_pointers);
        from_ = {std::move(streams[0].from), std::move(streams[1].from), std::move(report.from)};
        for (const auto& descriptor : from_) fcntl(descriptor.get(), F_SETFL, O_NONBLOCK);
        leash_ = std::move(leash.to);
    }
    ~Kept() {
        let_go();
        while (waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) continue;
    }
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;

    /// Has everything ended; to be called again until it is. A program may have stopped its keeper,
    /// or hold it up: it is woken, and after a while killed, which takes the program with it.
    void let_go() {
        constexpr auto patience = std::chrono::seconds(15);
        const auto now = Clock::now();
        if (!let_go_at_) let_go_at_ = now;
        leash_ = Descriptor();
        kill(keeper_, now - *let_go_at_ < patience ? SIGCONT : SIGKILL);
    }

    /// Reads what is to be read, for `most` at longest; false when the keeper has said all.
    bool listen(std::chrono::milliseconds most) {
        std::array<pollfd, 3> watched{};
        for (std::size_t i = 0; i < watched.size(); ++i)
            watched[i] = {open_[i] ? from_[i].get() : -1, POLLIN, 0};
        if (poll(watched.data(), watched.size(), static_cast<int>(most.count())) <= 0) return true;
        if (watched[0].revents != 0) open_[0] = drain(from_[0], out);
        if (watched[1].revents != 0) open_[1] = drain(from_[1], err);
        return watched[2].revents == 0;
    }
    /// After listen() has said that there is no more: nobody writes any longer. Nothing where the
    /// keeper died before it could say how it went.
    std::optional<KeeperReport> report() {
        while (open_[0] && drain(from_[0], out)) open_[0] = has_more(0);
        while (open_[1] && drain(from_[1], err)) open_[1] = has_more(1);
        KeeperReport said;
        if (read(from_[2].get(), &said, sizeof said) != sizeof said) return std::nullopt;
        return said;
    }

    Tail out, err;

  private:
    bool has_more(std::size_t stream) {
        pollfd watched{from_[stream].get(), POLLIN, 0};
        return poll(&watched, 1, 0) > 0;
    }

    pid_t keeper_ = 0;
    Descriptor leash_;
    std::optional<Clock::time_point> let_go_at_;
    std::array<Descriptor, 3> from_;  ///< stdout, stderr, report
    std::array<bool, 3> open_{true, true, true};
};

}  // namespace

Ended run(const Execution& execution) {
    // How soon a stop is seen: a signal handler can set the flag but wake nobody.
    constexpr auto glance = std::chrono::milliseconds(20);
    const auto start = Clock::now();
    Kept kept(execution);
    Ended ended;
    bool stopped = false, late = false;
    for (;;) {
        auto wait = execution.stop != nullptr || late ? glance : std::chrono::milliseconds(1000);
        if (execution.deadline && !late) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(*execution.deadline - Clock::now());
            wait = std::clamp(left, std::chrono::milliseconds(0), wait);
        }
        if (!kept.listen(wait)) break;
        stopped = stopped || (execution.stop != nullptr && execution.stop->requested());
        late = late || (execution.deadline && Clock::now() >= *execution.deadline);
        if (stopped || late) kept.let_go();
    }
    const std::optional<KeeperReport> report = kept.report();
    ended.took = Clock::now() - start;
    ended.out = {kept.out.text(), kept.out.total()};
    ended.err = {kept.err.text(), kept.err.total()};
    if (!report) {
        ended.ending = stopped ? Ending::stopped : late ? Ending::timed_out : Ending::lost;
        return ended;
    }
    const KeeperReport& said = *report;
    ended.peak_bytes = static_cast<std::uint64_t>(said.peak_bytes);
    ended.left_behind = said.left_behind;
    if (said.start_error != 0) {
        if (said.start_stage == static_cast<int>(StartStage::keeper))
            throw Error(ErrorKind::internal,
                        fmt::format("no process could be made for a command: {}",
                                    std::strerror(said.start_error)));
        ended.ending = Ending::not_started;
        ended.code = said.start_error;
        ended.reason = said.start_stage == static_cast<int>(StartStage::exec)
                           ? why_not_started(execution.program, said.start_error)
                           : std::strerror(said.start_error);
    } else if (said.stopped != 0) {
        ended.ending = stopped ? Ending::stopped : Ending::timed_out;
    } else if (WIFSIGNALED(said.wait_status)) {
        ended.ending = Ending::signalled;
        ended.code = WTERMSIG(said.wait_status);
    } else {
        ended.code = WEXITSTATUS(said.wait_status);
    }
    return ended;
}

std::string words_of(const Ended& ended) {
    switch (ended.ending) {
        case Ending::exited:
            return fmt::format("exited with status {}", ended.code);
        case Ending::signalled: {
            // Not strsignal(), which need not be safe among threads.
            const char* name = sigabbrev_np(ended.code);
            const char* words = sigdescr_np(ended.code);
            return fmt::format(
                "was killed by {} ({})",
                name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", ended.code),
                words != nullptr ? words : "a signal");
        }
        case Ending::timed_out:
            return "outlived its time-out";
        case Ending::stopped:
            return "was stopped";
        case Ending::lost:
            return "killed the process that watched over it";
        case Ending::not_started:
            return "could not be started: " + ended.reason;
    }
    return {};
}

}  // namespace faultline::process
