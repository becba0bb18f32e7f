#include "findings/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace faultline::findings {

std::string short_number(double value) {
    if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
    const bool plain = std::abs(value) >= 1000 && std::abs(value) < 1e9;  // 1234, not 1.23e+03
    return plain ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

std::string series_name(const journal::Series& series) {
    if (!series.segment.is_object() || series.segment.empty()) return series.metric;
    std::string inside;
    for (const auto& [column, value] : series.segment.items())
        inside +=
            (inside.empty() ? "" : ", ") + column + "=" +
            (value.is_string() ? value.get<std::string>()
                               : value.dump(-1, ' ', false, model::Json::error_handler_t::replace));
    return series.metric + "[" + inside + "]";
}

std::string dose_name(const Evidence& evidence, const Dose& dose) {
    const std::string name =
        evidence.perturbation_of(dose).id + " on " + evidence.node_of(dose.perturbation);
    const bool one_of_several =
        std::any_of(evidence.doses.begin(), evidence.doses.end(), [&](const Dose& other) {
            return other.perturbation == dose.perturbation && other.severity != dose.severity;
        });
    if (!one_of_several) return name;
    return name + " at severity " + short_number(dose.severity);
}

std::string of(std::int64_t hits, std::size_t trials) {
    return fmt::format("{} of {} trial{}", hits, trials, trials == 1 ? "" : "s");
}

std::string of_unless_all(std::int64_t hits, std::size_t trials) {
    if (hits != static_cast<std::int64_t>(trials)) return " in " + of(hits, trials);
    return trials == 1 ? "" : fmt::format(" in all {} trials", trials);
}

std::string and_more(std::int64_t count) {
    return count > 0 ? fmt::format(" and {} more", count) : "";
}

std::string damage_text(const Evidence& evidence, const analysis::Estimates& damage,
                        Eigen::Index at) {
    if (std::isinf(damage.estimate(at))) return "more than any tolerance";
    const std::string size = short_number(damage.estimate(at)) +
                             (damage.estimate(at) == 1 ? " tolerance" : " tolerances");
    if (damage.low(at) == damage.high(at)) return size;
    if (std::isinf(damage.high(at))) return size + " in the one trial there is";
    return fmt::format("{} ({} to {} at {} % confidence)", size, short_number(damage.low(at)),
                       short_number(damage.high(at)),
                       short_number(evidence.scenario.design.confidence * 100));
}

}  // namespace faultline::findings
