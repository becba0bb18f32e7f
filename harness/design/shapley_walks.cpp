#include <algorithm>
#include <numeric>

#include "design/replicated_points.h"
#include "design/sample_size.h"
#include "design/samplers.h"
#include "design/seeded_bits.h"

namespace faultline::design {

Sample shapley_sample(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed,
                      const ShapleyOptions& options) {
    const auto members = members_of(options.groups, factors);
    const Sample base = replicated_points(times(factors, 2), rows, seed, options.replicates);
    Sample sample = sized_sample(times(rows, members.size() + 1), factors);
    const auto k = static_cast<Eigen::Index>(factors);

    SeededBits random("shapley walks", seed);
    std::vector<std::size_t> order(members.size());
    std::iota(order.begin(), order.end(), 0);
    Eigen::Index run = 0;
    for (Eigen::Index walk = 0; walk < base.rows(); ++walk) {
        if (walk % 2 == 1) {
            std::reverse(order.begin(), order.end());
        } else {
            for (std::size_t i = order.size(); i > 1; --i)
                std::swap(order[i - 1], order[random.whole(i)]);
        }
        sample.row(run++) = base.row(walk).head(k);
        for (const std::size_t player : order) {
            sample.row(run) = sample.row(run - 1);
            for (const std::uint64_t factor : members[player]) {
                const auto j = static_cast<Eigen::Index>(factor);
                sample(run, j) = base(walk, k + j);
            }
            ++run;
        }
    }
    return sample;
}

}  // namespace faultline::design
