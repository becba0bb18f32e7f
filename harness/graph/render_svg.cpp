#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/error.h"
#include "graph/dag.h"

extern char** environ;

namespace faultline::graph {
namespace {

/// A file in memory, handed to the child as one of its streams. Files instead of pipes: nobody can
/// wait for the other to read, and a child that dies early raises no SIGPIPE here.
class MemoryFile {
  public:
    MemoryFile() : descriptor_(memfd_create("faultline-graph", MFD_CLOEXEC)) {
        if (descriptor_ < 0)
            throw Error(ErrorKind::internal,
                        std::string("cannot make a file in memory: ") + std::strerror(errno));
    }
    ~MemoryFile() { close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }

    void fill(const std::string& text) const {
        for (std::size_t done = 0; done < text.size();) {
            const ssize_t n = write(descriptor_, text.data() + done, text.size() - done);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0)
                throw Error(ErrorKind::internal,
                            std::string("cannot hand the graph to dot: ") + std::strerror(errno));
            done += static_cast<std::size_t>(n);
        }
        lseek(descriptor_, 0, SEEK_SET);
    }

    [[nodiscard]] std::string content() const {
        std::string text;
        std::array<char, 1 << 16> block{};
        for (off_t at = 0;;) {
            const ssize_t n = pread(descriptor_, block.data(), block.size(), at);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return text;
            text.append(block.data(), static_cast<std::size_t>(n));
            at += n;
        }
    }

  private:
    int descriptor_;
};

/// Exit status of `dot -Tsvg`, or -1 when there is no such program.
int run_dot(const MemoryFile& in, const MemoryFile& out, const MemoryFile& err) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.descriptor(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err.descriptor(), STDERR_FILENO);
    std::string program = "dot", format = "-Tsvg";
    std::array<char*, 3> argv{program.data(), format.data(), nullptr};
    pid_t child = 0;
    const int failed = posix_spawnp(&child, "dot", &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed == ENOENT || failed == EACCES) return -1;
    if (failed != 0)
        throw Error(ErrorKind::internal, std::string("cannot start dot: ") + std::strerror(failed));
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            throw Error(ErrorKind::internal,
                        std::string("cannot wait for dot: ") + std::strerror(errno));
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

std::string to_svg(const std::string& dot) {
    const MemoryFile in, out, err;
    in.fill(dot);
    const int status = run_dot(in, out, err);
    if (status < 0)
        throw Error(ErrorKind::user,
                    "drawing SVG needs Graphviz, and its program dot was not found; on Debian: "
                    "apt-get install "
                    "graphviz (the dot and json formats need nothing)");
    if (status != 0)
        throw Error(ErrorKind::user, "Graphviz could not draw the graph: " + err.content());
    return out.content();
}

}  // namespace faultline::graph
