#include "analysis/shuffling.h"

#include <numeric>
#include <utility>

#include "core/digest.h"

namespace faultline::analysis {

Shuffling::Shuffling(const char* purpose, std::uint64_t seed)
    : bits_(Digest().add(purpose).add(seed).word()) {}

std::vector<Eigen::Index> Shuffling::order(Eigen::Index n) {
    std::vector<Eigen::Index> result(static_cast<std::size_t>(n));
    std::iota(result.begin(), result.end(), 0);
    for (std::size_t i = result.size(); i > 1; --i) {
        // 53 bits times fewer than 2^31 places: the bias towards any is below 2^-22.
        const double uniform = static_cast<double>(bits_() >> 11) * 0x1p-53;
        std::swap(result[i - 1],
                  result[static_cast<std::size_t>(uniform * static_cast<double>(i))]);
    }
    return result;
}

}  // namespace faultline::analysis
