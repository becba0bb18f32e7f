#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace faultline::analysis {

/// How often each row is drawn in each resample (Efron 1979), the same draws as
/// resampling_weights(), in two bytes each. Throws Error(user) where that would not fit into
/// memory.
class ResampleCounts {
  public:
    ResampleCounts(std::size_t rows, std::uint64_t resamples, std::uint64_t seed);

    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] std::size_t resamples() const { return resamples_; }
    [[nodiscard]] std::uint16_t operator()(std::size_t resample, std::size_t row) const {
        return counts_[resample * rows_ + row];
    }

  private:
    std::size_t rows_, resamples_;
    std::vector<std::uint16_t> counts_;
};

/// Sums of terms over the rows of every resample: the product of counts (resamples × rows) and
/// terms (rows × columns), a few rows at a time, so that neither is in memory as a whole and the
/// terms are still in cache. Each sum adds its rows in their order, whatever the machine's vectors.
class ResampledSums {
  public:
    ResampledSums(const ResampleCounts& counts, std::size_t columns);

    /// Where to put the terms of `row`, `columns` of them; rows come in ascending order.
    [[nodiscard]] double* terms_of(std::size_t row);
    /// Sums of one resample, once all rows are there.
    [[nodiscard]] std::vector<double> finish(std::size_t resample);

  private:
    void flush();

    const ResampleCounts& counts_;
    std::size_t columns_, wide_, high_;
    std::vector<double> terms_, packed_, weights_, sums_;
    std::vector<std::size_t> held_;  ///< the rows whose terms wait
};

}  // namespace faultline::analysis
