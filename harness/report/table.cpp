#include "report/table.h"

#include <algorithm>

#include "report/display_text.h"

namespace faultline::report {
namespace {

constexpr std::size_t gap = 2;

std::string line_of(const std::vector<Cell>& cells, const std::vector<Table::Column>& columns,
                    const std::vector<std::size_t>& widths, const Paint& paint,
                    std::size_t indent) {
    std::string line(indent, ' ');
    std::size_t pending = 0;  // spaces that only count when something follows
    bool first = true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (widths[i] == 0) continue;
        if (!first) pending += gap;
        first = false;
        const std::string text = cut(cells[i].text, widths[i]);
        const std::size_t space = widths[i] - std::min(width_of(text), widths[i]);
        const bool right = columns[i].align == Table::Align::right;
        if (right) pending += space;
        if (!text.empty()) {
            line += std::string(pending, ' ') + paint(cells[i].hue, text);
            pending = 0;
        }
        if (!right) pending += space;
    }
    return line + "\n";
}

}  // namespace

void Table::add(std::vector<Cell> row) {
    row.resize(columns_.size());
    for (auto& cell : row) cell.text = shown(cell.text);
    rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(std::size_t available) const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i].text));
    std::size_t total = 0;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (widths[i] == 0) continue;  // nothing to show
        widths[i] = std::max(widths[i], width_of(columns_[i].heading));
        total += widths[i] + (total == 0 ? 0 : gap);
    }
    while (total > available) {
        std::size_t widest = columns_.size();
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const bool can = columns_[i].least > 0 && widths[i] > columns_[i].least;
            if (can && (widest == columns_.size() || widths[i] > widths[widest])) widest = i;
        }
        if (widest == columns_.size()) break;  // too narrow a terminal: let it wrap
        --widths[widest];
        --total;
    }
    return widths;
}

std::string Table::text(const Paint& paint, std::size_t width, std::size_t indent) const {
    if (rows_.empty()) return {};
    const auto fitted = widths(width > indent ? width - indent : 1);
    std::vector<Cell> headings;
    for (const auto& column : columns_) headings.push_back({column.heading, Hue::faint});
    std::string text = line_of(headings, columns_, fitted, paint, indent);
    for (const auto& row : rows_) text += line_of(row, columns_, fitted, paint, indent);
    return text;
}

}  // namespace faultline::report
