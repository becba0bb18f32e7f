#include "analysis/resampled_sums.h"

#include <algorithm>

#include "analysis/vector_size.h"

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

ResampledSums::ResampledSums(const ResampleCounts& counts, std::size_t from, std::size_t to,
                             std::size_t columns)
    : counts_(counts),
      from_(from),
      to_(to),
      columns_(columns),
      wide_(rounded_up(columns, lanes)),
      high_(rounded_up(to - from, strip)),
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
    for (std::size_t r = 0; r < to_ - from_; ++r)
        for (std::size_t i = 0; i < rows; ++i)
            weights_[r / strip * strip * tile + i * strip + r % strip] =
                static_cast<double>(counts_(from_ + r, held_[i]));
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
        result[c] = sums_[(c / lanes * high_ + resample - from_) * lanes + c % lanes];
    return result;
}

}  // namespace faultline::analysis
