#include <catch2/catch.hpp>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "analysis/sobol.h"
#include "core/error.h"
#include "functions.h"
#include "soundness.h"

using namespace faultline;
using namespace faultline::analysis;
using functions::Matrix;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double missing = std::numeric_limits<double>::quiet_NaN();

Matrix column(const std::vector<double>& values) {
    return Eigen::Map<const Eigen::ArrayXd>(values.data(),
                                            static_cast<Eigen::Index>(values.size()));
}

void require_same(const std::vector<Estimates>& a, const std::vector<Estimates>& b, double margin) {
    REQUIRE(a.size() == b.size());
    for (std::size_t j = 0; j < a.size(); ++j) {
        REQUIRE((a[j].estimate - b[j].estimate).abs().maxCoeff() <= margin);
        REQUIRE((a[j].low - b[j].low).abs().maxCoeff() <= margin);
        REQUIRE((a[j].high - b[j].high).abs().maxCoeff() <= margin);
    }
}

void require_same(const SobolIndices& a, const SobolIndices& b, double margin) {
    require_same(a.first, b.first, margin);
    require_same(a.total, b.total, margin);
    require_same(a.second, b.second, margin);
}

/// Eight shifted lattices: about the accuracy of scrambled nets.
Matrix replicated_base(Eigen::Index rows, Eigen::Index cols) {
    Matrix base(rows * 8, cols);
    for (Eigen::Index r = 0; r < 8; ++r)
        base.middleRows(r * rows, rows) =
            functions::shifted_lattice(rows, cols, 100 + static_cast<std::uint64_t>(r));
    return base;
}

const Interval intervals[] = {Interval::replicates, Interval::delta, Interval::bootstrap};
const FirstOrder estimators[] = {FirstOrder::martinez, FirstOrder::saltelli, FirstOrder::azzini};

}  // namespace

TEST_CASE("sobol: what SALib computes from the same numbers, to 1e-10") {
    std::ifstream file(std::string(FAULTLINE_SOURCE_DIR) + "/tests/unit/analysis/peers/salib.json");
    const auto golden = nlohmann::json::parse(file);
    REQUIRE(golden["sobol"].size() == 4);
    for (const auto& entry : golden["sobol"]) {
        CAPTURE(entry["name"]);
        SobolOptions options;
        options.first = FirstOrder::saltelli;
        options.second_order = entry["second_order"];
        const auto found =
            sobol_indices(column(entry["y"]), entry["factors"].get<std::uint64_t>(), options);
        for (std::size_t j = 0; j < found.first.size(); ++j) {
            CHECK(std::abs(found.first[j].estimate(0) - entry["S1"][j].get<double>()) < 1e-10);
            CHECK(std::abs(found.total[j].estimate(0) - entry["ST"][j].get<double>()) < 1e-10);
        }
        for (std::size_t p = 0; p < found.second.size(); ++p)
            CHECK(std::abs(found.second[p].estimate(0) - entry["S2"][p].get<double>()) < 1e-10);
    }
}

TEST_CASE("sobol: the indices of Ishigami and of Sobol's g, by every estimator") {
    const FirstOrder how = GENERATE(from_range(std::begin(estimators), std::end(estimators)));
    SobolOptions options;
    options.second_order = true;
    options.first = how;
    const auto i = sobol_indices(
        functions::ishigami(functions::radial(replicated_base(1021, 6), true)), 3, options);
    for (std::size_t j = 0; j < 3; ++j) {
        CHECK(i.first[j].estimate(0) == Approx(functions::ishigami_first[j]).margin(0.02));
        CHECK(i.total[j].estimate(0) == Approx(functions::ishigami_total[j]).margin(0.02));
    }
    CHECK(i.second[0].estimate(0) == Approx(0).margin(0.03));
    CHECK(i.second[1].estimate(0) == Approx(functions::ishigami_13).margin(0.03));
    CHECK(i.second[2].estimate(0) == Approx(0).margin(0.03));

    const auto g = sobol_indices(
        functions::sobol_g(functions::radial(replicated_base(1021, 16), true)), 8, options);
    for (std::size_t j = 0; j < 8; ++j) {
        CHECK(g.first[j].estimate(0) == Approx(functions::g_first[j]).margin(0.02));
        CHECK(g.total[j].estimate(0) == Approx(functions::g_total[j]).margin(0.02));
    }
}

TEST_CASE("sobol: a constant added and a change of unit leave everything as it was") {
    const Interval interval = GENERATE(from_range(std::begin(intervals), std::end(intervals)));
    const FirstOrder how = GENERATE(from_range(std::begin(estimators), std::end(estimators)));
    SobolOptions options;
    options.second_order = true;
    options.first = how;
    options.interval = interval;
    options.resamples = 50;
    const Matrix y = functions::ishigami(functions::radial(functions::uniform(50, 6, 1), true));
    const auto plain = sobol_indices(y, 3, options);
    require_same(plain, sobol_indices(y + 1e6, 3, options), 1e-8);
    require_same(plain, sobol_indices(y * -1e-3, 3, options), 1e-10);
    require_same(plain, sobol_indices(y * 1e300, 3, options), 1e-10);
    require_same(plain, sobol_indices(y * 1e-300, 3, options), 1e-10);
}

