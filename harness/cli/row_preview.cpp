#include "cli/row_preview.h"

#include <fstream>
#include <unordered_map>
#include <vector>

#include "report/display_text.h"

namespace faultline::cli {
namespace {

constexpr std::size_t most_shown = 4;

/// A text field may hold line ends, so a row goes on until its quotes are even.
bool next_row(std::ifstream& in, std::string& row) {
    row.clear();
    bool any = false, quoted = false;
    for (std::string line; std::getline(in, line);) {
        row += (any ? "\n" : "") + line;
        any = true;
        for (const char c : line) quoted = quoted != (c == '"');
        if (!quoted) break;
    }
    return any;
}

struct Rows {
    std::string header;
    std::vector<std::string> rows;
};

Rows read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    Rows read;
    next_row(in, read.header);
    for (std::string row; read.rows.size() < most_rows_compared && next_row(in, row);)
        read.rows.push_back(row);
    return read;
}

std::string missing_from(const Rows& from, const Rows& rows, const char* mark, std::size_t width) {
    std::unordered_map<std::string, std::size_t> there;
    for (const auto& row : from.rows) ++there[row];
    std::string text;
    std::size_t missing = 0;
    for (const auto& row : rows.rows) {
        const auto found = there.find(row);
        if (found != there.end() && found->second > 0) {
            --found->second;
        } else if (++missing <= most_shown) {
            text += mark + report::cut(report::shown(row), width) + "\n";
        }
    }
    if (missing > most_shown)
        text += std::string(mark) + "… " + std::to_string(missing) + " rows in all\n";
    return text;
}

}  // namespace

std::string row_preview(const std::filesystem::path& before, const std::filesystem::path& after,
                        std::size_t width) {
    constexpr std::size_t indent = 4;
    const std::size_t room = width > indent + 20 ? width - indent : 20;
    const Rows old_rows = read(before), new_rows = read(after);
    const auto header = [&](const char* mark, const std::string& text) {
        return mark + report::cut(report::shown(text), room) + "\n";
    };
    std::string text = old_rows.header == new_rows.header
                           ? header("    ", new_rows.header)
                           : header("  - ", old_rows.header) + header("  + ", new_rows.header);
    const std::string changed = missing_from(new_rows, old_rows, "  - ", room) +
                                missing_from(old_rows, new_rows, "  + ", room);
    if (changed.empty() && old_rows.header == new_rows.header) return "    the same rows\n";
    return text + changed;
}

}  // namespace faultline::cli
