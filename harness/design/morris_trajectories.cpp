#include <algorithm>
#include <cmath>
#include <numeric>

#include "design/sample_size.h"
#include "design/samplers.h"
#include "design/seeded_bits.h"

namespace faultline::design {
namespace {

/// Trajectories drawn for each that is kept.
constexpr std::uint64_t spare = 4;

void draw_trajectory(Eigen::Ref<Sample> runs, std::uint64_t levels,
                     const std::vector<std::vector<std::uint64_t>>& members, SeededBits& random) {
    const auto width = static_cast<double>(levels - 1), step = static_cast<double>(levels / 2);
    std::vector<std::size_t> order(members.size());
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.whole(i)]);
    for (Eigen::Index j = 0; j < runs.cols(); ++j)
        runs(0, j) = static_cast<double>(random.whole(levels)) / width;
    Eigen::Index run = 0;
    for (const std::size_t group : order) {
        runs.row(run + 1) = runs.row(run);
        ++run;
        for (const std::uint64_t factor : members[group]) {
            // The grid is even, so just one of up and down stays on it.
            double& moved = runs(run, static_cast<Eigen::Index>(factor));
            const double level = std::round(moved * width);
            moved = (level < step ? level + step : level - step) / width;
        }
    }
}

/// Sum of the distances of every point of one trajectory to every point of the other.
double distance(const Eigen::Ref<const Sample>& a, const Eigen::Ref<const Sample>& b) {
    double sum = 0;
    for (Eigen::Index i = 0; i < a.rows(); ++i)
        sum += (b.rowwise() - a.row(i)).square().rowwise().sum().sqrt().sum();
    return sum;
}

/// The trajectories to keep, in the order drawn.
std::vector<Eigen::Index> far_apart(const Sample& pool, Eigen::Index length, Eigen::Index keep) {
    const Eigen::Index count = pool.rows() / length;
    const auto trajectory = [&](Eigen::Index t) { return pool.middleRows(t * length, length); };
    Eigen::ArrayXd spread = Eigen::ArrayXd::Zero(count);
    std::vector<Eigen::Index> kept;
    // The first is the first drawn: any would do, and looking for the best pair is quadratic.
    Eigen::Index next = 0;
    while (true) {
        kept.push_back(next);
        if (static_cast<Eigen::Index>(kept.size()) == keep) break;
        spread(next) = -1;
        for (Eigen::Index t = 0; t < count; ++t)
            if (spread(t) >= 0) {
                const double apart = distance(trajectory(next), trajectory(t));
                spread(t) += apart * apart;
            }
        spread.maxCoeff(&next);
    }
    std::sort(kept.begin(), kept.end());
    return kept;
}

}  // namespace

Sample morris_trajectories(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed,
                           std::uint64_t levels, bool optimised, const Groups& groups) {
    if (levels < 2 || levels % 2 != 0 || levels > 1'000'000)
        throw Error(ErrorKind::user,
                    fmt::format("found {} levels, expected an even number from 2 to 1000000: on an "
                                "odd grid the middle would be drawn more often",
                                levels));
    const std::uint64_t drawn = optimised ? times(rows, spare) : rows;
    const auto members = members_of(groups, factors);
    Sample pool = sized_sample(times(drawn, members.size() + 1), factors);
    SeededBits random("trajectories", seed);
    const auto length = static_cast<Eigen::Index>(members.size() + 1);
    for (Eigen::Index from = 0; from < pool.rows(); from += length)
        draw_trajectory(pool.middleRows(from, length), levels, members, random);
    if (!optimised) return pool;

    const std::vector<Eigen::Index> kept = far_apart(pool, length, static_cast<Eigen::Index>(rows));
    Sample sample(static_cast<Eigen::Index>(rows) * length, pool.cols());
    for (std::size_t t = 0; t < kept.size(); ++t)
        sample.middleRows(static_cast<Eigen::Index>(t) * length, length) =
            pool.middleRows(kept[t] * length, length);
    return sample;
}

Sample one_at_a_time_sample(std::uint64_t factors, std::uint64_t rows) {
    Sample sample = sized_sample(times(rows, factors + 1), factors);
    sample.setZero();
    for (Eigen::Index from = 0; from < sample.rows(); from += sample.cols() + 1)
        sample.middleRows(from + 1, sample.cols()).matrix().diagonal().setOnes();
    return sample;
}

void scale(Sample& sample, const std::vector<Bound>& bounds, double from) {
    if (static_cast<Eigen::Index>(bounds.size()) != sample.cols())
        throw Error(ErrorKind::user, fmt::format("found bounds for {} factors, expected {}",
                                                 bounds.size(), sample.cols()));
    for (Eigen::Index j = 0; j < sample.cols(); ++j) {
        const Bound& bound = bounds[static_cast<std::size_t>(j)];
        const auto share = ((sample.col(j) - from) / (1 - from)).eval();
        sample.col(j) = bound.low + share * (bound.high - bound.low);
    }
}

}  // namespace faultline::design