TEST_CASE("sobol: outputs do not see each other") {
    const Interval interval = GENERATE(from_range(std::begin(intervals), std::end(intervals)));
    SobolOptions options;
    options.interval = interval;
    options.resamples = 50;
    const Matrix x = functions::radial(functions::uniform(40, 6, 2), false);
    Matrix y(x.rows(), 3);
    y << functions::ishigami(x), x.col(0) + x.col(1), Matrix::Constant(x.rows(), 1, 4);
    y(7, 1) = missing;
    const auto all = sobol_indices(y, 3, options);
    for (Eigen::Index o = 0; o < 3; ++o) {
        const auto alone = sobol_indices(y.col(o), 3, options);
        for (std::size_t j = 0; j < 3; ++j) {
            REQUIRE(all.first[j].estimate(o) == Approx(alone.first[j].estimate(0)).margin(1e-12));
            REQUIRE(all.total[j].low(o) == Approx(alone.total[j].low(0)).margin(1e-12));
            REQUIRE(all.total[j].count(o) == alone.total[j].count(0));
        }
    }
}

TEST_CASE("sobol: factors in another order, one twice, and one that does nothing") {
    const Matrix base = functions::uniform(64, 6, 3);
    const SobolOptions options;
    const auto plain =
        sobol_indices(functions::ishigami(functions::radial(base, false)), 3, options);

    Matrix turned(64, 6);
    turned << base.col(2), base.col(0), base.col(1), base.col(5), base.col(3), base.col(4);
    const Matrix x = functions::radial(turned, false);
    Matrix back(x.rows(), 3);
    back << x.col(1), x.col(2), x.col(0);
    const auto permuted = sobol_indices(functions::ishigami(back), 3, options);
    const std::size_t place[] = {1, 2, 0};
    for (std::size_t j = 0; j < 3; ++j)
        REQUIRE(permuted.total[place[j]].estimate(0) == Approx(plain.total[j].estimate(0)));

    // The fourth does nothing, its T is 0 to the last bit; the fifth acts as the first does.
    const Matrix wide = functions::radial(functions::uniform(400, 10, 4), false);
    const auto found = sobol_indices(wide.col(0) + wide.col(4) + wide.col(1), 5, options);
    REQUIRE(found.total[3].estimate(0) == 0);
    REQUIRE(found.total[3].high(0) == 0);
    REQUIRE(found.first[3].low(0) <= 0);
    REQUIRE(found.first[3].high(0) >= 0);
    REQUIRE(found.total[0].estimate(0) == Approx(found.total[4].estimate(0)).margin(0.08));
}

TEST_CASE("sobol: an output that never changes has indices 0, rounding or not") {
    const Interval interval = GENERATE(from_range(std::begin(intervals), std::end(intervals)));
    const double value = GENERATE(0.0, 1e-320, 0.3, -1e300);
    Matrix y = Matrix::Constant(30 * 5, 1, value);
    y(4, 0) = value * (1 + 2e-16);
    SobolOptions options;
    options.interval = interval;
    const auto found = sobol_indices(y, 3, options);
    for (std::size_t j = 0; j < 3; ++j)
        for (const auto* e : {&found.first[j], &found.total[j]}) {
            REQUIRE(e->estimate(0) == 0);
            REQUIRE(e->low(0) == 0);
            REQUIRE(e->high(0) == 0);
        }
}

TEST_CASE("sobol: one factor has all the variance") {
    const Matrix x = functions::radial(functions::uniform(100, 2, 5), false);
    const auto found = sobol_indices(x.exp(), 1, {});
    CHECK(found.first[0].estimate(0) == Approx(1));
    CHECK(found.total[0].low(0) <= 1);
    CHECK(found.total[0].high(0) >= 1);
}

TEST_CASE("sobol: a failed run takes its whole base row along, and the count says so") {
    const double ways[] = {missing, inf, -inf};
    const double failed = ways[GENERATE(0, 1, 2)];
    const Interval interval = GENERATE(from_range(std::begin(intervals), std::end(intervals)));
    SobolOptions options;
    options.interval = interval;
    options.replicates = 2;
    const Matrix y = functions::ishigami(functions::radial(functions::uniform(40, 6, 6), false));
    Matrix holes = y;
    holes(3 * 5 + 2, 0) = failed;
    holes(20 * 5, 0) = failed;
    const auto found = sobol_indices(holes, 3, options);
    CAPTURE(failed, static_cast<int>(interval));
    REQUIRE(found.rows == 40);
    REQUIRE(found.first[0].count(0) == 38);
    require_sound(found.first);
    require_sound(found.total);
    Matrix without(38 * 5, 1);
    without << y.topRows(15), y.middleRows(20, 80), y.bottomRows(95);
    const auto expected = sobol_indices(without, 3, options);
    for (std::size_t j = 0; j < 3; ++j) {
        REQUIRE(found.first[j].estimate(0) == Approx(expected.first[j].estimate(0)));
        REQUIRE(found.total[j].estimate(0) == Approx(expected.total[j].estimate(0)));
    }
}

