#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <string>
#include <vector>

#include "core/groups.h"

namespace faultline::design {

/// Samples: runs × factors, one run a row. Pure functions of their arguments, usable without a
/// pipeline; every seed is one, 0 too, and the same arguments give the same bits on every machine.
/// All throw Error(user) for sizes that make no sense or would not fit into memory.
using Sample = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The first `rows` points of a scrambled Sobol' sequence, strictly inside (0, 1).
///
/// Direction numbers are Boost.Random's (Joe & Kuo 2008), the order is Antonov & Saleev's Gray
/// code, and the first point is not skipped (Owen 2022, "On dropping the first Sobol' point").
/// Scrambled by a random linear matrix and a digital shift per dimension (Matoušek 1998, "On the
/// L2-discrepancy for anchored boxes"; Owen 2003, "Variance with alternative scramblings of digital
/// nets"): each point is uniform, so means are unbiased, and any 2^m first points stay a net.
///
/// `rows` need not be a power of two. What that costs: the last points, those past the largest
/// power of two, fill their level only in part, and the error of a mean falls towards that of the
/// net before it, O(1/N), instead of what a full net of a smooth function reaches.
Sample sobol_points(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed);

/// Independent uniform numbers, strictly inside (0, 1).
Sample uniform_points(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed);

struct RadialOptions {
    bool second_order = false;
    /// Independent scrambles, each of consecutive base rows (core/blocks.h). Their spread is what
    /// an interval can be read from; 1 is one sequence, more exact where the function is smooth,
    /// but its error cannot be told.
    std::uint64_t replicates = 8;
    /// Factors that move together: AB_g then has all columns of group g from B, and k below is the
    /// number of groups.
    Groups groups = {};
};

/// The design of Saltelli (2002, "Making best use of model evaluations") for Sobol' indices, on
/// `rows` base rows. Runs stand in SALib's order, for each base row: A, AB_1 … AB_k, with
/// `second_order` BA_1 … BA_k, then B; AB_j is A with column j from B, BA_j is B with column j from
/// A. A is the first half of a 2k-dimensional Sobol' point and B the second.
Sample radial_sample(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed,
                     const RadialOptions& options);

struct ShapleyOptions {
    std::uint64_t replicates = 8;  ///< as in RadialOptions
    Groups groups = {};            ///< the players; empty: every factor is one
};

/// The design of Goda (2021, "A simple algorithm for global sensitivity analysis with Shapley
/// effects"): `rows` walks of players + 1 runs. A walk begins at a point x, ends at an independent
/// x', and on its way each player in turn takes its values of x', in a random order: the order of
/// every second walk is the one before it reversed (antithetic). x is the first half of a
/// 2k-dimensional Sobol' point and x' the second. analysis/shapley.h reads the order from the runs.
Sample shapley_sample(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed,
                      const ShapleyOptions& options);

/// Trajectories of Morris (1991, "Factorial sampling plans"): `rows` times k + 1 runs, of which
/// each differs from the one before in one factor, by ±p / (2(p − 1)); all k factors move once, in
/// random order. Values lie on the grid 0, 1/(p−1), …, 1; p = `levels` is even, so that each is
/// equally likely.
///
/// `optimised` draws four times as many trajectories and keeps `rows` of them that lie far apart:
/// the greedy form (Ruano et al. 2012) of Campolongo et al. (2007), which adds the trajectory
/// whose squared distances to those kept are largest. The distance of two trajectories is the sum
/// of the distances of their points. All factors of a group move in one step, each up or down by
/// itself; a trajectory then has a run more than there are groups.
Sample morris_trajectories(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed,
                           std::uint64_t levels, bool optimised, const Groups& groups = {});

/// Radial form (Campolongo, Saltelli & Cariboni 2011): `rows` times a Sobol' point and, after it,
/// k runs that differ from it in one factor (or group) each, whose value comes from a second point.
/// The second point is four points ahead in the sequence, or values would repeat.
Sample morris_radial(std::uint64_t factors, std::uint64_t rows, std::uint64_t seed,
                     const Groups& groups = {});

/// `rows` times k + 1 runs: all factors at 0, then each alone at 1.
Sample one_at_a_time_sample(std::uint64_t factors, std::uint64_t rows);

/// A two-level screening design in −1 and +1, main effects clear of each other: as many runs as the
/// smallest Hadamard matrix above k that is built here, and again with all signs turned (foldover,
/// Box & Wilson 1951), which clears main effects of two-factor interactions too. (Plackett & Burman
/// 1946.) Matrices come from Paley's two constructions, Sylvester's doubling and, for 92,
/// Williamson's array: every multiple of 4 to 112; above, the next that these give.
Sample plackett_burman(std::uint64_t factors);

/// Every combination of `levels` equally spaced values of −1 … 1, the last factor moving fastest.
Sample full_factorial(std::uint64_t factors, std::uint64_t levels);

/// What a factor ranges over.
struct Bound {
    double low = 0, high = 1;
};

/// Maps [from, 1] of every column onto its bounds, in place; `from` is 0, or −1 for two-level
/// designs.
void scale(Sample& sample, const std::vector<Bound>& bounds, double from);

}  // namespace faultline::design
