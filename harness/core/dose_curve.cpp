#include "core/dose_curve.h"

#include <cmath>

namespace faultline {
namespace {

template <typename Height>
void fill(const DoseCurve& curve, const double* values, std::size_t n, double* out,
          Height height) noexcept {
    const auto first = curve.first, span = curve.span;
    for (std::size_t i = 0; i < n; ++i) {
        const auto value = values[i];
        const auto x = (value - first) / span;
        const auto dose = height(x);
        out[i] = std::abs(value) < 1e300 ? dose : 0.0;
    }
}

}  // namespace

void DoseCurve::doses(const double* values, std::size_t n, double* out) const noexcept {
    const auto s = start, e = end, w = turn;
    switch (shape) {
        case Shape::step:
            return fill(*this, values, n, out, [=](double x) { return x >= s ? 1.0 : 0.0; });
        case Shape::spike:
            return fill(*this, values, n, out,
                        [=](double x) { return x >= s && x <= e ? 1.0 : 0.0; });
        case Shape::trend:
            return fill(*this, values, n, out, [](double x) { return x; });
        case Shape::ramp: {
            const auto length = e - s;
            return fill(*this, values, n, out, [=](double x) {
                const auto inside = (x - s) / length;
                return x <= s ? 0.0 : x >= e ? 1.0 : inside;
            });
        }
        case Shape::season:
            return fill(*this, values, n, out, [=](double x) {
                return x < s || x > e ? 0.0 : 0.5 - 0.5 * std::cos((x - s) * w);
            });
    }
}

}  // namespace faultline
