#include "bench_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace faultline::bench {

std::string table_of(std::vector<Line> lines, double rows) {
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& a, const Line& b) { return a.ratio() > b.ratio(); });
    std::string text =
        "| plugin | kind | on | M rows/s | times the copy | aim | writing alone | counting alone | "
        "copy ms | first call ms |\n|---|---|---|---:|---:|---:|---:|---:|---:|---:|\n";
    for (const auto& line : lines)
        text += fmt::format(
            "| {} | {} | {} | {:.1f} | {:.2f} | {} {:.1f} | {:.2f} | {:.2f} | {:.0f} | {:.0f} |\n",
            line.plugin, line.kind, line.relation, rows / (line.counts + line.writes) / 1e6,
            line.ratio(), line.ratio() <= line.aim ? "≤" : "**missed**", line.aim,
            line.writes / line.copy, line.counts / line.copy, line.copy * 1e3, line.first * 1e3);
    return text;
}

}  // namespace faultline::bench
