#include "bench_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace faultline::bench {

std::string table_of(std::vector<Line> lines, double rows) {
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.ratio() < b.ratio(); });
    std::string text =
        "| plugin | on | M rows/s | times the copy | of it writing | of it counting | first call, "
        "ms | aim |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n";
    for (const auto& line : lines)
        text += fmt::format("| `{}`{} | {} | {:.1f} | {:.2f} | {:.2f} | {:.2f} | {:.0f} | {} |\n",
                            line.plugin, line.kind == "transform" ? " (a transform)" : "",
                            line.relation, rows / (line.counts + line.writes) / 1e6, line.ratio(),
                            line.writes / line.copy, line.counts / line.copy, line.first * 1e3,
                            line.ratio() <= line.aim ? "met" : fmt::format("{} missed", line.aim));
    return text;
}

}  // namespace faultline::bench
