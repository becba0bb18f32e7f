#include "cli/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "core/error.h"
#include "report/display_text.h"

namespace faultline::cli {
namespace {

/// 0, or the errno that stopped it.
int write_all(int descriptor, const std::string& text) noexcept {
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t n = write(descriptor, text.data() + done, text.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        done += static_cast<std::size_t>(n);
    }
    return 0;
}

unsigned width_of_stdout() {
    constexpr unsigned usual = 100, narrowest = 40, widest = 400;
    unsigned width = 0;
    if (const char* stated = std::getenv("COLUMNS"); stated != nullptr)
        std::from_chars(stated, stated + std::strlen(stated), width);
    winsize size{};
    if (width == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) width = size.ws_col;
    if (width == 0) return usual;
    return width < narrowest ? narrowest : width > widest ? widest : width;
}

}  // namespace

void print(const std::string& text) {
    if (const int error = write_all(STDOUT_FILENO, text); error != 0)
        throw Error(ErrorKind::internal,
                    fmt::format("cannot write to standard output: {}", std::strerror(error)));
}

void complain(const std::string& message) noexcept {
    try {
        std::string out;
        for (std::size_t from = 0; from <= message.size();) {
            const std::size_t end = std::min(message.find('\n', from), message.size());
            const std::string line = message.substr(from, end - from);
            if (!line.empty()) out += "faultline: " + report::shown(line) + "\n";
            from = end + 1;
        }
        (void)write_all(STDERR_FILENO, out);
    } catch (...) {  // out of memory while saying so
    }
}

report::TerminalStyle style_of_stdout() {
    report::TerminalStyle style;
    const char* no_color = std::getenv("NO_COLOR");
    const char* terminal = std::getenv("TERM");
    style.colour = isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0') &&
                   (terminal == nullptr || std::strcmp(terminal, "dumb") != 0);
    style.width = width_of_stdout();
    return style;
}

bool stderr_is_terminal() {
    return isatty(STDERR_FILENO) == 1;
}

void guard_standard_streams() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF)
            // The lowest free descriptor is this one. Read only, so that writing fails.
            (void)open("/dev/null", O_RDONLY);
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, nullptr);
    // A file at the limit of its size is a disk that is full: write() says so, and nothing is lost.
    sigaction(SIGXFSZ, &ignore, nullptr);
}

}  // namespace faultline::cli
