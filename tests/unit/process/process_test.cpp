#include "process/process.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "process/program.h"
#include "process/tail.h"

using namespace faultline;
using namespace faultline::process;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

/// A folder to run things in; gone with the object.
struct Folder {
    Folder() {
        std::string pattern = (fs::temp_directory_path() / "faultline-process-XXXXXX").string();
        path = mkdtemp(pattern.data());
    }
    ~Folder() { fs::remove_all(path); }
    fs::path path;
    [[nodiscard]] std::string text(const std::string& name) const {
        std::ifstream in(path / name);
        return {std::istreambuf_iterator<char>(in), {}};
    }
};

/// A shell is a program like any other, and the shortest way to write a hostile one.
Execution shell(const Folder& folder, const std::string& script) {
    Execution execution;
    execution.program = "/bin/sh";
    execution.arguments = {"sh", "-c", script};
    execution.environment = {"PATH=/usr/bin:/bin"};
    execution.folder = folder.path;
    return execution;
}

Execution python(const Folder& folder, const std::string& script) {
    Execution execution;
    const auto found = find_program("python3", folder.path, default_path());
    REQUIRE(found.problem.empty());
    execution.program = found.path;
    execution.arguments = {"python3", "-c", script};
    execution.environment = {"PATH=" + default_path()};
    execution.folder = folder.path;
    return execution;
}

/// Whether the process that wrote its number to `name` is gone, be it that nobody has fetched its
/// end yet.
bool is_gone(const Folder& folder, const std::string& name) {
    const std::string written = folder.text(name);
    REQUIRE(!written.empty());
    std::ifstream in("/proc/" + std::to_string(std::stol(written)) + "/stat");
    std::string stat;
    return !std::getline(in, stat) || stat.substr(stat.rfind(')') + 2, 1) == "Z";
}

int open_descriptors() {
    return static_cast<int>(std::distance(fs::directory_iterator("/proc/self/fd"), {}));
}

}  // namespace

TEST_CASE("what a program says and how it ends is told", "[process]") {
    const Folder folder;
    const Ended ended = run(shell(folder, "echo out; echo err >&2; exit 7"));
    CHECK(ended.ending == Ending::exited);
    CHECK(ended.code == 7);
    CHECK(words_of(ended) == "exited with status 7");
    CHECK(ended.out.tail == "out\n");
    CHECK(ended.err.tail == "err\n");
    CHECK(ended.left_behind == 0);
    CHECK(ended.peak_bytes > 0);
}

TEST_CASE("a signal is no exit status", "[process]") {
    const Folder folder;
    const Ended ended = run(shell(folder, "kill -SEGV $$"));
    CHECK(ended.ending == Ending::signalled);
    CHECK(ended.code == SIGSEGV);
    CHECK(words_of(ended) == "was killed by SIGSEGV (Segmentation fault)");
}

TEST_CASE("the environment, the descriptors and the folder are those stated", "[process]") {
    const Folder folder;
    setenv("FAULTLINE_SECRET", "must not pass", 1);
    const int leaky = open("/etc/hostname", O_RDONLY);  // without O_CLOEXEC, as libraries do
    REQUIRE(leaky >= 0);
    Execution execution = shell(folder, "env | sort; ls /proc/self/fd | tr '\\n' ' '; pwd; cat");
    execution.environment = {"PATH=/usr/bin:/bin", "TZ=UTC"};
    const Ended ended = run(execution);
    close(leaky);
    unsetenv("FAULTLINE_SECRET");
    // 3 is the folder that ls itself reads; cat ends at once, as there is nothing to be read.
    CHECK(ended.out.tail == "PATH=/usr/bin:/bin\nPWD=" + folder.path.string() +
                                "\nTZ=UTC\n0 1 2 3 " + folder.path.string() + "\n");
    CHECK(ended.code == 0);
}

TEST_CASE("a flood is kept to its tail and ends at the deadline", "[process]") {
    const Folder folder;
    Execution execution = shell(folder, "yes 0123456789 & exec yes stderr >&2");
    execution.deadline = std::chrono::steady_clock::now() + 300ms;
    execution.tail_bytes = 4096;
    const Ended ended = run(execution);
    CHECK(ended.ending == Ending::timed_out);
    CHECK(ended.out.tail.size() == 4096);
    CHECK(ended.out.total > 4096);
    CHECK(ended.err.tail.size() == 4096);
}

TEST_CASE("ignoring SIGTERM, leaving the group and the session, or being a daemon saves nobody",
          "[process]") {
    const Folder folder;
    Execution execution =
        shell(folder,
              "trap '' TERM HUP INT; echo $$ > one\n"
              "setsid sh -c 'trap \"\" TERM; echo $$ > two; while :; do sleep 1; done' &\n"
              "(setsid sh -c 'echo $$ > three; sleep 1000' & )\n"
              "while [ ! -s two ] || [ ! -s three ]; do sleep 0.01; done; touch ready\n"
              "while :; do sleep 1; done");
    SECTION("at a deadline") {
        execution.deadline = std::chrono::steady_clock::now() + 2s;
        CHECK(run(execution).ending == Ending::timed_out);
    }
    SECTION("at a stop") {
        StopFlag stop;
        execution.stop = &stop;
        std::thread asker([&] {
            while (!fs::exists(folder.path / "ready")) std::this_thread::sleep_for(5ms);
            stop.request();
        });
        const Ended ended = run(execution);
        asker.join();
        CHECK(ended.ending == Ending::stopped);
    }
    for (const char* name : {"one", "two", "three"}) CHECK(is_gone(folder, name));
}

