// Every plugin beside a plain copy of the same rows, in one run. See docs/performance.md.

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
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
        {"concept_drift", {{"driver", "id"}}},
        {"duplicate_rows", {{"mode", "fuzzy"}}},
        {"dependency_broken", {{"determinant", "day"}}},
        {"duplicate_keys", {{"columns", Json::array({"id"})}}},
        {"key_format", {{"mode", "prefix"}, {"prefix", "ID-"}}},
        {"label_flip", {{"pattern", "next"}}},
        {"date_format", Json::object()},
        {"resample", {{"weight_factor", 2}}},
        {"schema_drift", {{"mode", "retype"}}},
        {"round", {{"decimals", 0}}},
        {"swap_columns", {{"columns", Json::array({"v", "w"})}}}};
    return params;
}

/// What costs more than the usual case: the same plugin again, on another relation or with other
/// parameters.
struct Harder {
    const char *plugin, *relation, *what;
    Json params;
};
const std::vector<Harder>& harder() {
    static const std::vector<Harder> cases{
        {"swap_columns", "number", "of two types", {{"columns", Json::array({"v", "id"})}}},
        {"duplicate_keys", "keys with gaps", "", {{"columns", Json::array({"id"})}}},
        {"shuffle", "text", "", Json::object()},
        {"dependency_broken", "long texts", "", Json::object()},
        {"orphan_keys", "long texts", "somebody else", {{"mode", "somebody_else"}}}};
    return cases;
}

/// The relations there are, each made when it is first asked for. In the order in which a plugin is
/// tried on them; "dates" is for those that it would do nothing to the others.
class Relations {
  public:
    Relations(std::int64_t rows, unsigned threads) : rows_(rows), threads_(threads) {}

    /// The first whose column the plugin takes; plugins without columns take any.
    Relation* for_plugin(const plugin::Description& about) {
        if (about.name == "date_format") return &get(dates_);
        if (about.name == "swap_columns") return &get(pair_);
        for (const auto& kind : kinds_)
            if (about.accepts.empty() || plugin::is_accepted(kind.family, about.accepts))
                return &get(kind);
        return nullptr;
    }
    Relation& named(const std::string& name) {
        for (const auto& kind : kinds_)
            if (kind.name == name) return get(kind);
        for (const auto* kind : {&dates_, &pair_, &gaps_, &long_texts_})
            if (kind->name == name) return get(*kind);
        throw Error(ErrorKind::user, fmt::format("there is no relation {}", name));
    }

  private:
    struct Kind {
        std::string name;
        engine::TypeFamily family;
        std::string value, key = "i";
    };
    Relation& get(const Kind& kind) {
        for (auto& relation : made_)
            if (relation.name() == kind.name) return relation;
        auto& made = made_.emplace_back(kind.name, kind.key, kind.value, rows_, threads_);
        fmt::print("keying {} rows ({}): {:.0f} ms, {:.2f} times the copy, once a relation\n",
                   rows_, made.name(), made.keying() * 1e3, made.keying() / made.copy());
        return made;
    }

    const std::string random_ = "(i * 2654435761 % 4294967296)";
    const std::vector<Kind> kinds_{
        {"number", engine::TypeFamily::floating, random_ + " / 1e6"},
        {"text", engine::TypeFamily::text, "'text ' || CAST(" + random_ + " % 1000 AS VARCHAR)"},
        {"time", engine::TypeFamily::timestamp,
         "TIMESTAMP '2024-01-01' + INTERVAL 1 SECOND * CAST(" + random_ +
             " % 31536000 AS INTEGER)"},
        {"whole", engine::TypeFamily::integer, random_ + " % 1000"}};
    const Kind dates_{
        "dates as text", engine::TypeFamily::text,
        "CAST(DATE '2024-01-01' + CAST(" + random_ + " % 365 AS INTEGER) AS VARCHAR)"};
    const Kind pair_{"two numbers", engine::TypeFamily::floating,
                     random_ + " / 1e6 AS v, (i * 1597334677 % 4294967296) / 1e6 AS w"};
    const Kind gaps_{"keys with gaps", engine::TypeFamily::floating, random_ + " / 1e6",
                     "3 * i + i % 2"};
    const Kind long_texts_{"long texts", engine::TypeFamily::text,
                           "'customer ' || CAST(" + random_ + " AS VARCHAR)"};
    std::int64_t rows_;
    unsigned threads_;
    std::deque<Relation> made_;
};

