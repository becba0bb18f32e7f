#include "analysis/first_and_total.h"

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/in_parallel.h"
#include "analysis/one_pass.h"
#include "analysis/resampling.h"
#include "analysis/vector_size.h"
#include "core/blocks.h"
#include "core/special_values.h"

namespace faultline::analysis {
namespace {

using Eigen::Index;

/// What is summed for every estimator, behind the columns of its own.
enum Scalar : Index { rows_in, sum_a, sum_b, sum_aa, sum_bb, scalars };

/// Into its place, or onto what is there.
template <bool adding>
[[gnu::always_inline]] inline void put(double value, double& place) {
    place = adding ? place + value : value;
}

template <bool adding>
[[gnu::always_inline]] inline void scalar_terms(double a, double b, double* terms) {
    put<adding>(1, terms[rows_in]);
    put<adding>(a, terms[sum_a]);
    put<adding>(b, terms[sum_b]);
    put<adding>(a * a, terms[sum_aa]);
    put<adding>(b * b, terms[sum_bb]);
}

/// Terms of one base row A, AB_1 … AB_k, B: one column a factor after the other, then the scalars.
template <bool adding>
[[gnu::always_inline]] inline void saltelli(const double* __restrict row, Index k,
                                            double* __restrict terms) {
    const double a = row[0], b = row[k + 1];
    const double* ab = row + 1;
    for (Index j = 0; j < k; ++j) {
        const double step = ab[j] - a;
        put<adding>(b * step, terms[j]);
        put<adding>(step * step / 2, terms[k + j]);
    }
    scalar_terms<adding>(a, b, terms + 2 * k);
}

template <bool adding>
[[gnu::always_inline]] inline void martinez(const double* __restrict row, Index k,
                                            double* __restrict terms) {
    const double a = row[0], b = row[k + 1];
    const double* ab = row + 1;
    for (Index j = 0; j < k; ++j) {
        const double value = ab[j], step = value - a;
        put<adding>(value, terms[j]);
        put<adding>(value * value, terms[k + j]);
        put<adding>(b * value, terms[2 * k + j]);
        put<adding>(step * step / 2, terms[3 * k + j]);
    }
    scalar_terms<adding>(a, b, terms + 4 * k);
}

FAULTLINE_BY_VECTOR_SIZE void saltelli_terms(const double* row, Index k, double* terms) {
    saltelli<false>(row, k, terms);
}
FAULTLINE_BY_VECTOR_SIZE void add_saltelli_terms(const double* row, Index k, double* sums) {
    saltelli<true>(row, k, sums);
}
FAULTLINE_BY_VECTOR_SIZE void martinez_terms(const double* row, Index k, double* terms) {
    martinez<false>(row, k, terms);
}
FAULTLINE_BY_VECTOR_SIZE void add_martinez_terms(const double* row, Index k, double* sums) {
    martinez<true>(row, k, sums);
}

/// V, and how a block of rows would move it.
struct Variance {
    explicit Variance(const double* sums)
        : rows(sums[rows_in]),
          middle((sums[sum_a] + sums[sum_b]) / (2 * rows)),
          value((sums[sum_aa] + sums[sum_bb]) / (2 * rows) - middle * middle) {}
    [[nodiscard]] double of_block(const double* sums) const {
        return (sums[sum_aa] + sums[sum_bb]) / 2 - middle * (sums[sum_a] + sums[sum_b]) +
               sums[rows_in] * middle * middle;
    }
    double rows, middle, value;
};

/// An estimator is: the terms of a base row, columns of one a factor and then the scalars, which
/// are summed over rows; the indices that follow from sums; and the influence on them of a block
/// of rows (times their number), from the block's own sums.
struct Saltelli {
    static constexpr Index columns = 2;

    static constexpr auto* terms = saltelli_terms;
    static constexpr auto* add_terms = add_saltelli_terms;
    Saltelli(const double* sums, Index k) : variance(sums + columns * k), first(k), total(k) {
        for (Index j = 0; j < k; ++j) {
            first[j] = sums[j] / variance.rows / variance.value;
            total[j] = sums[k + j] / variance.rows / variance.value;
        }
    }
    void influence(const double* sums, double* on_first, double* on_total) const {
        const Index k = first.size();
        const double of_variance = variance.of_block(sums + columns * k);
        for (Index j = 0; j < k; ++j) {
            on_first[j] = (sums[j] - first[j] * of_variance) / variance.value;
            on_total[j] = (sums[k + j] - total[j] * of_variance) / variance.value;
        }
    }
    Variance variance;
    Eigen::ArrayXd first, total;
};

struct Martinez {
    static constexpr Index columns = 4;

