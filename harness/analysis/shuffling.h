#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <random>
#include <vector>

namespace faultline::analysis {

/// Orders of 0 … n − 1, each as likely as any other (Fisher & Yates 1938). Seeded by purpose, so
/// that two uses of one seed are independent; the same on every machine.
class Shuffling {
  public:
    Shuffling(const char* purpose, std::uint64_t seed);
    [[nodiscard]] std::vector<Eigen::Index> order(Eigen::Index n);

  private:
    std::mt19937_64 bits_;
};

}  // namespace faultline::analysis