TEST_CASE("sobol: too little to say anything says nothing, never NaN bounds") {
    const Interval interval = GENERATE(from_range(std::begin(intervals), std::end(intervals)));
    const FirstOrder how = GENERATE(from_range(std::begin(estimators), std::end(estimators)));
    SobolOptions options;
    options.interval = interval;
    options.first = how;
    options.second_order = true;
    const auto every = [&](const Matrix& y) {
        const auto found = sobol_indices(y, 2, options);
        require_sound(found.first);
        require_sound(found.total);
        require_sound(found.second);
        return found;
    };
    const Matrix y = functions::uniform(6 * 9, 1, 7);
    REQUIRE(std::isnan(every(y.topRows(6)).first[0].estimate(0)));
    REQUIRE(std::isnan(every(Matrix::Constant(12, 1, missing)).total[1].estimate(0)));
    every(y.topRows(12));
    // One number dwarfs the others, in a run of each kind.
    for (Eigen::Index run = 0; run < 6; ++run) {
        Matrix outlier = y;
        outlier(12 + run, 0) = GENERATE(1e12, -1.7e308);
        every(outlier);
    }
    // Zeros and ones of which B happens to be all ones.
    Matrix flat = (y > 0.5).cast<double>();
    for (Eigen::Index i = 5; i < flat.rows(); i += 6) flat(i, 0) = 1;
    every(flat);
}

TEST_CASE("sobol: what cannot be is said") {
    const Matrix y = Matrix::Zero(11, 1);
    REQUIRE_THROWS_WITH(sobol_indices(y, 3, {}), Catch::Contains("multiple of 5"));
    REQUIRE_THROWS_AS(sobol_indices(y, 0, {}), Error);
    SobolOptions options;
    options.first = FirstOrder::azzini;
    REQUIRE_THROWS_WITH(sobol_indices(y, 9, options), Catch::Contains("second-order"));
    options = {};
    options.replicates = 1;
    REQUIRE_THROWS_AS(sobol_indices(y, 9, options), Error);
    options = {};
    options.confidence = 1;
    REQUIRE_THROWS_AS(sobol_indices(y, 9, options), Error);
}

TEST_CASE("One pass over ordinary outputs and two over the others say the same") {
    const Matrix x = functions::radial(functions::uniform(1003, 6, 5), false);
    Matrix y(x.rows(), 2);
    y.col(0) = functions::ishigami(x);
    y.col(1) = 1e6 + x.col(0) + 3 * x.col(1);
    SobolOptions options;
    const auto once = sobol_indices(y, 3, options);
    // A million times the spread away from its own first numbers: no ordinary output.
    Matrix far = y;
    far.topRows(5 * 70).col(0) += 1e4;
    const auto moved = sobol_indices(far, 3, options);
    CHECK(std::isfinite(moved.first[0].estimate(0)));
    // Saltelli's total order is the same formula, and always takes two passes.
    options.first = FirstOrder::saltelli;
    const auto twice = sobol_indices(y, 3, options);
    for (std::size_t j = 0; j < 3; ++j)
        for (Eigen::Index o = 0; o < 2; ++o) {
            CHECK(once.total[j].estimate(o) == Approx(twice.total[j].estimate(o)).epsilon(1e-12));
            CHECK(once.total[j].low(o) ==
                  Approx(twice.total[j].low(o)).epsilon(1e-9).margin(1e-12));
            CHECK(once.total[j].high(o) == Approx(twice.total[j].high(o)).epsilon(1e-9));
            CHECK(once.total[j].count(o) == 1003);
        }
    // One output at a time uses the cores otherwise, and gives the same bits.
    for (Eigen::Index o = 0; o < 2; ++o) {
        options.first = FirstOrder::martinez;
        const auto alone = sobol_indices(y.col(o), 3, options);
        for (std::size_t j = 0; j < 3; ++j) {
            CHECK(alone.first[j].estimate(0) == once.first[j].estimate(o));
            CHECK(alone.total[j].low(0) == once.total[j].low(o));
        }
    }
}

TEST_CASE("An outlier that dwarfs all else hides no correlation that it takes no part in") {
    // One factor: B and AB are the same runs, so S1 is 1 whatever happens to A.
    const Matrix x = functions::radial(functions::uniform(100, 2, 3), false);
    Matrix y = x.col(0);
    for (const Eigen::Index row : {0, 50}) {
        Matrix hit = y;
        hit(3 * row, 0) = 1e9;
        CHECK(sobol_indices(hit, 1, {}).first[0].estimate(0) == Approx(1));
    }
}