    static constexpr auto* terms = martinez_terms;
    static constexpr auto* add_terms = add_martinez_terms;
    Martinez(const double* sums, Index k)
        : variance(sums + columns * k),
          first(k),
          total(k),
          mean_b(sums[columns * k + sum_b] / variance.rows),
          variance_b(sums[columns * k + sum_bb] / variance.rows - mean_b * mean_b),
          mean(k),
          spread(k) {
        // A side that never changes, up to the rounding of its own sums.
        constexpr double rounding = 1e-14;
        for (Index j = 0; j < k; ++j) {
            mean[j] = sums[j] / variance.rows;
            spread[j] = sums[k + j] / variance.rows - mean[j] * mean[j];
            const double together = sums[2 * k + j] / variance.rows - mean_b * mean[j];
            const bool flat = spread[j] <= rounding * mean[j] * mean[j] ||
                              variance_b <= rounding * mean_b * mean_b;
            const double r = together / (std::sqrt(variance_b) * std::sqrt(spread[j]));
            first[j] = flat ? nothing : std::max(-1.0, std::min(1.0, r));
            total[j] = sums[3 * k + j] / variance.rows / variance.value;
        }
    }
    void influence(const double* sums, double* on_first, double* on_total) const {
        const Index k = first.size();
        const double *scalar = sums + columns * k, rows = scalar[rows_in],
                     of_variance = variance.of_block(scalar),
                     of_b = (scalar[sum_bb] - 2 * mean_b * scalar[sum_b] + rows * mean_b * mean_b) /
                            variance_b,
                     deviation_b = std::sqrt(variance_b);
        for (Index j = 0; j < k; ++j) {
            const double of_ab =
                (sums[k + j] - 2 * mean[j] * sums[j] + rows * mean[j] * mean[j]) / spread[j];
            const double of_both = (sums[2 * k + j] - mean_b * sums[j] - mean[j] * scalar[sum_b] +
                                    rows * mean_b * mean[j]) /
                                   (deviation_b * std::sqrt(spread[j]));
            on_first[j] = of_both - first[j] / 2 * (of_b + of_ab);
            on_total[j] = (sums[3 * k + j] - total[j] * of_variance) / variance.value;
        }
    }
    Variance variance;
    Eigen::ArrayXd first, total;
    double mean_b, variance_b;
    Eigen::ArrayXd mean, spread;
};

/// The squares of influences, summed over blocks.
struct Spread {
    explicit Spread(Index k) : first(Eigen::ArrayXd::Zero(k)), total(first), on_(2 * k) {}

    template <typename Estimator>
    void add(const Estimator& estimator, const double* sums) {
        const Index k = first.size();
        estimator.influence(sums, on_.data(), on_.data() + k);
        first += on_.head(k).square();
        total += on_.tail(k).square();
    }
    Eigen::ArrayXd first, total;

  private:
    Eigen::ArrayXd on_;
};

/// In roots of summed squares, of influences on a mean over `rows`.
double half_width(double groups, double rows, double confidence) {
    if (groups < 2) return infinity;
    const boost::math::students_t t(groups - 1);
    return quantile(complement(t, (1 - confidence) / 2)) * std::sqrt(groups / (groups - 1)) / rows;
}

void put_interval(const Eigen::ArrayXd& squares, double reach, Eigen::ArrayX3d& result) {
    // 0 · inf: too few blocks say nothing, also where they agree.
    const Eigen::ArrayXd off =
        std::isinf(reach) ? Eigen::ArrayXd(Eigen::ArrayXd::Constant(squares.size(), infinity))
                          : Eigen::ArrayXd(squares.sqrt() * reach);
    result.col(1) = result.col(0) - off;
    result.col(2) = result.col(0) + off;
}

/// Low and high from the sums of blocks, columns of `of_block`; blocks without a row are none.
template <typename Estimator>
void put_intervals_of_blocks(const Estimator& estimator, const Eigen::ArrayXXd& of_block, Index k,
                             double confidence, FirstAndTotal& result) {
    Spread spread(k);
    double groups = 0, rows = 0;
    for (const auto& block : of_block.colwise()) {
        const double mine = block(Estimator::columns * k + rows_in);
        if (mine == 0) continue;
        spread.add(estimator, block.data());
        ++groups;
        rows += mine;
    }
    const double reach = half_width(groups, rows, confidence);
    put_interval(spread.first, reach, result.first);
    put_interval(spread.total, reach, result.total);
}

template <typename Estimator>
class Analysis {
  public:
    Analysis(const RadialOutput& output, const SobolOptions& options)
        : output_(output),
          options_(options),
          k_(output.factors()),
          width_(Estimator::columns * k_ + scalars),
          values_(k_ + 2),
          terms_(width_) {}

