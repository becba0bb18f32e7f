#include "analysis/sobol.h"

#include <boost/math/distributions/students_t.hpp>
#include <limits>
#include <optional>

#include "analysis/first_and_total.h"
#include "analysis/in_parallel.h"
#include "analysis/radial_output.h"
#include "analysis/radial_runs.h"
#include "analysis/require.h"
#include "analysis/resampled_sums.h"
#include "analysis/resampling.h"
#include "core/blocks.h"
#include "core/special_values.h"

namespace faultline::analysis {
namespace {

/// An index under several weightings of the base rows at once. `value` is weightings × outputs;
/// `influence` (base rows × outputs) is what each row adds to the error of the index, to first
/// order, and is asked for with the plain weighting alone.
struct Term {
    Eigen::ArrayXXd value, influence;
};

/// The formulas, written once for the estimate, the influence values and every resample. Outputs
/// are centred, so moments lose no digits.
class Formulas {
  public:
    /// `weights`: weightings × base rows, or empty for the plain mean.
    Formulas(const RadialRuns& runs, const Eigen::MatrixXd& weights)
        : runs_(runs), weights_(weights), plain_(weights.size() == 0) {
        mass_ = sums(runs.kept);
        const Eigen::ArrayXXd middle = mean((runs.a + runs.b) / 2);
        variance_ = mean((runs.a.square() + runs.b.square()) / 2) - middle.square();
        if (!plain_) return;
        const Eigen::ArrayXXd m = middle.replicate(runs.a.rows(), 1);
        row_variance_ = ((runs.a - m).square() + (runs.b - m).square()) / 2 * runs.kept;
    }

    [[nodiscard]] Term correlation(const Eigen::ArrayXXd& x, const Eigen::ArrayXXd& y) const {
        const Eigen::ArrayXXd mx = mean(x), my = mean(y);
        const Eigen::ArrayXXd vx = mean(x.square()) - mx.square(),
                              vy = mean(y.square()) - my.square();
        // A side that never changes, up to the rounding of its own sums.
        constexpr double rounding = 1e-14;
        const auto flat = (vx <= rounding * mx.square() || vy <= rounding * my.square()).eval();
        Term term;
        term.value = (mean(x * y) - mx * my) / (vx.sqrt() * vy.sqrt());
        term.value = flat.select(nothing, term.value.min(1.0).max(-1.0));
        if (plain_) {
            const auto all = [&](const Eigen::ArrayXXd& row) { return row.replicate(x.rows(), 1); };
            const Eigen::ArrayXXd zx = (x - all(mx)) / all(vx.sqrt()),
                                  zy = (y - all(my)) / all(vy.sqrt());
            term.influence =
                (zx * zy - all(term.value) / 2 * (zx.square() + zy.square())) * runs_.kept;
        }
        return term;
    }

    /// mean(x) / V
    [[nodiscard]] Term share(const Eigen::ArrayXXd& x) const {
        return quotient(x, variance_, row_variance_);
    }
    /// mean(x) / mean(y)
    [[nodiscard]] Term ratio(const Eigen::ArrayXXd& x, const Eigen::ArrayXXd& y) const {
        return quotient(x, mean(y), y);
    }

  private:
    [[nodiscard]] Eigen::ArrayXXd sums(const Eigen::ArrayXXd& x) const {
        return plain_ ? Eigen::ArrayXXd(x.colwise().sum())
                      : Eigen::ArrayXXd((weights_ * x.matrix()).array());
    }
    [[nodiscard]] Eigen::ArrayXXd mean(const Eigen::ArrayXXd& x) const { return sums(x) / mass_; }

    [[nodiscard]] Term quotient(const Eigen::ArrayXXd& x, const Eigen::ArrayXXd& below,
                                const Eigen::ArrayXXd& rows_below) const {
        Term term;
        term.value = (below > 0).select(mean(x) / below, nothing);
        if (plain_)
            term.influence = (x - term.value.replicate(x.rows(), 1) * rows_below) /
                             below.replicate(x.rows(), 1) * runs_.kept;
        return term;
    }

