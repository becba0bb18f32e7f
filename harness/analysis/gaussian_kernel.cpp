#include "analysis/gaussian_kernel.h"

namespace faultline::analysis {

Eigen::MatrixXd centred_gaussian_kernel(const Eigen::Ref<const Eigen::ArrayXd>& values) {
    const Eigen::Index n = values.size();
    const double mean = values.mean(),
                 variance = (values - mean).square().sum() / static_cast<double>(n - 1);
    constexpr double left_over = 1e-13;
    Eigen::MatrixXd g(n, 32);
    Eigen::ArrayXd diagonal = Eigen::ArrayXd::Ones(n);
    Eigen::Index rank = 0;
    while (rank < n && diagonal.sum() > left_over * static_cast<double>(n)) {
        Eigen::Index pivot = 0;
        const double largest = diagonal.maxCoeff(&pivot);
        if (!(largest > 0)) break;
        if (rank == g.cols()) g.conservativeResize(Eigen::NoChange, 2 * rank);
        Eigen::VectorXd column =
            (-(values - values(pivot)).square() / (2 * variance)).exp().matrix();
        column.noalias() -= g.leftCols(rank) * g.row(pivot).head(rank).transpose();
        g.col(rank) = column / std::sqrt(largest);
        diagonal = (diagonal - g.col(rank).array().square()).max(0);
        diagonal(pivot) = 0;
        ++rank;
    }
    g.conservativeResize(Eigen::NoChange, rank);
    g.rowwise() -= g.colwise().mean();
    return g;
}

}  // namespace faultline::analysis
