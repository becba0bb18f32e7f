// Times the analyser on a file of raw doubles, runs × outputs, column by column, as compare.py
// writes it. Prints one JSON line: seconds of each way, the best of several, and the estimates, so
// that the script can hold them against its own.
//   timed_indices FILE FACTORS OUTPUTS RESAMPLES

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "analysis/sobol.h"

using namespace faultline::analysis;

namespace {

template <typename Work>
double seconds_of(const Work& work) {
    double best = 1e300, all = 0;
    // A second's worth of repetitions, at least two.
    for (int i = 0; i < 2 || (all < 1 && i < 50); ++i) {
        const auto start = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
        best = std::min(best, taken.count());
        all += taken.count();
    }
    return best;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) return std::fputs("FILE FACTORS OUTPUTS RESAMPLES\n", stderr), 3;
    const auto factors = std::stoull(argv[2]);
    const Eigen::Index outputs = std::stol(argv[3]);
    std::ifstream in(argv[1], std::ios::binary | std::ios::ate);
    const auto bytes = static_cast<Eigen::Index>(in.tellg());
    Eigen::ArrayXXd y(bytes / static_cast<Eigen::Index>(sizeof(double)) / outputs, outputs);
    in.seekg(0);
    in.read(reinterpret_cast<char*>(y.data()), bytes);

    // What reading the numbers once takes: eight sums at a time, as fast as memory hands them over.
    volatile double kept = 0;
    const double reading = seconds_of([&] {
        Eigen::Array<double, 8, 1> sums = Eigen::Array<double, 8, 1>::Zero();
        for (Eigen::Index i = 0; i + 8 <= y.size(); i += 8)
            sums += Eigen::Map<const Eigen::Array<double, 8, 1>>(y.data() + i);
        kept = sums.sum();
    });
    const auto timed = [&](FirstOrder first, Interval interval, SobolIndices& found) {
        SobolOptions options;
        options.first = first;
        options.interval = interval;
        options.resamples = std::stoull(argv[4]);
        return seconds_of([&] { found = sobol_indices(y, factors, options); });
    };
    SobolIndices found;
    const double delta = timed(FirstOrder::martinez, Interval::delta, found),
                 martinez = timed(FirstOrder::martinez, Interval::bootstrap, found),
                 replicates = timed(FirstOrder::martinez, Interval::replicates, found);
    std::vector<double> first, total, saltelli_first;
    for (std::size_t j = 0; j < factors; ++j) {
        first.push_back(found.first[j].estimate(0));
        total.push_back(found.total[j].estimate(0));
    }
    const double saltelli = timed(FirstOrder::saltelli, Interval::bootstrap, found);
    for (std::size_t j = 0; j < factors; ++j) saltelli_first.push_back(found.first[j].estimate(0));
    fmt::print(
        "{{\"reading\": {}, \"replicates\": {}, \"delta\": {}, \"martinez\": {}, \"saltelli\": {}, "
        "\"S1\": [{}], \"ST\": [{}], \"S1_saltelli\": [{}]}}\n",
        reading, replicates, delta, martinez, saltelli, fmt::join(first, ", "),
        fmt::join(total, ", "), fmt::join(saltelli_first, ", "));
    return 0;
}