    const RadialRuns& runs_;
    const Eigen::MatrixXd& weights_;
    bool plain_;
    Eigen::ArrayXXd mass_, variance_, row_variance_;
};

Term operator-(Term a, const Term& b) {
    a.value -= b.value;
    a.influence -= b.influence;
    return a;
}

Term middle(Term a, const Term& b) {
    a.value = (a.value + b.value) / 2;
    a.influence = (a.influence + b.influence) / 2;
    return a;
}

Term first_order(const RadialRuns& r, const Formulas& f, FirstOrder how, std::size_t j) {
    switch (how) {
        case FirstOrder::martinez:
            return f.correlation(r.b, r.ab[j]);
        case FirstOrder::saltelli:
            return f.share(r.b * (r.ab[j] - r.a));
        case FirstOrder::azzini:
            return f.ratio(2 * (r.b - r.ba[j]) * (r.ab[j] - r.a),
                           (r.a - r.b).square() + (r.ab[j] - r.ba[j]).square());
    }
    throw Error(ErrorKind::internal, "an estimator without a formula");
}

Term closed_pair(const RadialRuns& r, const Formulas& f, FirstOrder how, std::size_t j,
                 std::size_t l) {
    if (how == FirstOrder::saltelli) return f.share(r.ba[j] * r.ab[l] - r.a * r.b);
    return middle(f.correlation(r.ba[j], r.ab[l]), f.correlation(r.ba[l], r.ab[j]));
}

/// Estimates from a term and, for the bootstrap, the same term under the resamples.
class Concluding {
  public:
    Concluding(const RadialRuns& runs, const SobolOptions& options)
        : runs_(runs), options_(options) {
        const auto rows = static_cast<std::uint64_t>(runs.a.rows());
        const std::uint64_t blocks =
            options.interval == Interval::delta ? rows : blocks_in(rows, options.replicates);
        starts_.resize(static_cast<Eigen::Index>(blocks) + 1);
        for (std::uint64_t row = rows; row-- > 0;)
            starts_(static_cast<Eigen::Index>(block_of(row, rows, blocks))) =
                static_cast<Eigen::Index>(row);
        starts_(starts_.size() - 1) = runs.a.rows();
        groups_ = block_sums(runs.kept).cwiseMin(1).colwise().sum().transpose();
        half_width_ = groups_.unaryExpr([&](double groups) {
            if (groups < 2) return infinity;
            const boost::math::students_t t(groups - 1);
            return quantile(complement(t, (1 - options.confidence) / 2)) *
                   std::sqrt(groups / (groups - 1));
        });
    }

    [[nodiscard]] Estimates operator()(const Term& term, const Term* resampled) const {
        Estimates result;
        result.count = runs_.count.cast<int>();
        result.estimate = term.value.row(0).transpose();
        if (resampled != nullptr) {
            percentiles(resampled->value, options_.confidence, result);
        } else {
            const Eigen::ArrayXd spread =
                block_sums(term.influence).square().colwise().sum().sqrt().transpose();
            const Eigen::ArrayXd reach = half_width_ * spread / runs_.count;
            result.low = result.estimate - reach;
            result.high = result.estimate + reach;
        }
        const auto unknown = (result.estimate.isNaN() || runs_.count < 2).eval();
        const auto open = (unknown || result.low.isNaN() || result.high.isNaN()).eval();
        result.low = open.select(-infinity, result.low);
        result.high = open.select(infinity, result.high);
        result.estimate = unknown.select(nothing, result.estimate);
        const auto still = (runs_.constant && runs_.count >= 2).eval();
        for (auto* part : {&result.estimate, &result.low, &result.high})
            *part = still.select(0.0, *part);
        return result;
    }

  private:
    [[nodiscard]] Eigen::ArrayXXd block_sums(const Eigen::ArrayXXd& x) const {
        Eigen::ArrayXXd sums(starts_.size() - 1, x.cols());
        for (Eigen::Index b = 0; b < sums.rows(); ++b)
            sums.row(b) = x.middleRows(starts_(b), starts_(b + 1) - starts_(b)).colwise().sum();
        return sums;
    }

