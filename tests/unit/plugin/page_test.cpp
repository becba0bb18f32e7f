#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "bench.h"

// The examples on the plugins' pages are what comes out when they are run. A page's "## Example"
// holds the params, then the columns to show in the heading of the table "Before"; everything else
// in it is written by this test, with FAULTLINE_WRITE_PAGES=1 in its environment.

using namespace faultline;
using namespace faultline::plugin;

namespace {

const char* const heading = "## Example\n";

/// What every example starts from: small enough to be read, with something for each kind of fault.
const char* const orders =
    "SELECT * FROM (VALUES "
    "(1, DATE '2024-03-01', TIMESTAMP '2024-03-01 08:15:00', 'Berlin', 2, 19.90, 4.5e0, true, "
    "'gift wrap'), "
    "(2, DATE '2024-03-01', TIMESTAMP '2024-03-01 11:40:12', 'Oslo', 1, 249.00, -1.25e0, true, "
    "NULL), "
    "(3, DATE '2024-03-02', TIMESTAMP '2024-03-02 09:05:30', 'Paris', 5, 7.49, 11e0, false, "
    "'call before noon'), "
    "(4, DATE '2024-03-02', TIMESTAMP '2024-03-02 16:20:00', 'Berlin', 3, 55.00, NULL, true, "
    "'2024-03-09'), "
    "(5, DATE '2024-03-03', TIMESTAMP '2024-03-03 07:55:45', 'Rome', NULL, 120.25, 14.75e0, "
    "false, 'leave at door'), "
    "(6, DATE '2024-03-03', TIMESTAMP '2024-03-03 20:10:00', 'Berlin', 4, 33.30, 6e0, true, "
    "'2024-03-10'), "
    "(7, DATE '2024-03-04', TIMESTAMP '2024-03-04 10:00:00', 'Oslo', 2, 89.99, 0.5e0, NULL, "
    "'100'), "
    "(8, DATE '2024-03-05', TIMESTAMP '2024-03-05 13:30:59', 'Paris', 1, 15.00, 9.25e0, true, "
    "'fragile')) "
    "AS t(id, day, \"at\", city, qty, price, temp, paid, note)";

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

/// The text between `from` and `to`, which both must be there.
std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const auto begin = text.find(from);
    REQUIRE(begin != std::string::npos);
    const auto end = text.find(to, begin + from.size());
    REQUIRE(end != std::string::npos);
    return text.substr(begin + from.size(), end - begin - from.size());
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> out;
    std::stringstream in(line.substr(1));
    for (std::string cell; std::getline(in, cell, '|');) {
        const auto begin = cell.find_first_not_of(' ');
        if (begin != std::string::npos)
            out.push_back(cell.substr(begin, cell.find_last_not_of(' ') - begin + 1));
    }
    return out;
}

std::string table(Bench& bench, const std::string& select,
                  const std::vector<std::string>& columns) {
    std::string head = "|", line = "|", list;
    for (const auto& name : columns) {
        head += " " + name + " |";
        line += " --- |";
        list += (list.empty() ? "" : ", ") +
                fmt::format(
                    "coalesce(CASE CAST({0} AS VARCHAR) WHEN '' THEN '(empty)' ELSE "
                    "CAST({0} AS VARCHAR) END, 'NULL')",
                    bench.dialect().quote(name));
    }
    std::string out = head + "\n" + line + "\n";
    for (const auto& row :
         bench.query("SELECT " + list + " FROM (SELECT * FROM (" + select + ") ORDER BY ALL)")
             .rows) {
        out += "|";
        for (const auto& cell : row) {
            const auto text = std::get<std::string>(cell);
            out += " " + (text.size() > 40 ? text.substr(0, 37) + "..." : text) + " |";
        }
        out += "\n";
    }
    return out;
}

/// The section as it must be, from the params and columns that are in it.
std::string section(const std::string& plugin, const std::string& now) {
    const auto params = between(now, "```json\n", "\n```");
    const auto shown = cells_of(between(now, "Before:\n\n", "\n"));
    Bench bench(orders, {"id"}, "day");
    const auto out = bench.apply(Bench::fault(plugin, params));
    std::vector<std::string> after;
    for (const auto& column : shown)
        if (std::any_of(out.columns.begin(), out.columns.end(),
                        [&](const auto& c) { return c.name == column; }))
            after.push_back(column);
    const auto& name = bench.keyed.site.columns;
    for (const auto& column : out.columns)
        if (std::none_of(name.begin(), name.end(),
                         [&](const auto& c) { return c.name == column.name; }))
            after.push_back(column.name);
    return fmt::format(
        "{}\n```json\n{}\n```\n\nBefore:\n\n{}\nAfter, at severity 1:\n\n{}\n"
        "Answer key: `{}`\n",
        heading, params, table(bench, "SELECT * FROM store.\"site\"", shown),
        table(bench, out.select, after), out.answer_keys[0].to_json().dump());
}

}  // namespace

TEST_CASE("the examples on the plugins' pages are what comes out") {
    const bool write = std::getenv("FAULTLINE_WRITE_PAGES") != nullptr;
    int pages = 0;
    for (const auto* plugin : Bench::registry().plugins()) {
        if (plugin->about().has_file) continue;  // file_page_test.cpp has them
        const auto& name = plugin->about().name;
        const auto file =
            std::filesystem::path(FAULTLINE_SOURCE_DIR) / "plugins" / name / "README.md";
        INFO(name);
        REQUIRE(std::filesystem::exists(file));
        const auto text = read(file);
        const auto begin = text.find(heading);
        if (begin == std::string::npos) continue;
        ++pages;
        const auto end = std::min(text.find("\n## ", begin + 1), text.size());
        const auto must = section(name, text.substr(begin, end - begin));
        if (write)
            std::ofstream(file) << text.substr(0, begin) << must << text.substr(end);
        else
            CHECK(text.substr(begin, end - begin) == must);
    }
    CHECK(pages >= 22);
}