TEST_CASE("what a program leaves running is killed when it has ended", "[process]") {
    const Folder folder;
    const Ended ended =
        run(shell(folder,
                  "setsid sh -c 'echo $$ > child; exec sleep 1000' >/dev/null 2>&1 &\n"
                  "while [ ! -s child ]; do sleep 0.01; done; exit 3"));
    CHECK(ended.ending == Ending::exited);
    CHECK(ended.code == 3);
    CHECK(ended.left_behind >= 1);
    CHECK(is_gone(folder, "child"));
}

TEST_CASE("closing the streams is no end, and stopping or killing the keeper no escape",
          "[process]") {
    const Folder folder;
    SECTION("closed streams") {
        const Ended ended = run(shell(folder, "exec >&- 2>&-; sleep 0.1; exit 5"));
        CHECK(ended.code == 5);
    }
    SECTION("stopped") {
        Execution execution = shell(folder, "kill -STOP $PPID; sleep 1000");
        execution.deadline = std::chrono::steady_clock::now() + 200ms;
        CHECK(run(execution).ending == Ending::timed_out);
    }
    SECTION("killed") {
        const Ended ended = run(shell(folder, "echo $$ > me; kill -KILL $PPID; sleep 1000"));
        CHECK(ended.ending == Ending::lost);
        for (int i = 0; i < 200 && !is_gone(folder, "me"); ++i) std::this_thread::sleep_for(5ms);
        CHECK(is_gone(folder, "me"));
    }
}

TEST_CASE("memory beyond the limit is refused", "[process]") {
    const Folder folder;
    Execution execution = python(folder, "x = bytearray(400_000_000); print('had it')");
    execution.memory_bytes = 200'000'000;
    const Ended ended = run(execution);
    CHECK(ended.ending == Ending::exited);
    CHECK(ended.code == 1);
    CHECK_THAT(ended.err.tail, Catch::Contains("MemoryError"));
    execution.memory_bytes = 800'000'000;
    CHECK(run(execution).out.tail == "had it\n");
}

TEST_CASE("a program that cannot be started says why", "[process]") {
    const Folder folder;
    const auto script = [&](const std::string& name, const std::string& text, mode_t mode) {
        std::ofstream(folder.path / name) << text;
        chmod((folder.path / name).c_str(), mode);
        Execution execution = shell(folder, "");
        execution.program = folder.path / name;
        return run(execution);
    };
    const Ended no_interpreter = script("a", "#!/no/such/interpreter -x\n", 0755);
    CHECK(no_interpreter.ending == Ending::not_started);
    CHECK(words_of(no_interpreter) ==
          "could not be started: its interpreter /no/such/interpreter, named in its first line, is "
          "not there");
    const Ended no_program = script("b", "echo not a script\n", 0755);
    CHECK(no_program.ending == Ending::not_started);
    CHECK_THAT(no_program.reason, Catch::StartsWith("it is neither a program"));
    Execution gone = shell(folder, "");
    gone.program = folder.path / "gone";
    CHECK_THAT(run(gone).reason, Catch::EndsWith("gone is not there"));
}

TEST_CASE("programs are found on the PATH or from a folder", "[process]") {
    const Folder folder;
    std::ofstream(folder.path / "step.sh") << "#!/bin/sh\n";
    CHECK(find_program("sh", folder.path, "/no/such:/usr/bin:/bin").problem.empty());
    CHECK_THAT(find_program("shhh", folder.path, "/bin").problem,
               Catch::Equals("no program \"shhh\" on the PATH"));
    CHECK_THAT(find_program("step.sh", folder.path, folder.path.string()).problem,
               Catch::EndsWith("step.sh is not executable)"));
    CHECK_THAT(find_program("./step.sh", folder.path, "").problem,
               Catch::EndsWith("is not executable"));
    chmod((folder.path / "step.sh").c_str(), 0755);
    CHECK(find_program("./step.sh", folder.path, "").path == folder.path / "step.sh");
    CHECK_THAT(find_program("./", folder.path, "").problem, Catch::EndsWith("is a folder"));
}

TEST_CASE("many at once, from many threads, leave neither descriptors nor children", "[process]") {
    const Folder folder;
    (void)run(shell(folder, "true"));
    const int before = open_descriptors();
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i) {
                const int code = (t * 10 + i) % 100;
                const Ended ended = run(shell(
                    folder, "echo " + std::to_string(code) + "; exit " + std::to_string(code)));
                if (ended.code != code || ended.out.tail != std::to_string(code) + "\n") ++wrong;
            }
        });
    for (auto& thread : threads) thread.join();
    CHECK(wrong == 0);
    CHECK(open_descriptors() == before);
    CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
}

TEST_CASE("a tail is the end of what was appended", "[process]") {
    Tail tail(10);
    std::string all;
    for (int i = 0; i < 100; ++i) {
        const std::string piece(static_cast<std::size_t>(i % 14), static_cast<char>('a' + i % 26));
        tail.append(piece.data(), piece.size());
        all += piece;
        CHECK(tail.text() == (all.size() > 10 ? all.substr(all.size() - 10) : all));
        CHECK(tail.total() == all.size());
    }
}