    const RadialRuns& runs_;
    const SobolOptions& options_;
    Eigen::Array<Eigen::Index, Eigen::Dynamic, 1> starts_;
    Eigen::ArrayXd groups_, half_width_;
};

void check(std::uint64_t factors, const SobolOptions& options) {
    require_confidence(options.confidence);
    if (factors == 0 || factors > 1'000'000)
        throw Error(ErrorKind::user,
                    fmt::format("found {} factors, expected from 1 to 1000000", factors));
    if (options.interval == Interval::replicates && options.replicates < 2)
        throw Error(ErrorKind::user,
                    fmt::format("found {} replicates, expected at least 2: one has no spread",
                                options.replicates));
    if (options.interval == Interval::bootstrap && options.resamples < 2)
        throw Error(ErrorKind::user,
                    fmt::format("found {} resamples, expected at least 2", options.resamples));
    if (options.first == FirstOrder::azzini && !options.second_order)
        throw Error(ErrorKind::user,
                    "the estimator azzini needs the runs BA of a second-order design");
}

/// What needs the runs BA as well: S_j by Azzini, and S_jl.
void with_second_order(const Eigen::Ref<const Eigen::ArrayXXd>& outputs, std::size_t factors,
                       const SobolOptions& options, SobolIndices& result) {
    const RadialRuns runs = take_apart(outputs, static_cast<Eigen::Index>(factors), true);
    const bool bootstrap = options.interval == Interval::bootstrap;
    const Eigen::MatrixXd none,
        weights =
            bootstrap ? resampling_weights(runs.a.rows(), options.resamples, options.seed) : none;
    const Formulas plain(runs, none), resampled(runs, weights);
    const Concluding conclude(runs, options);
    /// One formula, for the estimate and again for the resamples where they are asked for.
    const auto estimate = [&](const auto& formula) {
        const Term term = formula(plain);
        if (!bootstrap) return conclude(term, nullptr);
        const Term again = formula(resampled);
        return conclude(term, &again);
    };
    const FirstOrder how = options.first;
    for (std::size_t j = 0; how == FirstOrder::azzini && j < factors; ++j)
        result.first[j] = estimate([&](const Formulas& f) { return first_order(runs, f, how, j); });
    for (std::size_t j = 0; j < factors; ++j)
        for (std::size_t l = j + 1; l < factors; ++l)
            result.second.push_back(estimate([&](const Formulas& f) {
                return closed_pair(runs, f, how, j, l) - first_order(runs, f, how, j) -
                       first_order(runs, f, how, l);
            }));
}

}  // namespace

SobolIndices sobol_indices(const Eigen::Ref<const Eigen::ArrayXXd>& outputs, std::uint64_t factors,
                           const SobolOptions& options) {
    check(factors, options);
    const auto k = static_cast<Eigen::Index>(factors);
    require_base_rows(outputs.rows(), k, options.second_order);
    SobolIndices result;
    result.rows = outputs.rows() / (options.second_order ? 2 * k + 2 : k + 2);
    Estimates empty;
    empty.estimate = empty.low = empty.high = Eigen::ArrayXd(outputs.cols());
    empty.count = Eigen::ArrayXi(outputs.cols());
    result.first.assign(factors, empty);
    result.total.assign(factors, empty);
    std::optional<ResampleCounts> counts;
    if (options.interval == Interval::bootstrap)
        counts.emplace(static_cast<std::size_t>(result.rows), options.resamples, options.seed);
    const auto of_output = [&](Eigen::Index o) {
        auto found = first_and_total_in_one_pass(outputs.col(o), k, options, outputs.cols() == 1);
        Eigen::Index count = result.rows;
        if (!found) {
            const RadialOutput output(outputs.col(o), k, options.second_order);
            found = first_and_total(output, options, counts ? &*counts : nullptr);
            count = output.count();
        }
        for (std::size_t j = 0; j < factors; ++j) {
            const auto row = static_cast<Eigen::Index>(j);
            const auto put = [&](Estimates& to, const Eigen::ArrayX3d& from) {
                to.estimate(o) = from(row, 0);
                to.low(o) = from(row, 1);
                to.high(o) = from(row, 2);
                to.count(o) = static_cast<int>(count);
            };
            put(result.first[j], found->first);
            put(result.total[j], found->total);
        }
    };
    const auto of_some = [&](std::size_t from, std::size_t to) {
        for (std::size_t o = from; o < to; ++o) of_output(static_cast<Eigen::Index>(o));
    };
    // A bootstrap has threads of its own, and one costs more than some hundred thousand numbers.
    const auto many = static_cast<std::size_t>(outputs.cols());
    if (options.interval != Interval::bootstrap && many > 1 && outputs.size() > 500'000)
        in_parallel(many, of_some);
    else
        of_some(0, many);
    if (options.second_order) with_second_order(outputs, factors, options, result);
    return result;
}

}  // namespace faultline::analysis
