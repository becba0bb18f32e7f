#include "cli/interrupt.h"

#include <unistd.h>

#include <csignal>
#include <iterator>

#include "cli/command.h"

namespace faultline::cli {
namespace {

StopFlag stop;  // a signal handler can reach nothing but globals
struct sigaction before_int, before_term, before_hang_up;

extern "C" void on_signal(int) {
    if (stop.requested()) _exit(exit_interrupted);
    stop.request();
    // The only way to speak that is allowed in here.
    static constexpr char said[] =
        "\nfaultline: stopping; what is finished is kept (once more to stop at once)\n";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, said, std::size(said) - 1);
}

}  // namespace

InterruptGuard::InterruptGuard() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, &before_int);
    sigaction(SIGTERM, &action, &before_term);
    // A terminal that goes away; nohup has asked for this one to be ignored.
    sigaction(SIGHUP, nullptr, &before_hang_up);
    if (before_hang_up.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

InterruptGuard::~InterruptGuard() {
    sigaction(SIGINT, &before_int, nullptr);
    sigaction(SIGTERM, &before_term, nullptr);
    sigaction(SIGHUP, &before_hang_up, nullptr);
}

const StopFlag& InterruptGuard::flag() const {
    return stop;
}

}  // namespace faultline::cli