    FirstAndTotal operator()(const ResampleCounts* counts) {
        const auto rows = static_cast<std::uint64_t>(output_.rows());
        const std::uint64_t blocks =
            options_.interval == Interval::replicates ? blocks_in(rows, options_.replicates) : 1;
        Eigen::ArrayXXd of_block = Eigen::ArrayXXd::Zero(width_, static_cast<Index>(blocks));
        for (Index i = 0; i < output_.rows(); ++i) {
            if (!output_.kept(i)) continue;
            output_.row(i, values_.data());
            const std::uint64_t block = block_of(static_cast<std::uint64_t>(i), rows, blocks);
            Estimator::add_terms(values_.data(), k_,
                                 of_block.col(static_cast<Index>(block)).data());
        }
        const Eigen::ArrayXd sums = of_block.rowwise().sum();
        const Estimator estimator(sums.data(), k_);
        FirstAndTotal result{Eigen::ArrayX3d(k_, 3), Eigen::ArrayX3d(k_, 3)};
        result.first.col(0) = estimator.first;
        result.total.col(0) = estimator.total;
        if (options_.interval == Interval::bootstrap) {
            resample(*counts, result);
            return result;
        }
        if (options_.interval == Interval::replicates) {
            put_intervals_of_blocks(estimator, of_block, k_, options_.confidence, result);
            return result;
        }
        Spread spread(k_);
        for (Index i = 0; i < output_.rows(); ++i) {
            if (!output_.kept(i)) continue;
            fill(i, terms_.data());
            spread.add(estimator, terms_.data());
        }
        const auto count = static_cast<double>(output_.count());
        const double reach = half_width(count, count, options_.confidence);
        put_interval(spread.first, reach, result.first);
        put_interval(spread.total, reach, result.total);
        return result;
    }

  private:
    void fill(Index row, double* terms) {
        output_.row(row, values_.data());
        Estimator::terms(values_.data(), k_, terms);
    }

    void resample(const ResampleCounts& counts, FirstAndTotal& result) {
        const auto resamples = static_cast<Index>(counts.resamples());
        Eigen::ArrayXXd first(resamples, k_), total(resamples, k_);
        const auto of_some = [&](std::size_t from, std::size_t to) {
            ResampledSums sums(counts, from, to, static_cast<std::size_t>(width_));
            Eigen::ArrayXd values(k_ + 2);
            for (Index i = 0; i < output_.rows(); ++i) {
                if (!output_.kept(i)) continue;
                output_.row(i, values.data());
                Estimator::terms(values.data(), k_, sums.terms_of(static_cast<std::size_t>(i)));
            }
            for (std::size_t r = from; r < to; ++r) {
                const std::vector<double> of_resample = sums.finish(r);
                const Estimator again(of_resample.data(), k_);
                first.row(static_cast<Index>(r)) = again.first.transpose();
                total.row(static_cast<Index>(r)) = again.total.transpose();
            }
        };
        // A thread costs more than some million products.
        if (output_.rows() * width_ * resamples < 20'000'000) {
            of_some(0, counts.resamples());
        } else {
            in_parallel(counts.resamples(), of_some);
        }
        // A resample in which nothing changes is a quotient of nothings.
        const auto bounds = [&](const Eigen::ArrayXXd& values, Eigen::ArrayX3d& of) {
            Estimates spread;
            spread.estimate = of.col(0);
            percentiles(values.isFinite().select(values, nothing), options_.confidence, spread);
            of.col(1) = spread.low;
            of.col(2) = spread.high;
        };
        bounds(first, result.first);
        bounds(total, result.total);
    }

