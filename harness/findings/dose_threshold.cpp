#include "findings/dose_threshold.h"

#include <algorithm>
#include <iterator>

#include "analysis/order_statistics.h"

namespace faultline::findings {
namespace {

/// streams × doses: whether it happened.
std::vector<std::vector<bool>> table_of(const DoseSeries& series, Happened happened) {
    std::vector<std::vector<bool>> table(series.streams.size(),
                                         std::vector<bool>(series.doses.size(), false));
    for (std::size_t d = 0; d < series.doses.size(); ++d)
        for (const auto* trial : series.doses[d]->trials) {
            const auto at =
                std::lower_bound(series.streams.begin(), series.streams.end(), trial->replicate);
            if (at == series.streams.end() || *at != trial->replicate) continue;
            table[static_cast<std::size_t>(at - series.streams.begin())][d] = happened(*trial);
        }
    return table;
}

}  // namespace

DoseSeries dose_series(const Evidence& evidence, std::size_t perturbation) {
    DoseSeries series;
    series.deterministic = true;
    for (const auto& dose : evidence.doses) {
        if (dose.perturbation != perturbation) continue;
        std::vector<std::uint64_t> streams, common;
        for (const auto* trial : dose.trials) streams.push_back(trial->replicate);
        std::sort(streams.begin(), streams.end());
        streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
        std::set_intersection(series.streams.begin(), series.streams.end(), streams.begin(),
                              streams.end(), std::back_inserter(common));
        series.streams = series.doses.empty() ? streams : common;
        series.deterministic = series.deterministic && dose.deterministic;
        series.doses.push_back(&dose);
    }
    if (series.streams.empty()) series.doses.clear();
    return series;
}

Threshold threshold_of(const DoseSeries& series, Happened happened, double confidence) {
    Threshold threshold;
    const auto table = table_of(series, happened);
    // Streams to which it has happened at this dose or a smaller one: a threshold each, nested
    // doses.
    std::vector<std::size_t> counts(series.doses.size(), 0);
    for (const auto& stream : table) {
        const auto first = std::find(stream.begin(), stream.end(), true) - stream.begin();
        for (auto d = static_cast<std::size_t>(first); d < counts.size(); ++d) ++counts[d];
    }
    const auto ranks = analysis::median_ranks(series.streams.size(), confidence);
    // The smallest dose tried at which at least so many have crossed, and the one before it.
    const auto crossed = [&](std::uint64_t rank) {
        return static_cast<std::size_t>(
            std::find_if(counts.begin(), counts.end(),
                         [&](std::size_t count) { return count >= rank; }) -
            counts.begin());
    };
    const auto severity_at = [&](std::size_t dose) { return series.doses[dose]->severity; };
    const auto before = [&](std::size_t dose) { return dose == 0 ? 0.0 : severity_at(dose - 1); };
    const std::size_t at = crossed(ranks.median);
    if (at == counts.size()) return threshold;
    threshold.severity = severity_at(at);
    if (series.deterministic) {
        threshold.low = before(at);
        threshold.high = threshold.severity;
    } else if (ranks.low) {
        threshold.low = before(crossed(*ranks.low));
        if (const std::size_t most = crossed(*ranks.high); most < counts.size())
            threshold.high = severity_at(most);
    }
    return threshold;
}

bool is_monotone(const DoseSeries& series, Happened happened) {
    const auto table = table_of(series, happened);
    return std::all_of(table.begin(), table.end(), [](const auto& stream) {
        return std::is_sorted(stream.begin(), stream.end());
    });
}

}  // namespace faultline::findings
