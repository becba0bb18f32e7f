#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <thread>

#include "core/error.h"
#include "journal/records.h"
#include "journals.h"

using namespace faultline;
using namespace faultline::journal;
using namespace faultline::journal::test;

namespace {

/// A folder of this test's own, gone when it ends.
class Folder {
  public:
    Folder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "faultline-journal-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        path_ = pattern;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// Runs `body` in a child process; its exit code is what `body` returns.
template <class Body>
int in_another_process(Body body) {
    const pid_t child = fork();
    if (child == 0) _exit(body());
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("A pass sees every trial as it ended, and holds those that it is asked to") {
    const Folder folder;
    Writer writer(folder.path());
    writer.append(header());
    writer.append(base());
    for (const std::uint64_t number : {3, 0, 2, 1}) writer.append(trial(number));
    std::vector<std::uint64_t> seen;
    const auto some = read(folder.path(), [&](const TrialRecord& record) {
        seen.push_back(record.number);
        return record.number > 1;
    });
    CHECK(seen == std::vector<std::uint64_t>{3, 0, 2, 1});
    REQUIRE(some.trials.size() == 2);
    CHECK(to_json(some.trials[0]) == to_json(trial(2)));
    CHECK(to_json(some.trials[1]) == to_json(trial(3)));
}

TEST_CASE("What is appended can be read at once, by anybody") {
    const Folder folder;
    Writer writer(folder.path() / "new" / "run");
    writer.append(header());
    writer.append(base());
    writer.append(trial(0));
    CHECK(read(folder.path() / "new" / "run").trials.size() == 1);
    writer.append(Closing{"completed", ""});
    CHECK(read(folder.path() / "new" / "run").closing->status == "completed");
}

TEST_CASE("A run never overwrites another") {
    const Folder folder;
    { Writer(folder.path()).append(header()); }
    CHECK_THROWS_WITH(Writer(folder.path()), Catch::Contains("journal.jsonl is there already"));
    CHECK(std::filesystem::file_size(folder.path() / "journal.jsonl") == line(header()).size());
}

TEST_CASE("A folder in use is refused, in this process and in another, and free afterwards") {
    const Folder folder;
    {
        const Writer writer(folder.path());
        const std::string holder = "process " + std::to_string(getpid());
        CHECK_THROWS_WITH(Writer(folder.path()),
                          Catch::Contains("a run is using the folder") && Catch::Contains(holder));
        CHECK(in_another_process([&] {
                  try {
                      const Writer second(folder.path());
                      return 0;
                  } catch (const Error& error) {
                      const bool says_who =
                          std::string(error.what()).find(holder) != std::string::npos;
                      return error.kind() == ErrorKind::user && says_who ? 7 : 1;
                  }
              }) == 7);
    }
    std::filesystem::remove(folder.path() / "journal.jsonl");
    CHECK(in_another_process([&] {
              const Writer again(folder.path());
              return 5;
          }) == 5);
}

TEST_CASE("A full disk is the harness's failure, in the system's words, and tears nothing") {
    const Folder folder;
    const int ended = in_another_process([&] {
        Writer writer(folder.path());
        writer.append(header());
        writer.append(base());
        // A file that may grow no further behaves as a full disk does: the last write is short.
        std::signal(SIGXFSZ, SIG_IGN);
        const rlim_t size = std::filesystem::file_size(folder.path() / "journal.jsonl");
        const rlimit limit{size + 10, RLIM_INFINITY};
        setrlimit(RLIMIT_FSIZE, &limit);
        try {
            writer.append(trial(0));
            return 1;
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::internal) return 2;
            if (std::string(error.what()).find("File too large") == std::string::npos) return 3;
        }
        const rlimit free{RLIM_INFINITY, RLIM_INFINITY};
        setrlimit(RLIMIT_FSIZE, &free);
        writer.append(trial(1));
        return 0;
    });
    CHECK(ended == 0);
    const auto journal = read(folder.path());
    CHECK_FALSE(journal.torn);
    REQUIRE(journal.trials.size() == 1);
    CHECK(journal.trials[0].number == 1);
}

TEST_CASE("Workers may append at the same time") {
    const Folder folder;
    Writer writer(folder.path());
    writer.append(header());
    writer.append(base());
    std::vector<std::thread> workers;
    for (std::uint64_t worker = 0; worker < 4; ++worker)
        workers.emplace_back([&writer, worker] {
            for (std::uint64_t i = 0; i < 25; ++i) writer.append(trial(i * 4 + worker));
        });
    for (auto& worker : workers) worker.join();
    const auto journal = read(folder.path());
    REQUIRE(journal.trials.size() == 100);
    for (std::uint64_t i = 0; i < 100; ++i) CHECK(journal.trials[i].number == i);
}

TEST_CASE("Bytes that are no UTF-8 do not cost the run its journal") {
    const Folder folder;
    Writer writer(folder.path());
    writer.append(header());
    writer.append(base());
    auto record = trial(0);
    record.failure->message = "bad \xff byte";
    writer.append(record);
    CHECK(read(folder.path()).trials[0].failure->message == "bad \xef\xbf\xbd byte");
}

TEST_CASE("Folders that cannot be made or read are the user's to know") {
    const Folder folder;
    std::ofstream(folder.path() / "file") << "x";
    CHECK_THROWS_AS(Writer(folder.path() / "file"), Error);
    CHECK_THROWS_AS(Writer(folder.path() / "file" / "below"), Error);
    CHECK_THROWS_WITH(read(folder.path()), Catch::Contains("cannot read"));
}

TEST_CASE("A journal is gone on with after its last whole line") {
    const Folder folder;
    {
        Writer writer(folder.path());
        writer.append(header());
        writer.append(base());
        writer.append(trial(0));
    }
    const auto whole = read(folder.path()).whole_bytes;
    std::ofstream(folder.path() / "journal.jsonl", std::ios::app) << R"({"type":"trial","numb)";
    REQUIRE(read(folder.path()).torn);
    REQUIRE(read(folder.path()).whole_bytes == whole);
    {
        const FolderLock lock(folder.path());
        Writer writer(lock, whole);
        writer.append(trial(1));
        writer.append(Closing{"completed", ""});
    }
    const auto journal = read(folder.path());
    CHECK_FALSE(journal.torn);
    CHECK(journal.trials.size() == 2);
    CHECK(journal.closing);
}

TEST_CASE("A lock that kept nothing leaves nothing, and never the lock of another") {
    const Folder folder;
    const auto run = folder.path() / "new" / "run";
    { const FolderLock lock(run); }
    CHECK_FALSE(std::filesystem::exists(run));
    // A lock file alone, as after kill -9, is no lock.
    std::filesystem::create_directories(run);
    std::ofstream(run / "journal.lock") << "process 1";
    const FolderLock lock(run);
    CHECK_THROWS_AS(FolderLock(run), Error);
    CHECK(std::filesystem::exists(run / "journal.lock"));
}

TEST_CASE("Where no run has begun there is nothing to read, and what is no journal is refused") {
    const Folder folder;
    CHECK_FALSE(read_if_begun(folder.path() / "missing"));
    CHECK_FALSE(read_if_begun(folder.path()));
    const auto file = folder.path() / "journal.jsonl";
    const std::string whole = line(header());
    for (const std::size_t cut :
         {std::size_t{0}, std::size_t{1}, std::size_t{30}, whole.size() - 1}) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << whole.substr(0, cut);
        CHECK_FALSE(read_if_begun(folder.path()));
    }
    std::ofstream(file, std::ios::binary | std::ios::trunc) << whole;
    CHECK(read_if_begun(folder.path()));
    std::ofstream(file, std::ios::binary | std::ios::trunc) << "Dear diary";
    CHECK_THROWS_WITH(read_if_begun(folder.path()), Catch::Contains("no header"));
}
