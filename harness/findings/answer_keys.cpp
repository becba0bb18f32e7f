#include "findings/answer_keys.h"

#include <algorithm>

namespace faultline::findings {
namespace {

using model::Json;

void merge(Json& sum, const Json& more) {
    if (sum.is_null()) {
        sum = more;
    } else if (sum.is_object() && more.is_object()) {
        for (const auto& [key, value] : more.items()) merge(sum[key], value);
    } else if (sum.is_array() && more.is_array()) {
        for (const auto& item : more)
            if (std::find(sum.begin(), sum.end(), item) == sum.end()) sum.push_back(item);
    } else if (sum.is_boolean() && more.is_boolean()) {
        sum = sum.get<bool>() || more.get<bool>();
    } else if (sum.is_number_integer() && more.is_number_integer()) {
        sum = sum.get<std::int64_t>() + more.get<std::int64_t>();
    } else if (sum.is_number() && more.is_number()) {
        sum = sum.get<double>() + more.get<double>();
    }
}

}  // namespace

Json summed_answer_keys(const std::string& perturbation,
                        const std::vector<const journal::TrialRecord*>& trials) {
    Json sum;
    std::uint64_t count = 0;
    for (const auto* trial : trials) {
        if (!trial->answer_keys.contains(perturbation)) continue;
        merge(sum, trial->answer_keys.at(perturbation));
        ++count;
    }
    if (count == 0) return nullptr;
    Json result = {{"trials", count}};
    if (sum.is_object()) result.update(sum);
    return result;
}

}  // namespace faultline::findings
