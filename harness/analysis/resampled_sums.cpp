#include "analysis/resampled_sums.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "analysis/vector_size.h"
#include "core/digest.h"
#include "core/error.h"

namespace faultline::analysis {
namespace {

constexpr std::size_t tile = 64, lanes = 8, strip = 4;

constexpr std::size_t rounded_up(std::size_t n, std::size_t to) {
    return (n + to - 1) / to * to;
}

/// sums += weights · terms for `strip` resamples and `lanes` columns over `rows` rows: 32 sums that
/// stay in registers. `terms` is rows × lanes, `weights` rows × strip, `sums` strip × lanes.
FAULTLINE_BY_VECTOR_SIZE
void add_products(const double* __restrict terms, const double* __restrict weights,
                  std::size_t rows, double* __restrict sums) {
    using Lanes [[gnu::vector_size(lanes * sizeof(double)), gnu::aligned(8), gnu::may_alias]] =
        double;
    Lanes s0 = *reinterpret_cast<const Lanes*>(sums),
          s1 = *reinterpret_cast<const Lanes*>(sums + lanes),
          s2 = *reinterpret_cast<const Lanes*>(sums + 2 * lanes),
          s3 = *reinterpret_cast<const Lanes*>(sums + 3 * lanes);
    for (std::size_t i = 0; i < rows; ++i) {
        const Lanes t = *reinterpret_cast<const Lanes*>(terms + i * lanes);
        const double* w = weights + i * strip;
        s0 += t * w[0];
        s1 += t * w[1];
        s2 += t * w[2];
        s3 += t * w[3];
    }
    *reinterpret_cast<Lanes*>(sums) = s0;
    *reinterpret_cast<Lanes*>(sums + lanes) = s1;
    *reinterpret_cast<Lanes*>(sums + 2 * lanes) = s2;
    *reinterpret_cast<Lanes*>(sums + 3 * lanes) = s3;
}

}  // namespace

ResampleCounts::ResampleCounts(std::size_t rows, std::uint64_t resamples, std::uint64_t seed)
    : rows_(rows), resamples_(resamples) {
    constexpr std::uint64_t most_numbers = 500'000'000;
    if (resamples > most_numbers / std::max<std::uint64_t>(rows, 1))
        throw Error(ErrorKind::user, fmt::format("{} resamples of {} rows would not fit into "
                                                 "memory; ask for fewer",
                                                 resamples, rows));
    std::mt19937_64 bits(Digest().add("resampling").add(seed).word());
    counts_.resize(rows_ * resamples_);
    for (std::size_t r = 0; r < resamples_; ++r)
        for (std::size_t i = 0; i < rows_; ++i) {
            // 53 bits times fewer than 2^31 rows: the bias towards any row is below 2^-22.
            const double uniform = static_cast<double>(bits() >> 11) * 0x1p-53;
            ++counts_[r * rows_ + static_cast<std::size_t>(uniform * static_cast<double>(rows_))];
        }
}

ResampledSums::ResampledSums(const ResampleCounts& counts, std::size_t columns)
    : counts_(counts),
      columns_(columns),
      wide_(rounded_up(columns, lanes)),
      high_(rounded_up(counts.resamples(), strip)),
      terms_(tile * wide_),
      packed_(tile * wide_),
      weights_(tile * high_),
      sums_(high_ * wide_) {}

double* ResampledSums::terms_of(std::size_t row) {
    if (held_.size() == tile) flush();
    held_.push_back(row);
    return terms_.data() + (held_.size() - 1) * wide_;
}

void ResampledSums::flush() {
    const std::size_t rows = held_.size();
    // Both in the order in which add_products() reads them.
    for (std::size_t c = 0; c < wide_; c += lanes)
        for (std::size_t i = 0; i < rows; ++i)
            std::copy_n(terms_.data() + i * wide_ + c, lanes,
                        packed_.data() + c * tile + i * lanes);
    for (std::size_t r = 0; r < counts_.resamples(); ++r)
        for (std::size_t i = 0; i < rows; ++i)
            weights_[r / strip * strip * tile + i * strip + r % strip] =
                static_cast<double>(counts_(r, held_[i]));
    for (std::size_t c = 0; c < wide_; c += lanes)
        for (std::size_t r = 0; r < high_; r += strip)
            add_products(packed_.data() + c * tile, weights_.data() + r * tile, rows,
                         sums_.data() + (c / lanes * high_ + r) * lanes);
    held_.clear();
}

std::vector<double> ResampledSums::finish(std::size_t resample) {
    if (!held_.empty()) flush();
    std::vector<double> result(columns_);
    for (std::size_t c = 0; c < columns_; ++c)
        result[c] = sums_[(c / lanes * high_ + resample) * lanes + c % lanes];
    return result;
}

}  // namespace faultline::analysis
