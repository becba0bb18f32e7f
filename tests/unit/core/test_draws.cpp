#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/draw_blocks.h"
#include "core/draws.h"
#include "core/normal_quantile.h"

// Seeds are fixed, so a test passes or fails for good. The thresholds are what an ideal generator
// would pass with the stated chance, so a change of the rounds that breaks one is no accident.

using faultline::draw;
using faultline::DrawBlock;
using faultline::first_normal_draw;
using faultline::normal;
using faultline::normal_quantile;
using faultline::stream_of;
using faultline::uniform;

namespace {

using Keys = std::function<std::int64_t(std::int64_t)>;
struct NamedKeys {
    const char* name;
    Keys key;
};

/// What keys look like in tables: counted, counted in steps, from below zero, hashed.
const std::vector<NamedKeys> key_families{
    {"sequential", [](std::int64_t i) { return i; }},
    {"strided by 1000", [](std::int64_t i) { return i * 1000; }},
    {"strided by 65536", [](std::int64_t i) { return i * 65536; }},
    {"strided by 2^32", [](std::int64_t i) { return i * 4294967296; }},
    {"negative", [](std::int64_t i) { return -i; }},
    {"hashed",
     [](std::int64_t i) {
         return static_cast<std::int64_t>(static_cast<std::uint64_t>(i) * 0x9e3779b97f4a7c15u >> 4);
     }},
};

/// Standard normal score of a chi-square statistic (Wilson and Hilferty, PNAS 17, 1931, 684).
double normal_score(double chi_square, double freedom) {
    const double spread = 2.0 / (9.0 * freedom);
    return (std::cbrt(chi_square / freedom) - (1.0 - spread)) / std::sqrt(spread);
}

double chi_square(const std::vector<std::int64_t>& counts, double total) {
    const double expected = total / static_cast<double>(counts.size());
    double sum = 0;
    for (const auto count : counts) {
        const double off = static_cast<double>(count) - expected;
        sum += off * off / expected;
    }
    return sum;
}

using Draw = std::function<std::uint32_t(std::int64_t)>;

constexpr std::int64_t pairs = 1 << 20;

/// How far two draws of the same row are from independent: the score of a chi-square test on a
/// table of their leading four bits, which sees more than a correlation, and the correlation
/// itself.
struct Dependence {
    double score;
    double correlation;
};

Dependence dependence(const Draw& a, const Draw& b) {
    std::vector<std::int64_t> counts(256);
    double sum = 0;
    for (std::int64_t i = 0; i < pairs; ++i) {
        const std::uint32_t x = a(i);
        const std::uint32_t y = b(i);
        ++counts[(x >> 28) * 16 + (y >> 28)];
        sum += (x / 4294967296.0 - 0.5) * (y / 4294967296.0 - 0.5);
    }
    return {normal_score(chi_square(counts, static_cast<double>(pairs)), 255.0),
            12.0 * sum / static_cast<double>(pairs)};
}

/// About 3e-6 that an ideal generator fails either of them.
void check_independent(const Draw& a, const Draw& b) {
    const Dependence found = dependence(a, b);
    CHECK(found.score < 5.0);
    CHECK(std::abs(found.correlation) < 5.0 / std::sqrt(static_cast<double>(pairs)));
}

}  // namespace

TEST_CASE("draws are what they always were") {
    // Journals and results of earlier runs rest on these; SQL on another engine must give them too.
    CHECK(draw(0, 0, 0) == 2252933619u);
    CHECK(draw(1, 0, 0) == 1507091108u);
    CHECK(draw(-1, 0x0123456789abcdefu, 7) == 940349464u);
    CHECK(draw(1234567890123456789, 0xfedcba9876543210u, 1001) == 4094879653u);
    CHECK(normal(0, 0, 0) == -0.85984125420384061);
    CHECK(normal(-1, 0x0123456789abcdefu, 7) == -0.49637922405553248);
}

