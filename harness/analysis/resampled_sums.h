#pragma once

#include <cstddef>
#include <vector>

#include "analysis/resampling.h"

namespace faultline::analysis {

/// Sums of terms over the rows of every resample: the product of counts (resamples × rows) and
/// terms (rows × columns), a few rows at a time, so that neither is in memory as a whole and the
/// terms are still in cache. Each sum adds its rows in their order, whatever the machine's vectors.
class ResampledSums {
  public:
    /// Of resamples [from, to) of `counts`, which outlive this.
    ResampledSums(const ResampleCounts& counts, std::size_t from, std::size_t to,
                  std::size_t columns);

    /// Where to put the terms of `row`, `columns` of them; rows come in ascending order.
    [[nodiscard]] double* terms_of(std::size_t row);
    /// Sums of one resample, counted as in `counts`, once all rows are there.
    [[nodiscard]] std::vector<double> finish(std::size_t resample);

  private:
    void flush();

    const ResampleCounts& counts_;
    std::size_t from_, to_, columns_, wide_, high_;
    std::vector<double> terms_, packed_, weights_, sums_;
    std::vector<std::size_t> held_;  ///< the rows whose terms wait
};

}  // namespace faultline::analysis
