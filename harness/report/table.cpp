#include "report/table.h"

#include <algorithm>

#include "report/display_text.h"

namespace faultline::report {
namespace {

constexpr std::size_t gap = 2;

/// Columns without width are left out, and the gap before them.
std::size_t total_of(const std::vector<std::size_t>& widths) {
    std::size_t total = 0;
    for (const std::size_t width : widths)
        if (width > 0) total += width + (total == 0 ? 0 : gap);
    return total;
}

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
        const std::string& text = cells[i].text;
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

/// A row as lines of cells: as many as its longest cell needs.
std::vector<std::vector<Cell>> lines_of(const std::vector<Cell>& row,
                                        const std::vector<std::size_t>& widths) {
    std::vector<std::vector<Cell>> lines(1, std::vector<Cell>(row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
        if (widths[i] == 0) continue;
        const auto parts = folded(row[i].text, widths[i]);
        if (parts.size() > lines.size()) lines.resize(parts.size(), std::vector<Cell>(row.size()));
        for (std::size_t at = 0; at < parts.size(); ++at) lines[at][i] = {parts[at], row[i].hue};
    }
    return lines;
}

}  // namespace

void Table::add(std::vector<Cell> row, std::vector<std::string> below) {
    row.resize(columns_.size());
    for (auto& cell : row) cell.text = shown(cell.text);
    for (auto& text : below) text = shown(text);
    rows_.push_back({std::move(row), std::move(below)});
}

bool Table::fits(std::size_t width, std::size_t indent) const {
    return total_of(natural_widths()) + indent <= width;
}

std::vector<std::size_t> Table::natural_widths() const {
    std::vector<std::size_t> widths(columns_.size(), 0);
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row.cells[i].text));
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (widths[i] > 0) widths[i] = std::max(widths[i], width_of(columns_[i].heading));
    return widths;
}

void Table::leave_out(std::vector<std::size_t>& widths, std::size_t available, Left when) const {
    for (std::size_t i = columns_.size(); i-- > 0;)
        if (columns_[i].out == when && total_of(widths) > available) widths[i] = 0;
}

void Table::shrink(std::vector<std::size_t>& widths, std::size_t available) const {
    for (std::size_t total = total_of(widths); total > available; --total) {
        std::size_t widest = columns_.size();
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const bool can = columns_[i].least > 0 && widths[i] > columns_[i].least;
            if (can && (widest == columns_.size() || widths[i] > widths[widest])) widest = i;
        }
        if (widest == columns_.size()) return;  // too narrow a terminal: let it wrap
        --widths[widest];
    }
}

std::string Table::text(const Paint& paint, std::size_t width, std::size_t indent) const {
    if (rows_.empty()) return {};
    const std::size_t available = width > indent ? width - indent : 1;
    auto fitted = natural_widths();
    leave_out(fitted, available, Left::before_shrinking);
    const auto before = fitted;
    shrink(fitted, available);
    if (total_of(fitted) > available) {
        fitted = before;
        leave_out(fitted, available, Left::after_shrinking);
        shrink(fitted, available);
    }
    std::vector<Cell> headings;
    for (const auto& column : columns_) headings.push_back({column.heading, Hue::faint});
    std::string text = line_of(headings, columns_, fitted, paint, indent);
    const std::size_t under = indent + (fitted[0] == 0 ? 0 : fitted[0] + gap);
    const std::size_t room = std::max(width, under + 20) - under;
    for (const auto& row : rows_) {
        for (const auto& cells : lines_of(row.cells, fitted))
            text += line_of(cells, columns_, fitted, paint, indent);
        for (const auto& paragraph : row.below)
            if (!paragraph.empty())
                for (const auto& line : wrapped(paragraph, room))
                    text += std::string(under, ' ') + line + "\n";
    }
    return text;
}

}  // namespace faultline::report
