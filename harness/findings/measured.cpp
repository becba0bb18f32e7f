#include "findings/measured.h"

#include <algorithm>

namespace faultline::findings {
namespace {

bool is_about(const Json& row, const std::vector<std::string>& metrics) {
    for (const char* key : {"metric", "worst_metric"}) {
        const auto named = row.find(key);
        if (named != row.end() && named->is_string() &&
            std::find(metrics.begin(), metrics.end(), named->get<std::string>()) != metrics.end())
            return true;
    }
    return false;
}

void mark(Json& value, const std::vector<std::string>& metrics) {
    if (value.is_structured())
        for (auto& part : value) mark(part, metrics);
    if (value.is_object() && is_about(value, metrics)) value["measured"] = true;
}

}  // namespace

std::vector<std::string> measured_metrics(const model::Scenario& scenario) {
    std::vector<std::string> metrics;
    for (const auto& metric : scenario.metrics)
        if (metric.measure) metrics.push_back(metric.id);
    return metrics;
}

void mark_measured(Json& document, const std::vector<std::string>& metrics) {
    if (metrics.empty()) return;
    mark(document, metrics);
    document["measured"] = metrics;
}

}  // namespace faultline::findings