    const RadialOutput& output_;
    const SobolOptions& options_;
    Index k_, width_;
    Eigen::ArrayXd values_, terms_;
};

void settle(const RadialOutput& output, Eigen::ArrayX3d& found) {
    for (Index j = 0; j < found.rows(); ++j) {
        const bool enough = output.count() >= 2;
        if (enough && output.constant()) {
            found.row(j) = 0;
            continue;
        }
        if (!enough || !std::isfinite(found(j, 0))) found(j, 0) = nothing;
        if (std::isnan(found(j, 0)) || std::isnan(found(j, 1)) || std::isnan(found(j, 2))) {
            found(j, 1) = -infinity;
            found(j, 2) = infinity;
        }
    }
}

/// The first row whose block_of() is `block`.
std::uint64_t start_of_block(std::uint64_t block, std::uint64_t rows, std::uint64_t blocks) {
    return (block * rows + blocks - 1) / blocks;
}

/// About where the numbers lie: the median of some A and B, which one outlier does not drag along.
/// NaN where none of them is finite.
double pivot_of(const double* runs, Index rows, Index step) {
    std::array<double, 128> some{};
    std::size_t count = 0;
    for (Index i = 0; i < std::min<Index>(rows, some.size() / 2); ++i)
        for (const double value : {runs[i * step], runs[(i + 1) * step - 1]})
            if (std::isfinite(value)) some[count++] = value;
    if (count == 0) return nothing;
    const auto middle = some.begin() + static_cast<std::ptrdiff_t>(count / 2);
    std::nth_element(some.begin(), middle, some.begin() + static_cast<std::ptrdiff_t>(count));
    return *middle;
}

/// Whether sums about a pivot lost no more than a digit to its distance from the mean, and squares
/// neither overflowed nor vanished.
bool ordinary(const Martinez& estimator, const Eigen::ArrayXd& sums) {
    constexpr double far = 16, tiny = 1e-200, huge = 1e200;
    const auto good = [&](double mean, double variance) {
        return variance > tiny && variance < huge && mean * mean <= far * variance;
    };
    return sums.isFinite().all() && good(estimator.variance.middle, estimator.variance.value) &&
           good(estimator.mean_b, estimator.variance_b) &&
           (estimator.spread > tiny && estimator.mean.square() <= far * estimator.spread).all();
}

}  // namespace

std::optional<FirstAndTotal> first_and_total_in_one_pass(
    const Eigen::Ref<const Eigen::ArrayXd>& outputs, Index factors, const SobolOptions& options,
    bool on_all_cores) {
    if (options.first != FirstOrder::martinez || options.interval != Interval::replicates ||
        options.second_order)
        return std::nullopt;
    const Index step = factors + 2, rows = outputs.size() / step;
    if (rows < 2) return std::nullopt;
    const double pivot = pivot_of(outputs.data(), rows, step);
    if (!std::isfinite(pivot)) return std::nullopt;
    const auto all = static_cast<std::uint64_t>(rows);
    const std::uint64_t blocks = blocks_in(all, options.replicates);
    Eigen::ArrayXXd of_block =
        Eigen::ArrayXXd::Zero(Martinez::columns * factors + scalars, static_cast<Index>(blocks));
    const auto sum_up = [&](std::size_t from, std::size_t to) {
        for (std::uint64_t block = from; block < to; ++block) {
            const auto start = static_cast<Index>(start_of_block(block, all, blocks)),
                       end = static_cast<Index>(start_of_block(block + 1, all, blocks));
            add_martinez_sums(outputs.data() + start * step, end - start, step, factors, pivot,
                              of_block.col(static_cast<Index>(block)).data());
        }
    };
    // A thread costs more than some hundred thousand numbers.
    if (on_all_cores && outputs.size() > 500'000)
        in_parallel(blocks, sum_up);
    else
        sum_up(0, blocks);
    const Eigen::ArrayXd sums = of_block.rowwise().sum();
    const Martinez estimator(sums.data(), factors);
    if (!ordinary(estimator, sums)) return std::nullopt;
    FirstAndTotal result{Eigen::ArrayX3d(factors, 3), Eigen::ArrayX3d(factors, 3)};
    result.first.col(0) = estimator.first;
    result.total.col(0) = estimator.total;
    put_intervals_of_blocks(estimator, of_block, factors, options.confidence, result);
    return result;
}

FirstAndTotal first_and_total(const RadialOutput& output, const SobolOptions& options,
                              const ResampleCounts* counts) {
    FirstAndTotal result = options.first == FirstOrder::saltelli
                               ? Analysis<Saltelli>(output, options)(counts)
                               : Analysis<Martinez>(output, options)(counts);
    settle(output, result.first);
    settle(output, result.total);
    return result;
}

}  // namespace faultline::analysis
