#include <array>
#include <bit>
#include <boost/random/sobol.hpp>

#include "core/blocks.h"
#include "design/replicated_points.h"
#include "design/sample_size.h"
#include "design/samplers.h"
#include "design/seeded_bits.h"

namespace faultline::design {
namespace {

using Engine = boost::random::sobol_engine<std::uint32_t, 32>;
constexpr unsigned bits = 32;

/// x → L x ⊕ s over the digits of x, most significant first: L has ones on its diagonal and random
/// digits below it, s is random.
class Scramble {
  public:
    explicit Scramble(SeededBits& random) {
        // A row of L as a mask on x: the diagonal digit, and random ones of those before it.
        for (unsigned digit = 0; digit < bits; ++digit) {
            const std::uint32_t diagonal = 0x80000000U >> digit;
            const std::uint32_t before = ~(diagonal | (diagonal - 1));
            rows_[digit] = diagonal | (random.word() & before);
        }
        shift_ = random.word();
    }
    [[nodiscard]] std::uint32_t operator()(std::uint32_t x) const {
        std::uint32_t y = 0;
        for (const std::uint32_t row : rows_)
            y = (y << 1) | (static_cast<std::uint32_t>(std::popcount(row & x)) & 1U);
        return y ^ shift_;
    }

  private:
    std::array<std::uint32_t, bits> rows_{};
    std::uint32_t shift_ = 0;
};

void refuse_dimensions(std::uint64_t dimensions) {
    constexpr std::uint64_t most = boost::random::default_sobol_table::max_dimension;
    if (dimensions > most)
        throw Error(ErrorKind::user,
                    fmt::format("this needs a Sobol' sequence of {} dimensions; the table of "
                                "direction numbers has {}",
                                dimensions, most));
}

/// One scrambled sequence into rows [from, from + count) of `sample`.
void fill(Sample& sample, Eigen::Index from, Eigen::Index count, std::uint64_t seed,
          std::uint64_t replicate) {
    const Eigen::Index dimensions = sample.cols();
    SeededBits random(("scramble " + std::to_string(replicate)).c_str(), seed);
    std::vector<Scramble> scrambles;
    scrambles.reserve(static_cast<std::size_t>(dimensions));
    for (Eigen::Index j = 0; j < dimensions; ++j) scrambles.emplace_back(random);

    Engine engine(static_cast<std::size_t>(dimensions));
    for (Eigen::Index i = 0; i < count; ++i)
        for (Eigen::Index j = 0; j < dimensions; ++j) {
            // Boost's engine begins at the second point; the first is all zeros.
            const std::uint32_t point = i == 0 ? 0 : engine();
            sample(from + i, j) =
                (static_cast<double>(scrambles[static_cast<std::size_t>(j)](point)) + 0.5) *
                0x1p-32;
        }
}

/// `from`, with the columns of one group from `other`.
template <typename Row, typename Values, typename Others>
void swap_in(Row&& run, const Values& from, const Others& other,
             const std::vector<std::uint64_t>& group) {
    run = from;
    for (const std::uint64_t factor : group) {
        const auto j = static_cast<Eigen::Index>(factor);
        run(j) = other(j);
    }
}

}  // namespace

Sample sobol_points(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed) {
    refuse_dimensions(factors);
    Sample sample = sized_sample(rows, factors);
    fill(sample, 0, sample.rows(), seed, 0);
    return sample;
}

Sample uniform_points(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed) {
    Sample sample = sized_sample(rows, factors);
    SeededBits random("uniform points", seed);
    for (Eigen::Index i = 0; i < sample.size(); ++i) sample.data()[i] = random.uniform();
    return sample;
}

Sample replicated_points(std::uint64_t dimensions, std::uint64_t rows, std::uint64_t seed,
                         std::uint64_t replicates) {
    refuse_dimensions(dimensions);
    if (replicates == 0) throw Error(ErrorKind::user, "found 0 replicates, expected at least 1");
    Sample points = sized_sample(rows, dimensions);
    const std::uint64_t blocks = blocks_in(rows, replicates);
    for (std::uint64_t block = 0, from = 0; block < blocks; ++block) {
        std::uint64_t end = from;
        while (end < rows && block_of(end, rows, blocks) == block) ++end;
        fill(points, static_cast<Eigen::Index>(from), static_cast<Eigen::Index>(end - from), seed,
             block);
        from = end;
    }
    return points;
}

Sample radial_sample(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed,
                     const RadialOptions& options) {
    refuse_dimensions(times(factors, 2));
    const auto members = members_of(options.groups, factors);
    const std::uint64_t step = options.second_order ? 2 * members.size() + 2 : members.size() + 2;
    Sample sample = sized_sample(times(rows, step), factors);
    const Sample base = replicated_points(times(factors, 2), rows, seed, options.replicates);
    const auto k = static_cast<Eigen::Index>(factors);
    Eigen::Index run = 0;
    for (Eigen::Index i = 0; i < base.rows(); ++i) {
        const auto a = base.row(i).head(k), b = base.row(i).tail(k);
        sample.row(run++) = a;
        for (const auto& group : members) swap_in(sample.row(run++), a, b, group);
        for (std::size_t g = 0; options.second_order && g < members.size(); ++g)
            swap_in(sample.row(run++), b, a, members[g]);
        sample.row(run++) = b;
    }
    return sample;
}

Sample morris_radial(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed,
                     const Groups& groups) {
    refuse_dimensions(times(factors, 2));
    const auto members = members_of(groups, factors);
    Sample sample = sized_sample(times(rows, members.size() + 1), factors);
    // Distance in the sequence between a point and the one that its steps go to (section 4 there).
    constexpr Eigen::Index ahead = 4;
    const auto k = static_cast<Eigen::Index>(factors), n = static_cast<Eigen::Index>(rows);
    Sample base(n + ahead, 2 * k);
    fill(base, 0, base.rows(), seed, 0);
    for (Eigen::Index i = 0, run = 0; i < n; ++i) {
        const auto a = base.row(i).head(k);
        sample.row(run++) = a;
        for (const auto& group : members)
            swap_in(sample.row(run++), a, base.row(i + ahead).tail(k), group);
    }
    return sample;
}

}  // namespace faultline::design
