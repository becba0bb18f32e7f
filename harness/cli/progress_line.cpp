#include "cli/progress_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include "report/numbers.h"

namespace faultline::cli {
namespace {

/// Leaves the cursor at the beginning of an empty line.
constexpr const char* clear_line = "\r\x1b[K";

void draw(const std::string& text) {
    [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

std::string duration(double seconds) {
    const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
    if (whole < 60) return fmt::format("{} s", whole);
    if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
    return fmt::format("{}:{:02} h", whole / 3600, whole % 3600 / 60);
}

}  // namespace

void ProgressLine::update(const run::Progress& progress) {
    if (!visible_) return;
    const std::lock_guard lock(mutex_);
    const auto now = clock_.now();
    const bool new_phase = progress.phase != phase_;
    if (new_phase) {
        phase_ = progress.phase;
        phase_began_ = now;
    }
    if (!new_phase && now - drawn_ < std::chrono::milliseconds(100)) return;
    drawn_ = now;
    on_screen_ = true;
    draw(clear_line + text(progress, now));
}

void ProgressLine::erase() {
    const std::lock_guard lock(mutex_);
    if (on_screen_) draw(clear_line);
    on_screen_ = false;
}

std::string ProgressLine::text(const run::Progress& progress, Clock::TimePoint now) const {
    if (progress.done == 0) return progress.phase + " …";
    const double elapsed = std::chrono::duration<double>(now - phase_began_).count();
    std::string line = fmt::format("{} {}", progress.phase, report::count(progress.done));
    if (progress.total > 0)
        line += fmt::format(" of {} ({} %)", report::count(progress.total),
                            100 * progress.done / progress.total);
    if (elapsed <= 0 || progress.done <= progress.recorded) return line;
    const double rate = static_cast<double>(progress.done - progress.recorded) / elapsed;
    line += fmt::format("  {}/s", report::number(rate));
    if (progress.total > progress.done)
        line += fmt::format("  {} left",
                            duration(static_cast<double>(progress.total - progress.done) / rate));
    return line;
}

}  // namespace faultline::cli
