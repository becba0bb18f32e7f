#include "analysis/in_parallel.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <vector>

namespace faultline::analysis {

void in_parallel(std::size_t n, const std::function<void(std::size_t, std::size_t)>& work) {
    const std::size_t parts =
        std::min<std::size_t>(n, std::max(1U, std::thread::hardware_concurrency()));
    if (parts <= 1) {
        if (n > 0) work(0, n);
        return;
    }
    std::vector<std::exception_ptr> failed(parts);
    const auto part = [&](std::size_t p) {
        try {
            work(n * p / parts, n * (p + 1) / parts);
        } catch (...) {
            failed[p] = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> threads;
        threads.reserve(parts - 1);
        for (std::size_t p = 1; p < parts; ++p) threads.emplace_back(part, p);
        part(0);
    }
    for (const auto& exception : failed)
        if (exception) std::rethrow_exception(exception);
}

}  // namespace faultline::analysis
