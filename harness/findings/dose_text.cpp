#include "findings/dose_text.h"

#include <fmt/format.h>

#include <cmath>

#include "findings/wording.h"

namespace faultline::findings {
namespace {

/// 0.031 is "3.1 %"; two digits, since no dose is known better than to a few per cent.
std::string percent(double share) {
    return fmt::format("{:.{}g} %", share * 100, std::abs(share) >= 0.9995 ? 4 : 3);
}

std::string amount_text(const journal::FaultFacts& facts, double severity) {
    const double value = facts.by_power ? std::pow(facts.to, severity)
                                        : facts.from + severity * (facts.to - facts.from);
    if (facts.measure == "share") {
        if (facts.param == "fraction")
            return percent(value) +
                   (facts.unit.empty()
                        ? ""
                        : " of " + facts.unit + (facts.unit.back() == 'h' ? "es" : "s"));
        return (facts.from == 0 ? "" : facts.param + " ") + percent(value);
    }
    if (facts.measure == "times") return "×" + short_number(value);
    if (facts.measure.empty()) return facts.param + " " + short_number(value);
    return short_number(value) + " " + facts.measure;
}

}  // namespace

std::string dose_text(const Evidence& evidence, std::size_t perturbation, double severity) {
    if (evidence.factors[perturbation].binary) return "on";
    const auto* facts = evidence.facts_of(perturbation);
    if (facts == nullptr || facts->param.empty()) return "severity " + short_number(severity);
    return amount_text(*facts, severity);
}

std::string tolerance_text(const model::Metric& metric) {
    const auto& tolerance = metric.tolerance;
    if (tolerance.noise || (tolerance.absolute && tolerance.relative)) return {};
    if (tolerance.absolute) return short_number(*tolerance.absolute);
    return tolerance.relative ? percent(*tolerance.relative) : std::string();
}

}  // namespace faultline::findings
