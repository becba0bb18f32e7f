/// What ThreadSanitizer is told, by the unit tests' programs under it. libduckdb.so is built
/// without it, so that the locks inside are not seen and what its own threads do under them looks
/// like races. What is reported beyond it is ours.

#include <sanitizer/common_interface_defs.h>

#include <array>
#include <cstddef>
#include <string_view>

// The sanitizer's own, which its headers leave to debuggers.
extern "C" {
int __tsan_get_report_data(void* report, const char** description, int* count, int* stack_count,
                           int* mop_count, int* loc_count, int* mutex_count, int* thread_count,
                           int* unique_tid_count, void** sleep_trace, std::size_t trace_size);
int __tsan_get_report_mop(void* report, std::size_t index, int* tid, void** address, int* size,
                          int* write, int* atomic, void** trace, std::size_t trace_size);
const char* __tsan_default_suppressions();
}

namespace {

bool in_library(void* pc) {
    std::array<char, 512> path{};
    void* offset = nullptr;
    if (__sanitizer_get_module_and_offset_for_pc(pc, path.data(), path.size() - 1, &offset) == 0)
        return false;
    const std::string_view module(path.data());
    return module.find("libduckdb.so") != std::string_view::npos ||
           module.find("libstdc++.so") != std::string_view::npos;
}

/// Whether nobody but libraries called the function that made this access of a report.
bool no_frame_of_ours(void* report, int index) {
    std::array<void*, 8> trace{};  // from the innermost frame, the sanitizer's own memcpy
    int tid = 0;
    int size = 0;
    int write = 0;
    int atomic = 0;
    void* address = nullptr;
    __tsan_get_report_mop(report, static_cast<std::size_t>(index), &tid, &address, &size, &write,
                          &atomic, trace.data(), trace.size());
    if (trace[1] == nullptr) return false;
    for (std::size_t i = 1; i < trace.size() && trace[i] != nullptr; ++i)
        if (!in_library(trace[i])) return false;
    return true;
}

}  // namespace

extern "C" const char* __tsan_default_suppressions() {
    return "race:libduckdb.so\nmutex:libduckdb.so\ncalled_from_lib:libduckdb.so\n";
}

namespace __tsan {

class ReportDesc;

/// Asked by the sanitizer before it reports. A suppression goes by one frame, and the engine's
/// strings are copied in libstdc++.so, where no frame of libduckdb.so is seen: the frames are those
/// of code that is instrumented. A thread that has none of those is the engine's own, and what it
/// shares with others it guards by itself.
bool OnReport(const ReportDesc* report, bool suppressed);
bool OnReport(const ReportDesc* report, bool suppressed) {
    if (suppressed) return true;
    void* asked = const_cast<ReportDesc*>(report);
    const char* kind = nullptr;
    std::array<int, 7> counts{};
    std::array<void*, 1> sleep{};
    __tsan_get_report_data(asked, &kind, &counts[0], &counts[1], &counts[2], &counts[3], &counts[4],
                           &counts[5], &counts[6], sleep.data(), sleep.size());
    for (int access = 0; access < counts[2]; ++access)
        if (no_frame_of_ours(asked, access)) return true;
    return false;
}

}  // namespace __tsan