/// What the engine takes for the like by a statement of its own, which no fault that does it can
/// do without: {what, SQL over a relation that stands for %}.
struct Floor {
    const char *what, *sql, *relation = "number";
};
const std::vector<Floor>& floors() {
    static const std::vector<Floor> statements{
        {"one row in ten left out", "SELECT * FROM % WHERE id % 10 <> 3"},
        {"one row in ten again", "SELECT * FROM % UNION ALL SELECT * FROM % WHERE id % 10 = 3"},
        {"one row in twenty left out, here and there", "SELECT * FROM % WHERE hash(id) % 20 <> 3"},
        {"half of the rows again", "SELECT * FROM % UNION ALL SELECT * FROM % WHERE id % 2 = 1"},
        {"one batch in five twice more",
         "SELECT * FROM % UNION ALL SELECT * FROM % WHERE (day - DATE '2024-01-01') % 5 = 3 UNION "
         "ALL "
         "SELECT * FROM % WHERE (day - DATE '2024-01-01') % 5 = 3"},
        {"all rows again", "SELECT * FROM % UNION ALL SELECT * FROM %"},
        {"rows in another order", "SELECT * FROM % ORDER BY hash(id)"},
        {"the value of the next row in another order",
         "SELECT id, day, lead(v) OVER (ORDER BY hash(id)) AS v FROM %"},
        {"the values of the next row and the one before, in other order",
         "SELECT id, day, CASE WHEN n % 2 = 0 THEN next ELSE last END AS v FROM (SELECT *, "
         "row_number() OVER w AS n, lead(v) OVER w AS next, lag(v) OVER w AS last FROM % WINDOW w "
         "AS (ORDER BY hash(id)))"},
        {"different values, in order, joined to one row in twenty",
         "SELECT r.id, r.day, coalesce(o.v, r.v) AS v FROM % AS r LEFT JOIN (SELECT v, "
         "row_number() OVER (ORDER BY v) AS i FROM (SELECT DISTINCT v FROM %)) AS o ON o.i = "
         "CASE WHEN r.id % 20 = 3 THEN r.id END"},
        {"one text in ten another",
         "SELECT id, day, CASE WHEN hash(id) % 10 = 3 THEN 'another' ELSE v END AS v FROM %",
         "text"},
        {"one text in ten in capitals",
         "SELECT id, day, CASE WHEN hash(id) % 10 = 3 THEN upper(v) ELSE v END AS v FROM %",
         "text"},
        {"one text in ten cut to three letters",
         "SELECT id, day, CASE WHEN hash(id) % 10 = 3 THEN left(v, 3) ELSE v END AS v FROM %",
         "text"},
        {"every text cut to three letters", "SELECT id, day, left(v, 3) AS v FROM %", "text"},
        {"every text with two letters before it", "SELECT id, day, 'ID' || v AS v FROM %", "text"},
        {"one date in ten, as text, written another way",
         "SELECT id, day, CASE WHEN hash(id) % 10 = 3 THEN strftime(CAST(v AS DATE), '%d/%m/%Y') "
         "ELSE v END AS v FROM %",
         "dates as text"},
        {"every date, as text, written another way",
         "SELECT id, day, strftime(CAST(v AS DATE), '%d/%m/%Y') AS v FROM %", "dates as text"},
        {"one time in ten a day later",
         "SELECT id, day, CASE WHEN hash(id) % 10 = 3 THEN v + INTERVAL 1 DAY ELSE v END AS v FROM "
         "%",
         "time"},
        {"every time an hour later", "SELECT id, day, v + INTERVAL 1 HOUR AS v FROM %", "time"},
        {"every time as of another zone",
         "SELECT id, day, timezone('America/New_York', timezone('UTC', v)) AS v FROM %", "time"}};
    return statements;
}

std::string over(std::string sql, const std::string& table) {
    for (auto at = sql.find("FROM %"); at != std::string::npos; at = sql.find("FROM %", at))
        sql.replace(at + 5, 1, table);
    return sql;
}

