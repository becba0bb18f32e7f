// Every plugin beside a plain copy of the same rows, in one run. See docs/performance.md.

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <iostream>
#include <map>

#include "bench_relation.h"
#include "bench_table.h"
#include "core/error.h"
#include "plugin/column_choice.h"
#include "plugin/registry.h"

namespace faultline::bench {
namespace {

namespace options = boost::program_options;
using plugin::Json;

/// What a plugin cannot guess about this relation, or what would make it do nothing to it.
const std::map<std::string, Json>& stated() {
    static const std::map<std::string, Json> params{
        {"clip", {{"tail", 0.05}}},
        {"duplicate_rows", {{"mode", "fuzzy"}}},
        {"dependency_broken", {{"determinant", "day"}}},
        {"duplicate_keys", {{"columns", Json::array({"id"})}}},
        {"key_format", {{"mode", "prefix"}, {"prefix", "ID-"}}},
        {"label_flip", {{"pattern", "next"}}},
        {"date_format", Json::object()},
        {"resample", {{"weight_factor", 2}}},
        {"schema_drift", {{"mode", "retype"}}},
        {"round", {{"decimals", 0}}},
        {"swap_columns", {{"columns", Json::array({"v", "id"})}}}};
    return params;
}

/// The first relation of those whose column the plugin takes; plugins without columns take any.
Relation* relation_for(const plugin::Description& about, std::deque<Relation>& relations) {
    for (auto& relation : relations)
        if (about.accepts.empty() || plugin::is_accepted(relation.family(), about.accepts))
            return &relation;
    return nullptr;
}

Line measured(const plugin::Plugin& plugin, Relation& relation, unsigned rounds) {
    const auto& about = plugin.about();
    Json params = Json::object();
    if (!about.accepts.empty()) params["columns"] = Json::array({"v"});
    if (const auto known = stated().find(about.name); known != stated().end())
        params.update(known->second);
    const plugin::Fault fault(about.name, plugin, params, "bench", "");
    plugin::Measures measures;
    Line line;
    line.plugin = about.name;
    line.kind = about.has_rewrite ? "rewrite" : "transform";
    line.relation = relation.name();
    line.aim = about.has_rewrite ? 1.5 : 5;
    plugin::Perturbed perturbed;
    line.first = relation.perturb(fault, measures, perturbed);
    relation.drop(perturbed);
    std::vector<double> counts, writes, copies;
    for (unsigned round = 0; round < rounds; ++round) {
        copies.push_back(relation.copy());
        counts.push_back(relation.perturb(fault, measures, perturbed));
        writes.push_back(relation.write(perturbed.select));
        relation.drop(perturbed);
    }
    line.counts = median(counts);
    line.writes = median(writes);
    line.copy = median(copies);
    return line;
}

int run(int argc, char** argv) {
    options::options_description known("bench_plugins");
    std::int64_t rows = 10000000;
    unsigned rounds = 3, threads = 1;
    std::string only;
    known.add_options()("rows", options::value(&rows), "rows; 10 million unless stated")(
        "quick", "one million rows")("rounds", options::value(&rounds), "medians are of these; 3")(
        "threads", options::value(&threads), "of the engine; 1, as a trial has")(
        "only", options::value(&only), "these plugins, with commas between")("help", "this");
    options::variables_map given;
    options::store(options::parse_command_line(argc, argv, known), given);
    options::notify(given);
    if (given.contains("help")) {
        std::cout << known;
        return 0;
    }
    if (given.contains("quick")) rows = 1000000;

    plugin::Registry registry;
    registry.load_folder(std::filesystem::path(FAULTLINE_BINARY_DIR) / "lib/faultline/plugins",
                         true);
    std::deque<Relation> relations;
    const auto random = std::string("(i * 2654435761 % 4294967296)");
    relations.emplace_back("number", random + " / 1e6", rows, threads);
    relations.emplace_back("text", "'text ' || CAST(" + random + " % 1000 AS VARCHAR)", rows,
                           threads);
    relations.emplace_back(
        "time",
        "TIMESTAMP '2024-01-01' + INTERVAL 1 SECOND * CAST(" + random + " % 31536000 AS INTEGER)",
        rows, threads);
    relations.emplace_back("whole", random + " % 1000", rows, threads);
    for (auto& relation : relations)
        fmt::print("keying {} rows ({}): {:.0f} ms, {:.2f} times the copy, once a relation\n",
                   relation.rows(), relation.name(), relation.keying() * 1e3,
                   relation.keying() / relation.copy());
    std::vector<Line> lines;
    for (const auto* plugin : registry.plugins()) {
        const auto& about = plugin->about();
        if (!only.empty() && ("," + only + ",").find("," + about.name + ",") == std::string::npos)
            continue;
        auto* relation = relation_for(about, relations);
        if ((!about.has_rewrite && !about.has_transform) || relation == nullptr) continue;
        try {
            lines.push_back(measured(*plugin, *relation, rounds));
            fmt::print(stderr, "{}: {:.2f} times the copy\n", about.name, lines.back().ratio());
        } catch (const Error& error) {
            fmt::print("not measured: {}: {}\n", about.name, error.what());
        }
    }
    fmt::print("\n{}", table_of(lines, static_cast<double>(rows)));
    return 0;
}

}  // namespace
}  // namespace faultline::bench

int main(int argc, char** argv) {
    try {
        return faultline::bench::run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench: %s\n", error.what());
        return 3;
    }
}
