// faultline-keeper MEMORY FOLDER PROGRAM ARGUMENT0 …: runs one program and leaves nothing of it
// behind.
//
// A program of its own, because what it does belongs to a process: it is the reaper of whatever the
// program leaves (PR_SET_CHILD_SUBREAPER), so that a step which forks, changes its process group or
// session and lets its parent die still has an ancestor that finds and kills it. In the harness,
// which runs many steps at once on many threads, orphans of all of them would come to one place;
// and a copy of the harness made by fork() would have to do all this with other threads' locks held
// and with gigabytes of the engine's memory mapped. This one has a single thread and no library
// state.
//
// It is on a leash (keeper_report.h): if the harness lets go or dies, even by SIGKILL, all that
// runs here is killed. What it has to say goes to the report descriptor; it writes nothing else.
//
// What Linux does not allow without privileges: holding on to a process that has changed its user
// (ruled out by no_new_privs) or one that is asleep in the kernel (given up after ten seconds).

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

#include "process/keeper_report.h"

namespace {

using faultline::process::KeeperReport;
using faultline::process::leash_descriptor;
using faultline::process::report_descriptor;
using faultline::process::StartStage;

extern "C" char** environ;

struct StartFailure {
    int error;
    int stage;
};

struct Process {
    pid_t id, parent;
};

/// All processes that /proc shows. Reading it is no snapshot, so callers look again until nothing
/// is left.
std::vector<Process> processes() {
    std::vector<Process> all;
    DIR* folder = opendir("/proc");
    if (folder == nullptr) return all;
    while (const dirent* entry = readdir(folder)) {
        const long id = std::strtol(entry->d_name, nullptr, 10);
        if (id <= 0) continue;
        char path[64], text[512];
        std::snprintf(path, sizeof path, "/proc/%ld/stat", id);
        const int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        const ssize_t length = read(file, text, sizeof text - 1);
        close(file);
        if (length <= 0) continue;
        text[length] = '\0';
        // "id (name) state parent …", and a name may hold anything, parentheses too.
        const char* end = std::strrchr(text, ')');
        long parent = 0;
        char state = 0;
        if (end != nullptr && std::sscanf(end + 1, " %c %ld", &state, &parent) == 2 && state != 'Z')
            all.push_back({static_cast<pid_t>(id), static_cast<pid_t>(parent)});
    }
    closedir(folder);
    return all;
}

/// Kills every descendant that is there now; how many were found.
int kill_descendants() {
    const std::vector<Process> all = processes();
    std::vector<pid_t> family{getpid()};
    for (std::size_t i = 0; i < family.size(); ++i)
        for (const Process& process : all)
            if (process.parent == family[i] && process.id != family[i])
                family.push_back(process.id);
    // First stopped, then killed: one that forks all the time does not outrun its end.
    for (std::size_t i = 1; i < family.size(); ++i) kill(family[i], SIGSTOP);
    for (std::size_t i = 1; i < family.size(); ++i) kill(family[i], SIGKILL);
    return static_cast<int>(family.size()) - 1;
}

class Keeper {
  public:
    Keeper(pid_t program, KeeperReport& report) : program_(program), report_(report) {}

    /// Reaps whoever has ended; false when there is nobody left to wait for.
    bool reap() {
        for (;;) {
            int status = 0;
            rusage usage{};
            const pid_t ended = wait4(-1, &status, WNOHANG, &usage);
            if (ended < 0) return errno == EINTR;
            if (ended == 0) return true;
            if (ended != program_) continue;
            over_ = true;
            report_.wait_status = status;
            report_.peak_bytes = usage.ru_maxrss * 1024L;
        }
    }
    [[nodiscard]] bool over() const { return over_; }

    /// Kills and reaps until no descendant is left: as their reaper one has children as long as
    /// there is any.
    void clear_away() {
        constexpr int rounds = 2000;  // of 5 ms
        for (int round = 0; round < rounds; ++round) {
            if (!reap()) return;
            const int found = kill_descendants();
            if (round == 0 && over_) report_.left_behind = found;
            const timespec pause{0, round < 20 ? 200000L : 5000000L};
            nanosleep(&pause, nullptr);
        }
        report_.unkillable = 1;
    }

  private:
    pid_t program_;
    KeeperReport& report_;
    bool over_ = false;
};

[[noreturn]] void become(int tell, rlim_t memory, char** words) {
    const auto fail = [tell](StartStage stage) {
        const StartFailure failure{errno, static_cast<int>(stage)};
        if (write(tell, &failure, sizeof failure) < 0) _exit(126);
        _exit(127);
    };
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (chdir(words[0]) != 0) fail(StartStage::folder);
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    // RLIMIT_DATA counts what is private and writable, so what a process can really come to occupy;
    // RLIMIT_AS counts address space, of which Java, Go and threaded libraries reserve a lot.
    const rlimit most{memory, memory};
    if (memory > 0 && setrlimit(RLIMIT_DATA, &most) != 0) fail(StartStage::limits);
    execve(words[1], words + 2, environ);
    fail(StartStage::exec);
    _exit(127);
}

int say(const KeeperReport& report) {
    return write(report_descriptor, &report, sizeof report) == sizeof report ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
    KeeperReport report;
    if (count < 5) {
        report.start_error = EINVAL;
        return say(report);
    }
    const auto memory = static_cast<rlim_t>(std::strtoull(words[1], nullptr, 10));
    fcntl(leash_descriptor, F_SETFD, FD_CLOEXEC);
    fcntl(report_descriptor, F_SETFD, FD_CLOEXEC);
    prctl(PR_SET_CHILD_SUBREAPER, 1);

    // All but the end of a child is blocked here: a program may signal its parent.
    sigset_t all, child;
    sigfillset(&all);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_SETMASK, &all, nullptr);
    const int ends = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    int tell[2];
    pid_t program = -1;
    if (ends < 0 || pipe2(tell, O_CLOEXEC) != 0 || (program = fork()) < 0) {
        report.start_error = errno;
        return say(report);
    }
    if (program == 0) become(tell[1], memory, words + 2);

    // The streams are the program's alone: they end with the last of its processes.
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing >= 0)
        for (const int stream : {0, 1, 2}) dup2(nothing, stream);
    close(tell[1]);
    StartFailure failure{};
    ssize_t told = 0;
    do {
        told = read(tell[0], &failure, sizeof failure);
    } while (told < 0 && errno == EINTR);
    if (told == sizeof failure) {
        report.start_error = failure.error;
        report.start_stage = failure.stage;
    }

    Keeper keeper(program, report);
    while (!keeper.over()) {
        pollfd watched[2] = {{leash_descriptor, POLLIN, 0}, {ends, POLLIN, 0}};
        if (poll(watched, 2, -1) < 0 && errno != EINTR) break;
        signalfd_siginfo which;
        while (read(ends, &which, sizeof which) > 0) continue;
        keeper.reap();
        if (watched[0].revents != 0 && !keeper.over()) {
            report.stopped = 1;
            break;
        }
    }
    keeper.clear_away();
    return say(report);
}