TEST_CASE("a uniform lies strictly between 0 and 1 and is its draw") {
    for (std::int64_t key = -1000; key < 1000; ++key) {
        const double u = uniform(key, 42, 3);
        REQUIRE(u > 0.0);
        REQUIRE(u < 1.0);
        REQUIRE(u * 4294967296.0 - 0.5 == draw(key, 42, 3));
    }
}

TEST_CASE("draws are uniform for every family of keys", "[sweep]") {
    for (const auto& family : key_families) {
        for (std::uint64_t replicate = 0; replicate < 4; ++replicate) {
            INFO(family.name << ", replicate " << replicate);
            const std::uint64_t stream = stream_of(7, "noise", replicate);
            constexpr std::int64_t n = 1 << 20;
            std::vector<std::int64_t> leading(256), trailing(256);
            std::vector<double> values;
            values.reserve(n);
            for (std::int64_t i = 0; i < n; ++i) {
                const std::uint32_t d = draw(family.key(i), stream, 0);
                ++leading[d >> 24];
                ++trailing[d & 0xffu];
                values.push_back(d / 4294967296.0);
            }
            // One test in 3.5 million of an ideal generator's exceeds 5.
            CHECK(normal_score(chi_square(leading, n), 255.0) < 5.0);
            CHECK(normal_score(chi_square(trailing, n), 255.0) < 5.0);
            std::sort(values.begin(), values.end());
            double distance = 0;
            for (std::size_t i = 0; i < values.size(); ++i) {
                const double below = static_cast<double>(i) / n;
                distance = std::max({distance, values[i] - below, below + 1.0 / n - values[i]});
            }
            // Kolmogorov: 2 exp(-2 · 2.6²) = 3e-6.
            CHECK(distance * std::sqrt(static_cast<double>(n)) < 2.6);
        }
    }
}

TEST_CASE("draws of one row are independent across indexes", "[sweep]") {
    const std::uint64_t stream = stream_of(7, "noise", 0);
    for (const auto& family : key_families) {
        for (const auto& [a, b] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{
                 {0, 1}, {1, 2}, {0, 2}, {3, 4}, {0, 16}, {1000, 1001}, {1, 1000}}) {
            INFO(family.name << ", indexes " << a << " and " << b);
            check_independent(
                [&, first = a](std::int64_t i) { return draw(family.key(i), stream, first); },
                [&, second = b](std::int64_t i) { return draw(family.key(i), stream, second); });
        }
    }
}

TEST_CASE("draws are independent across streams, near ones included", "[sweep]") {
    const std::uint64_t stream = stream_of(7, "noise", 0);
    for (const auto& family : key_families) {
        for (const std::uint64_t other :
             {stream + 1, stream ^ 2u, stream ^ 0x10000u, stream + (std::uint64_t{1} << 32),
              stream ^ (std::uint64_t{1} << 63), ~stream}) {
            INFO(family.name << ", streams " << stream << " and " << other);
            check_independent([&](std::int64_t i) { return draw(family.key(i), stream, 0); },
                              [&](std::int64_t i) { return draw(family.key(i), other, 0); });
        }
    }
}

TEST_CASE("draws are independent across seeds, replicates and perturbations", "[sweep]") {
    const std::uint64_t stream = stream_of(7, "noise", 0);
    for (const std::uint64_t other : {stream_of(8, "noise", 0), stream_of(7, "noise", 1),
                                      stream_of(7, "noise2", 0), stream_of(6, "noise", 0)}) {
        REQUIRE(other != stream);
        check_independent([&](std::int64_t i) { return draw(i, stream, 0); },
                          [&](std::int64_t i) { return draw(i, other, 0); });
    }
}

