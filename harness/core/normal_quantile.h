#pragma once

#include <cmath>

namespace faultline {

/// The standard normal distribution's quantile function by algorithm AS 241, routine PPND16
/// (Wichura, Applied Statistics 37, 1988, 477): a ratio of two polynomials of degree 7 in the
/// middle 85 %, another one in sqrt(-ln p) in either tail; about 16 digits. `q` is p - 1/2, exact
/// for our uniforms. Sums, products and one quotient alone in the middle, so that every machine and
/// every SQL engine gives the same bits there; the tails rest on ln, which may differ in the last
/// place. The routine's third piece, for p < exp(-25), is left out: a 32-bit uniform is never below
/// 2^-33.
///
/// @name Its pieces, for loops over many (core/draw_blocks.h)
/// @{
inline constexpr double normal_middle = 0.425;  ///< |q| up to this is the middle
inline constexpr double normal_middle_top[8] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                                                1.9715909503065514427e3, 1.3731693765509461125e4,
                                                4.5921953931549871457e4, 6.7265770927008700853e4,
                                                3.3430575583588128105e4, 2.5090809287301226727e3};
inline constexpr double normal_middle_bottom[8] = {1.0,
                                                   4.2313330701600911252e1,
                                                   6.8718700749205790830e2,
                                                   5.3941960214247511077e3,
                                                   2.1213794301586595867e4,
                                                   3.9307895800092710610e4,
                                                   2.8729085735721942674e4,
                                                   5.2264952788528545610e3};
inline constexpr double normal_tail_top[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                              5.76949722146069140550e0,  3.64784832476320460504e0,
                                              1.27045825245236838258e0,  2.41780725177450611770e-1,
                                              2.27238449892691845833e-2, 7.74545014278341407640e-4};
inline constexpr double normal_tail_bottom[8] = {1.0,
                                                 2.05319162663775882187e0,
                                                 1.67638483018380384940e0,
                                                 6.89767334985100004550e-1,
                                                 1.48103976427480074590e-1,
                                                 1.51986665636164571966e-2,
                                                 5.47593808499534494600e-4,
                                                 1.05075007164441684324e-9};

/// By Horner's rule.
inline double polynomial7(const double (&c)[8], double x) noexcept {
    return ((((((c[7] * x + c[6]) * x + c[5]) * x + c[4]) * x + c[3]) * x + c[2]) * x + c[1]) * x +
           c[0];
}
/// |q| ≤ normal_middle.
inline double normal_in_middle(double q) noexcept {
    const double r = 0.180625 - q * q;
    return q * polynomial7(normal_middle_top, r) / polynomial7(normal_middle_bottom, r);
}
/// The quantile's size where |q| > normal_middle; `r` is sqrt(-ln(1/2 - |q|)).
inline double normal_in_tail(double r) noexcept {
    const double x = r - 1.6;
    return polynomial7(normal_tail_top, x) / polynomial7(normal_tail_bottom, x);
}
/// @}

/// The quantile at q + 1/2, for 2^-33 ≤ q + 1/2 ≤ 1 - 2^-33.
inline double normal_quantile(double q) noexcept {
    if (std::abs(q) <= normal_middle) return normal_in_middle(q);
    return std::copysign(normal_in_tail(std::sqrt(-std::log(0.5 - std::abs(q)))), q);
}

}  // namespace faultline
