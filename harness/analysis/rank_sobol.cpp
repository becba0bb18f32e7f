#include "analysis/rank_sobol.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <limits>

#include "analysis/require.h"
#include "analysis/shuffling.h"
#include "analysis/surviving_runs.h"
#include "core/special_values.h"

namespace faultline::analysis {
namespace {

constexpr Eigen::Index most_blocks = 20, least_runs = 40;
constexpr int cuts = 8;

/// Runs in the order of one factor's values, equal ones in the order of `lots`.
std::vector<Eigen::Index> sorted_by(const Eigen::Ref<const Eigen::ArrayXd>& values,
                                    const std::vector<Eigen::Index>& lots) {
    std::vector<Eigen::Index> order = lots;
    std::stable_sort(order.begin(), order.end(),
                     [&](Eigen::Index a, Eigen::Index b) { return values(a) < values(b); });
    return order;
}

/// Sums along the chain of one block's runs.
struct Chain {
    double count = 0, sum = 0, squares = 0, products = 0, first = 0, last = 0;

    void add(double y) {
        if (count == 0) first = y;
        products += count == 0 ? 0 : last * y;
        last = y;
        count += 1;
        sum += y;
        squares += y * y;
    }
    /// NaN where nothing changes.
    [[nodiscard]] double index() const {
        const double mean = sum / count, variance = squares / count - mean * mean;
        constexpr double rounding = 1e-14;
        if (count < 2 || variance <= rounding * mean * mean) return nothing;
        return ((products + last * first) / count - mean * mean) / variance;
    }
};

/// The chains of all blocks. `order` is the runs by the factor, `block_of` the block of each run.
std::vector<Chain> chains(const Eigen::ArrayXd& y, const std::vector<Eigen::Index>& order,
                          const Eigen::ArrayXi& block_of, Eigen::Index blocks) {
    std::vector<Chain> result(static_cast<std::size_t>(blocks));
    for (const Eigen::Index run : order)
        result[static_cast<std::size_t>(block_of(run))].add(y(run));
    return result;
}

/// Variance of the index over all runs, from that of its blocks; infinite where they tell nothing.
double variance_from(const std::vector<Chain>& blocks) {
    double count = 0, sum = 0, squares = 0;
    for (const Chain& chain : blocks) {
        const double value = chain.index();
        if (std::isnan(value)) continue;
        count += 1;
        sum += value;
        squares += value * value;
    }
    if (count < 2) return infinity;
    const double mean = sum / count;
    return std::max(0.0, squares / count - mean * mean) / (count - 1);
}

}  // namespace

std::vector<Estimates> rank_sobol_indices(const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
                                          const Eigen::Ref<const Eigen::ArrayXXd>& outputs,
                                          const RankOptions& options) {
    require_confidence(options.confidence);
    std::vector<Estimates> result = nothing_known(inputs, outputs);
    for (const SurvivingRuns& group : surviving_runs(outputs)) {
        const auto n = static_cast<Eigen::Index>(group.runs.size());
        if (n < 2) continue;
        const Eigen::ArrayXXd x = inputs(group.runs, Eigen::all);
        Shuffling shuffling("rank sobol", options.seed);
        const std::vector<Eigen::Index> lots = shuffling.order(n);
        const Eigen::Index blocks = std::min(most_blocks, n / least_runs);
        std::vector<Eigen::ArrayXi> cut(blocks < 2 ? 0 : cuts, Eigen::ArrayXi(n));
        for (auto& block_of : cut) {
            const auto order = shuffling.order(n);
            for (Eigen::Index i = 0; i < n; ++i)
                block_of(order[static_cast<std::size_t>(i)]) = static_cast<int>(i % blocks);
        }
        double width = infinity;
        if (blocks >= 2) {
            const boost::math::students_t t(static_cast<double>(blocks - 1));
            width = quantile(complement(t, (1 - options.confidence) / 2));
        }
        for (Eigen::Index j = 0; j < x.cols(); ++j) {
            const auto order = sorted_by(x.col(j), lots);
            const bool still = x(order.front(), j) == x(order.back(), j);
            for (const Eigen::Index o : group.outputs) {
                const Eigen::ArrayXd y = centred(outputs(group.runs, o));
                Estimates& entry = result[static_cast<std::size_t>(j)];
                if ((y == 0).all()) {
                    entry.estimate(o) = entry.low(o) = entry.high(o) = 0;
                    continue;
                }
                if (still) continue;
                const double value = chains(y, order, Eigen::ArrayXi::Zero(n), 1).front().index();
                double variance = 0;
                for (const auto& block_of : cut)
                    variance += variance_from(chains(y, order, block_of, blocks)) / cuts;
                const double reach = cut.empty() ? infinity : width * std::sqrt(variance);
                entry.estimate(o) = value;
                entry.low(o) = value - reach;
                entry.high(o) = value + reach;
            }
        }
    }
    return result;
}

}  // namespace faultline::analysis
