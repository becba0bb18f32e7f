#include "report/html/heat_map.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

namespace faultline::report::html {
namespace {

using findings::Attribution;

std::string segment_text(const findings::Json& segment) {
    if (!segment.is_object()) return {};
    std::string text;
    for (const auto& [column, value] : segment.items())
        text += (text.empty() ? "" : ", ") + column + "=" +
                (value.is_string()
                     ? value.get<std::string>()
                     : value.dump(-1, ' ', false, findings::Json::error_handler_t::replace));
    return text;
}

/// Which index the cells are of: damage, or where a run has none the largest share of variance.
std::string index_of(const findings::Result& result) {
    for (const char* index : {"damage", "ST", "shapley", "S1"})
        if (std::any_of(result.attribution.begin(), result.attribution.end(), [&](const auto& row) {
                return row.index == index && !row.with && row.estimate.value_or(0) != 0;
            }))
            return index;
    return "damage";
}

class HeatBuilder {
  public:
    explicit HeatBuilder(const findings::Result& result) : index_(index_of(result)) {
        map_.variance = index_ != "damage";
        for (const auto& node : result.ranking) row_of(node.node);
        for (const auto& row : result.attribution) add(row);
        std::erase_if(map_.rows, [](const auto& row) { return row.cells.empty(); });
        for (auto& row : map_.rows)
            std::sort(row.cells.begin(), row.cells.end(),
                      [](const auto& a, const auto& b) { return a.series < b.series; });
    }

    HeatMap take() { return std::move(map_); }

  private:
    void add(const Attribution& row) {
        const bool lost = row.index == "lost_rate", fresh = row.index == "new_rate";
        if (row.with || row.group || row.node.empty() || row.metric.empty()) return;
        if (row.index != index_ && !lost && !fresh) return;
        const std::size_t series = series_of(row);
        const bool unbounded = row.index == index_ && !row.estimate && !map_.variance &&
                               row.unit == "tolerance" && !row.conditional;
        if (row.estimate.value_or(0) == 0 && !unbounded) return;
        HeatCell& cell = cell_of(row_of(row.node), series);
        if (lost || fresh) {
            if (cell.mark != 'u') cell.mark = lost ? 'l' : 'n';
            if (cell.perturbation.empty()) cell.perturbation = row.perturbation.value_or("");
            return;
        }
        if (unbounded) cell.mark = 'u';
        if (row.estimate && std::abs(*row.estimate) > std::abs(cell.value.value_or(-0.0))) {
            cell.value = std::abs(*row.estimate);
            cell.perturbation = row.perturbation.value_or("");
        }
    }

    std::size_t row_of(const std::string& node) {
        const auto [at, fresh] = rows_.emplace(node, map_.rows.size());
        if (fresh) map_.rows.push_back({node, {}});
        return at->second;
    }

    HeatCell& cell_of(std::size_t row, std::size_t series) {
        auto& cells = map_.rows[row].cells;
        const auto [at, fresh] = cells_.emplace(std::pair(row, series), cells.size());
        if (fresh) cells.push_back({series, std::nullopt, ' ', {}});
        return cells[at->second];
    }

    std::size_t series_of(const Attribution& row) {
        const std::string segment = segment_text(row.segment);
        const auto [metric, unknown] = metrics_.emplace(row.metric, map_.metrics.size());
        if (unknown) map_.metrics.push_back(row.metric);
        const auto [at, fresh] =
            series_.emplace(std::pair(metric->second, segment), map_.series.size());
        if (fresh) map_.series.push_back({metric->second, segment});
        return at->second;
    }

    std::string index_;
    HeatMap map_;
    std::map<std::string, std::size_t> rows_, metrics_;
    std::map<std::pair<std::size_t, std::string>, std::size_t> series_;
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> cells_;
};

}  // namespace

HeatMap heat_map(const findings::Result& result) {
    return HeatBuilder(result).take();
}

}  // namespace faultline::report::html