void print_floors(Relations& relations, unsigned rounds) {
    std::string table = "\n| the engine alone | on | times the copy |\n| --- | --- | ---: |\n";
    for (const auto& floor : floors()) {
        auto& relation = relations.named(floor.relation);
        try {
            std::vector<double> ratios;
            for (unsigned round = 0; round < rounds; ++round)
                ratios.push_back(relation.write(over(floor.sql, relation.table())) /
                                 relation.copy());
            table +=
                fmt::format("| {} | {} | {:.2f} |\n", floor.what, floor.relation, median(ratios));
        } catch (const Error& error) {
            table += fmt::format("| {} | {} | not measured: {} |\n", floor.what, floor.relation,
                                 error.what());
        }
    }
    fmt::print("{}", table);
}

/// To try out what a plugin could say instead.
void time_statements(Relation& relation, const std::string& file, unsigned rounds) {
    std::ifstream in(file);
    for (std::string sql; std::getline(in, sql, ';');) {
        if (sql.find_first_not_of(" \n") == std::string::npos) continue;
        std::vector<double> ratios;
        for (unsigned round = 0; round < rounds; ++round)
            ratios.push_back(relation.write(sql) / relation.copy());
        fmt::print("{:.2f} {}\n", median(ratios), sql.substr(sql.find_first_not_of(" \n")));
    }
}

Json usual_params(const plugin::Description& about) {
    Json params = Json::object();
    if (!about.accepts.empty()) params["columns"] = Json::array({"v"});
    if (const auto known = stated().find(about.name); known != stated().end())
        params.update(known->second);
    return params;
}

Line measured(const plugin::Plugin& plugin, Relation& relation, const Json& params, unsigned rounds,
              bool sql) {
    const auto& about = plugin.about();
    const plugin::Fault fault(about.name, plugin, params, "bench", "");
    plugin::Measures measures;
    Line line;
    line.plugin = about.name;
    line.kind = about.has_rewrite ? "rewrite" : "transform";
    line.relation = relation.name();
    line.aim = about.has_rewrite ? 1.5 : 5;
    plugin::Perturbed perturbed;
    line.first = relation.perturb(fault, measures, perturbed);
    if (sql) fmt::print("{}:\n{}\n\n", about.name, perturbed.select);
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
    std::string only, statements, on = "number";
    known.add_options()("rows", options::value(&rows), "rows; 10 million unless stated")(
        "quick", "one million rows")("rounds", options::value(&rounds), "medians are of these; 3")(
        "threads", options::value(&threads), "of the engine; 1, as a trial has")(
        "only", options::value(&only),
        "these plugins, with commas between; engine: what it takes for the like alone")(
        "sql", "the plugins' statements, too")(
        "statements", options::value(&statements),
        "instead, those of a file, with semicolons between, beside the copy: of the relation "
        "\"on\", "
        "which is store.site, and store.keyed with the keys of its rows")(
        "on", options::value(&on), "a relation of the table: number unless stated")("help", "this");
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
    Relations relations(rows, threads);
    if (!statements.empty()) {
        time_statements(relations.named(on), statements, rounds);
        return 0;
    }
    std::vector<Line> lines;
    for (const auto* plugin : registry.plugins()) {
        const auto& about = plugin->about();
        if (!only.empty() && ("," + only + ",").find("," + about.name + ",") == std::string::npos)
            continue;
        if (!about.has_rewrite && !about.has_transform) continue;
        auto* relation = relations.for_plugin(about);
        if (relation == nullptr) continue;
        const auto measure = [&](Relation& given_on, const Json& params, const std::string& what) {
            try {
                lines.push_back(measured(*plugin, given_on, params, rounds, given.contains("sql")));
                if (!what.empty()) lines.back().relation += ", " + what;
                fmt::print(stderr, "{}: {:.2f} times the copy\n", about.name, lines.back().ratio());
            } catch (const Error& error) {
                fmt::print("not measured: {}: {}\n", about.name, error.what());
            }
        };
        measure(*relation, usual_params(about), {});
        for (const auto& other : harder())
            if (other.plugin == about.name) {
                auto params = usual_params(about);
                params.update(other.params);
                measure(relations.named(other.relation), params, other.what);
            }
    }
    fmt::print("\n{}", table_of(lines, static_cast<double>(rows)));
    if (only.empty() || only == "engine") print_floors(relations, rounds);
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