TEST_CASE("neighbouring rows draw independently", "[sweep]") {
    const std::uint64_t stream = stream_of(7, "noise", 0);
    for (const auto& family : key_families) {
        for (const std::int64_t step : {1, 2, 3, 16, 100, 65536}) {
            INFO(family.name << ", " << step << " apart");
            check_independent(
                [&](std::int64_t i) { return draw(family.key(i), stream, 0); },
                [&](std::int64_t i) { return draw(family.key(i + step), stream, 0); });
        }
    }
}

TEST_CASE("many draws at once are the draws one by one") {
    std::vector<std::int64_t> keys;
    for (std::int64_t i = -700; i < 700; ++i) {
        keys.push_back(i);
        keys.push_back(i * 13000000000000000);
    }
    for (const std::uint64_t stream :
         {std::uint64_t{0}, stream_of(7, "noise", 0), ~std::uint64_t{0}}) {
        const DrawBlock block{stream, first_normal_draw + 3};
        const auto middle = static_cast<std::int64_t>(draw(keys[5], stream, block.index));
        // Every length up to a few vectors, so that the ends of loops are met.
        for (std::size_t n = 0; n < 1300; n = n < 40 ? n + 1 : n + 421) {
            std::vector<std::int64_t> draws(n + 1, -1);
            std::vector<double> uniforms(n + 1, -1), normals(n + 1, -1);
            const auto hits = std::make_unique<bool[]>(n + 1);
            block.draws(keys.data(), n, draws.data());
            block.uniforms(keys.data(), n, uniforms.data());
            block.normals(keys.data(), n, 2.5, normals.data());
            block.up_to(keys.data(), n, middle, keys[5], hits.get());
            int wrong = 0;
            for (std::size_t i = 0; i < n; ++i) {
                const auto d = draw(keys[i], stream, block.index);
                wrong += draws[i] != d;
                wrong += uniforms[i] != uniform(keys[i], stream, block.index);
                wrong += normals[i] != 2.5 * normal(keys[i], stream, 3);
                wrong += hits[i] != (d < middle || (d == middle && keys[i] <= keys[5]));
            }
            wrong += draws[n] != -1 || uniforms[n] != -1 || normals[n] != -1;
            REQUIRE(wrong == 0);
        }
    }
}

TEST_CASE("the normal quantile is the inverse of the normal distribution") {
    CHECK(normal_quantile(0) == 0);
    // erfc is another road to the same thing, good to about 1e-15 of the tail.
    for (const double p : {0x1p-33, 1e-9, 1e-6, 1e-3, 0.01, 0.05, 0.0749, 0.0751, 0.1, 0.3, 0.49}) {
        const double x = normal_quantile(p - 0.5);
        INFO(p << " " << x);
        const double q = p - 0.5 + 0.5;  // as rounded
        CHECK(std::abs(0.5 * std::erfc(-x / std::sqrt(2.0)) / q - 1) < 1e-13);
        CHECK(normal_quantile(0.5 - p) == -x);
    }
    CHECK(std::abs(normal_quantile(0.475) - 1.959963984540054) < 1e-14);
}

TEST_CASE("a block of rows is hit as often as chance has it, replicate after replicate",
          "[sweep]") {
    // Sums over a thousand rows in 4,000 replicates: a stream that only permuted the rows' draws
    // would pass every test above and give the same sum each time.
    for (const auto& family : key_families) {
        INFO(family.name);
        constexpr int replicates = 4000;
        constexpr int rows = 1024;
        double variance = 0;
        for (std::uint64_t replicate = 0; replicate < replicates; ++replicate) {
            const std::uint64_t stream = stream_of(11, "drop", replicate);
            int hit = 0;
            for (std::int64_t i = 0; i < rows; ++i)
                hit += draw(family.key(i), stream, 0) < 429496730u ? 1 : 0;
            const double off = hit - rows * 0.1;
            variance += off * off / replicates;
        }
        // Relative standard error of a variance is sqrt(2/replicates); 5 of them: 6e-7.
        CHECK(std::abs(variance / (rows * 0.09) - 1.0) < 5.0 * std::sqrt(2.0 / replicates));
    }
}
