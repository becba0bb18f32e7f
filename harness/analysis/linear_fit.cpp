#include "analysis/linear_fit.h"

#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <algorithm>
#include <limits>
#include <numeric>

#include "analysis/surviving_runs.h"
#include "core/error.h"

namespace faultline::analysis {
namespace {

/// Ranks 1 … n, ties in the middle.
Eigen::ArrayXd ranks(const Eigen::ArrayXd& values) {
    std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(),
              [&](Eigen::Index a, Eigen::Index b) { return values(a) < values(b); });
    Eigen::ArrayXd result(values.size());
    for (std::size_t from = 0; from < order.size();) {
        std::size_t end = from + 1;
        while (end < order.size() && values(order[end]) == values(order[from])) ++end;
        for (std::size_t i = from; i < end; ++i)
            result(order[i]) = (static_cast<double>(from + end) + 1) / 2;
        from = end;
    }
    return result;
}

/// Mean 0, standard deviation 1, in place; the standard deviation, or 0 with all values set to 0
/// where nothing but rounding moves them.
double standardise(Eigen::Ref<Eigen::ArrayXd> values) {
    const double largest = values.abs().maxCoeff();
    if (largest == 0) return 0;
    values /= largest;
    values -= values.mean();
    values -= values.mean();
    constexpr double rounding = 16 * std::numeric_limits<double>::epsilon();
    if (values.abs().maxCoeff() <= rounding) {
        values.setZero();
        return 0;
    }
    const double deviation = std::sqrt(values.square().mean());
    values /= deviation;
    return deviation * largest;
}

std::string names_of(const std::vector<Eigen::Index>& factors) {
    std::string names;
    for (const Eigen::Index j : factors)
        names += fmt::format("{}{}", names.empty() ? "" : ", ", j + 1);
    return names;
}

/// False where there are too few runs to fit.
bool solve(LinearFit& fit) {
    fit.freedom =
        static_cast<double>(fit.x.rows() - static_cast<Eigen::Index>(fit.factors.size()) - 1);
    if (fit.factors.empty() || fit.freedom < 0) return false;
    Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(fit.x);
    qr.setThreshold(1e-10);
    if (qr.rank() < fit.x.cols()) {
        // The columns that the pivoting came to last are combinations of the others.
        std::vector<Eigen::Index> dependent;
        for (Eigen::Index i = qr.rank(); i < fit.x.cols(); ++i)
            dependent.push_back(
                fit.factors[static_cast<std::size_t>(qr.colsPermutation().indices()(i))]);
        std::sort(dependent.begin(), dependent.end());
        throw Error(ErrorKind::user,
                    fmt::format("factor {} of the inputs can be computed from the others, so that "
                                "no fit tells them apart; leave it out",
                                names_of(dependent)));
    }
    fit.coefficients = qr.solve(fit.y);
    fit.residuals = fit.y - fit.x * fit.coefficients;
    fit.inverse = (fit.x.transpose() * fit.x)
                      .llt()
                      .solve(Eigen::MatrixXd::Identity(fit.x.cols(), fit.x.cols()));
    return true;
}

}  // namespace

double LinearFit::of_rounding(Eigen::Index factor, Eigen::Index output) const {
    const auto n = static_cast<double>(x.rows());
    const double digits = 4 * std::numeric_limits<double>::epsilon() * std::sqrt(std::max(n, 16.0));
    // 1 where no other factor goes along with this one.
    const double along = std::sqrt(n * inverse(factor, factor));
    return digits * std::max(1.0, output_largest(output)) * along;
}

std::vector<Estimates> fit_each_group(
    const Eigen::Ref<const Eigen::ArrayXXd>& inputs,
    const Eigen::Ref<const Eigen::ArrayXXd>& outputs, bool ranked,
    const std::function<void(const LinearFit&, std::vector<Estimates>&)>& conclude) {
    std::vector<Estimates> result = nothing_known(inputs, outputs);
    for (const auto& [runs, columns] : surviving_runs(outputs)) {
        if (runs.size() < 2) continue;
        LinearFit fit;
        fit.outputs = columns;
        Eigen::ArrayXXd x = inputs(runs, Eigen::all), y = outputs(runs, columns);
        std::vector<double> input_scale;
        for (Eigen::Index j = 0; j < x.cols(); ++j) {
            if (ranked) x.col(j) = ranks(x.col(j));
            const double scale = standardise(x.col(j));
            if (scale == 0) continue;
            fit.factors.push_back(j);
            input_scale.push_back(scale);
        }
        fit.input_scale = Eigen::Map<Eigen::ArrayXd>(input_scale.data(),
                                                     static_cast<Eigen::Index>(input_scale.size()));
        fit.output_scale.resize(y.cols());
        fit.output_largest.setZero(y.cols());
        for (Eigen::Index o = 0; o < y.cols(); ++o) {
            if (ranked) y.col(o) = ranks(y.col(o));
            const double largest = y.col(o).abs().maxCoeff();
            fit.output_scale(o) = standardise(y.col(o));
            if (fit.output_scale(o) > 0) fit.output_largest(o) = largest / fit.output_scale(o);
        }
        fit.x = x(Eigen::all, fit.factors).matrix();
        fit.y = y.matrix();
        if (solve(fit)) conclude(fit, result);
    }
    return result;
}

}  // namespace faultline::analysis
