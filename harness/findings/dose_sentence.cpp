#include "findings/dose_sentence.h"

#include <fmt/format.h>

#include "findings/dose_text.h"
#include "findings/wording.h"

namespace faultline::findings {
namespace {

/// "noise of price": which fault, and of which columns where they are named.
std::string kind_of(const model::Perturbation& perturbation) {
    std::string text = perturbation.plugin;
    const auto columns = perturbation.params.find("columns");
    if (columns == perturbation.params.end() || !columns->is_array()) return text;
    std::string names;
    for (const auto& column : *columns) {
        if (!column.is_string()) return text;
        names += (names.empty() ? "" : ", ") + column.get<std::string>();
    }
    return names.empty() ? text : text + " of " + names;
}

/// "3.1 % (2.9 % to 3.3 %)", the interval where luck has a part in it.
std::string with_interval(const Evidence& evidence, std::size_t perturbation,
                          const Threshold& threshold) {
    if (!threshold.low || !threshold.high || evidence.factors[perturbation].binary ||
        !evidence.factors[perturbation].draws)
        return threshold.text;
    return fmt::format(
        "{} ({} to {})", threshold.text,
        *threshold.low == 0 ? "0" : dose_text(evidence, perturbation, *threshold.low),
        dose_text(evidence, perturbation, *threshold.high));
}

/// What happens at the harmful dose: "revenue moves more than 2 %", "the pipeline breaks".
std::string harm_of(const Evidence& evidence, const DoseResponse& response) {
    if (response.metric.empty()) return "the pipeline breaks down";
    const std::string number = series_name({response.metric, response.segment});
    for (const auto& point : response.curve)
        if (point.severity == response.harmful.severity && point.damage.value_or(0) == 0)
            return number + " vanishes or appears";
    for (const auto& metric : evidence.scenario.metrics)
        if (metric.id == response.metric)
            if (const auto allowed = tolerance_text(metric); !allowed.empty())
                return number + " moves more than " + allowed;
    return number + " leaves its tolerance";
}

std::string notice_of(const DoseResponse& response, const std::string& noticed) {
    return response.noticed_by.empty()
               ? fmt::format("the pipeline breaks down at {}", noticed)
               : fmt::format("the first check, {}, fires at {}", response.noticed_by, noticed);
}

}  // namespace

std::string dose_sentence(const Evidence& evidence, std::size_t perturbation,
                          const DoseResponse& response) {
    const auto& about = evidence.scenario.perturbations[perturbation];
    const std::string subject =
        fmt::format("{} on {} ({}): ", about.id, response.node, kind_of(about));
    const std::string noticed = with_interval(evidence, perturbation, response.noticed);
    if (!response.harmful.severity) {
        const double largest = response.curve.empty() ? 1 : response.curve.back().severity;
        std::string text =
            subject + (response.binary ? "harmless"
                                       : "no number leaves its tolerance, up to " +
                                             dose_text(evidence, perturbation, largest));
        if (response.noticed.severity)
            text += response.binary ? fmt::format("; {} fires", response.noticed_by)
                                    : "; " + notice_of(response, noticed);
        return text;
    }
    const std::string harm = harm_of(evidence, response);
    if (response.binary)
        return subject + harm +
               (response.blind                ? "; no check fires"
                : response.noticed_by.empty() ? ""
                                              : "; " + response.noticed_by + " fires");
    std::string text = fmt::format("{}from {} on {}", subject,
                                   with_interval(evidence, perturbation, response.harmful), harm);
    if (!response.noticed.severity) {
        text += "; no check fires at any dose";
    } else if (response.blind) {
        text += "; " + notice_of(response, noticed) + ", and up to there nobody would notice";
    } else if (!response.metric.empty()) {
        text +=
            "; " + notice_of(response, noticed) +
            (*response.noticed.severity < *response.harmful.severity ? ", before any harm" : "");
    }
    if (!response.monotone)
        text +=
            "; larger doses are within tolerance again, so smaller ones than were tried may do "
            "harm";
    return text;
}

}  // namespace faultline::findings
