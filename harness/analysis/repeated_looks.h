#pragma once

#include <cstdint>

namespace faultline::analysis {

/// The confidence that intervals need at look `look` (the first is 1) at data that keep growing, so
/// that those of all looks together hold with `confidence`: whoever stops when an interval is
/// narrow, or leaves a value out, may then believe it. Repeated confidence intervals (Jennison &
/// Turnbull 1989, "Interim analyses: the repeated confidence interval approach"): the error
/// 1 − confidence is spent over the looks (Lan & DeMets 1983), and because the shares add up to it,
/// nothing need be known of how the looks depend on each other (Bonferroni).
///
/// `most` is the number of looks that there can be; each then gets an equal share. 0: not known,
/// and look i gets 1/(i(i + 1)), which adds up to 1 over any number of looks.
///
/// Throws Error(user) unless 0 < confidence < 1, Error(internal) for a look 0 or beyond `most`.
double confidence_at_look(double confidence, std::uint64_t look, std::uint64_t most = 0);

}  // namespace faultline::analysis
