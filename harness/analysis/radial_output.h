#pragma once

#include <Eigen/Core>
#include <vector>

namespace faultline::analysis {

/// The runs of one output of a radial design (design/samplers.h), read where they stand: A, AB_1 …,
/// (BA_1 …), B for each base row. Nothing is copied but the row in hand.
class RadialOutput {
  public:
    /// `outputs` outlives this and holds a whole number of base rows.
    RadialOutput(const Eigen::Ref<const Eigen::ArrayXd>& outputs, Eigen::Index factors,
                 bool second_order);

    [[nodiscard]] Eigen::Index rows() const { return rows_; }
    [[nodiscard]] Eigen::Index factors() const { return factors_; }
    /// Whether all runs of the row have a finite output.
    [[nodiscard]] bool kept(Eigen::Index row) const {
        return kept_[static_cast<std::size_t>(row)] != 0;
    }
    [[nodiscard]] Eigen::Index count() const { return count_; }
    /// Nothing but rounding moves this output.
    [[nodiscard]] bool constant() const { return constant_; }

    /// A, AB_1 … AB_k and B of a kept row into `values` (factors + 2): less the mean of all runs
    /// kept, and by a power of two brought below 2 in size, lest squares overflow.
    void row(Eigen::Index row, double* values) const;

  private:
    void scan();

    const double* runs_;
    Eigen::Index rows_, factors_, step_, count_ = 0;
    std::vector<unsigned char> kept_;
    double scale_ = 1, pivot_ = 0, mean_ = 0;
    bool constant_ = false;
};

}  // namespace faultline::analysis
