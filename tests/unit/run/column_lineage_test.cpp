#include <catch2/catch.hpp>
#include <cstdlib>
#include <random>

#include "laboratory.h"

// What reads no changed column is not run again, and what is kept has the columns alone that
// somebody reads; the numbers must be those of running everything with every column.

namespace faultline::run {
namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t n) {
    return static_cast<std::size_t>(random() % n);
}

/// Every node has these columns, so that any step can read any node. z is never negative in the
/// base, so that a root of it fails under a fault alone.
constexpr const char* source_sql =
    "select i as id, i % 5 as g, case when i % 11 = 3 then null else ((i * 37 + {}) % 16 - 6) / "
    "8.0 end as x, "
    "((i * 53) % 24) / 4.0 as y, ((i * 29 + {}) % 32) / 8.0 as z, chr(cast(97 + (i * 7) % 6 as "
    "integer)) as t "
    "from range({}) s(i)";

/// {a} and {b} are the nodes that a step reads.
const std::vector<std::string> shapes{
    "select * from {a}",
    "select id, g, x, y, z, t from {a}",
    "select id, g, y as x, x as y, z, t from {a}",
    "select id, g, x * 2.0 + y as x, y, z, t from {a}",
    "select id, g, x, coalesce(y, 0.0) / 2 as y, z, upper(t) as t from {a}",
    "select id, g, x, y, sqrt(z) as z, t from {a}",
    "select id, g, x, sqrt(z) as y, z, t from {a}",
    "select id, g, x, case when z > 1.5 then y else 0.25 end as y, z, t from {a}",
    "select id, g, round(x, 1) as x, y, z, t || '-' as t from {a}",
    "select * from {a} where x > 0",
    "select id, g, x, y, z, t from {a} where t <> 'a'",
    "select distinct id, g, x, y, z, t from {a}",
    "select distinct on (g) id, g, x, y, z, t from {a} order by g, y, id",
    "select * from {a} order by y, id limit 20",
    "select id, g, x, y, z, t from (select * from {a} order by x, id)",
    "select id, g, row_number() over (order by x, id) / 8.0 as x, y, z, t from {a}",
    "select id, g, x, sum(y) over (partition by g) as y, z, t from {a}",
    "select id, g, x, y, z, t from {a} qualify row_number() over (partition by g order by y, id) < "
    "4",
    "select min(id) as id, g, sum(x) as x, avg(y) as y, max(z) as z, min(t) as t from {a} group by "
    "g",
    "select min(id) as id, g, sum(x) as x, max(y) as y, count(*) / 1.0 as z, min(t) as t from {a} "
    "group by g having max(y) > 2",
    "select min(id) as id, g, sum(x) filter (where y > 2) as x, max(y) as y, max(z) as z, t from "
    "{a} group by g, t",
    "select id, g, x, y, z, t from {a} union all select id + 1000, g, y, y, z, t from {b}",
    "select id, g, x, y, z, t from {a} except select id, g, x, y, z, t from {b} where id > 20",
    "select a.id, a.g, a.x, b.y, b.z, a.t from {a} a join {b} b on a.id = b.id",
    "select a.*  from {a} a join {b} b on a.id = b.id and a.y <= b.y",
    "select a.id, a.g, a.x, coalesce(b.y, 0.0) as y, a.z, b.t from {a} a left join {b} b using "
    "(id)",
    "select * from {a} where id in (select id from {b} where x is not null)",
    "select * from {a} where y >= (select avg(y) from {b})",
    "with c as materialized (select * from {a} where g < 4) select a.id, a.g, b.x, a.y, a.z, a.t "
    "from c a join c b using (id)",
    "select a.id, a.g, a.x, (select max(y) from {b} b where b.g = a.g) as y, a.z, a.t from {a} a",
    "select id, g, unnest([x, x + 1.0]) as x, y, z, t from {a}",
    "select id, g, x, y, z, case when y > 3 then 'high' else t end as t from {a}",
};

std::string filled(std::string text, const std::string& a, const std::string& b) {
    for (const auto& [hole, name] : {std::pair("{a}", a), std::pair("{b}", b)})
        for (auto at = text.find(hole); at != std::string::npos; at = text.find(hole))
            text.replace(at, 3, name);
    return text;
}

struct Documents {
    std::string pipeline, scenario;
};

Documents random_documents(std::uint64_t seed) {
    Random random(seed);
    nlohmann::json nodes;
    std::vector<std::string> names;
    for (int s = 0; s < 2; ++s) {
        std::string sql = source_sql;
        for (const int number : {3 * s, 5 * s, 40 - 4 * s})
            sql.replace(sql.find("{}"), 2, std::to_string(number));
        names.push_back("s" + std::to_string(s));
        nodes[names.back()] = {{"source", {{"sql", sql}}}, {"key", {"id"}}};
    }
    const std::size_t steps = 4 + below(random, 5);
    for (std::size_t n = 0; n < steps; ++n) {
        const auto& a =
            names[names.size() - 1 - below(random, std::min<std::size_t>(4, names.size()))];
        const auto& b = names[below(random, names.size())];
        const auto name = "n" + std::to_string(n);
        // Every sixth may fail, as a fault of z makes it.
        const auto& shape =
            shapes[below(random, 6) == 0 ? 5 + below(random, 2) : below(random, shapes.size())];
        nodes[name] = {{"sql", filled(shape, a, b)}};
        names.push_back(name);
    }
    nlohmann::json metrics = nlohmann::json::array(), checks = nlohmann::json::array(),
                   perturbations = nlohmann::json::array(), outputs = nlohmann::json::array();
    const std::vector<std::string> numbers{
        "sum(x)", "sum(y)", "count(*)", "max(z)", "avg(x)", "count(distinct t)", "sum(id)"};
    for (int m = 0; m < 3; ++m) {
        const auto& output = names[2 + below(random, steps)];
        if (std::find(outputs.begin(), outputs.end(), output) == outputs.end())
            outputs.push_back(output);
        metrics.push_back({{"id", "m" + std::to_string(m)},
                           {"output", output},
                           {"sql", numbers[below(random, numbers.size())]},
                           {"tolerance", {{"absolute", 0.001}}}});
        if (below(random, 3) == 0) metrics.back()["by"] = {"g"};
    }
    const std::vector<nlohmann::json> guards{
        {{"expect", "not_null"}, {"columns", {"x"}}},
        {{"expect", "unique"}, {"columns", {"id"}}},
        {{"expect", "row_count"}, {"min", 12}},
        {{"sql", "select * from {node} where y > 5.5 and t = 'c'"}}};
    for (int c = 0; c < 2; ++c) {
        checks.push_back(guards[below(random, guards.size())]);
        checks.back()["id"] = "c" + std::to_string(c);
        checks.back()["node"] = names[below(random, names.size())];
    }
    const std::vector<std::pair<std::string, nlohmann::json>> faults{
        {"shift", {{"columns", {"x"}}, {"delta", 1.5}}},
        {"shift", {{"columns", {"y"}}, {"delta", 2.25}, {"fraction", 0.3}}},
        {"shift", {{"columns", {"z"}}, {"delta", -100}}},
        {"shift", {{"columns", {"z"}}, {"delta", 1}}},
        {"nulls", {{"columns", {"t"}}, {"fraction", 0.5}}},
        {"nulls", {{"columns", {"x", "z"}}, {"fraction", 0.5}}},
        {"sign_flip", {{"columns", {"y"}}}},
        {"missing_batches", {{"block_rows", 4}, {"fraction", 0.3}}}};
    const std::vector<nlohmann::json> drifts{
        {{"mode", "reorder"}}, {{"mode", "add"}, {"name", "w"}, {"type", "double"}, {"value", 2}}};
    for (int f = 0; f < 3; ++f) {
        const auto& [plugin, params] = faults[below(random, faults.size())];
        const auto& node = names[below(random, names.size())];
        perturbations.push_back({{"id", "f" + std::to_string(f)},
                                 {"node", node},
                                 {"plugin", plugin},
                                 {"params", params}});
    }
    // Every other scenario has columns that change in some trials and not in others.
    if (seed % 2 == 0) {
        perturbations.back()["plugin"] = "schema_drift";
        perturbations.back()["params"] = drifts[seed / 2 % 2];
    }
    return {nlohmann::json{
                {"faultline", "pipeline/1"}, {"name", "p"}, {"nodes", nodes}, {"outputs", outputs}}
                .dump(),
            nlohmann::json{{"faultline", "scenario/1"},
                           {"title", "t"},
                           {"pipeline", "pipeline.json"},
                           {"seed", seed},
                           {"perturbations", perturbations},
                           {"checks", checks},
                           {"metrics", metrics}}
                .dump()};
}

std::vector<journal::TrialRecord> run_all(const Experiment& experiment, bool follow_columns,
                                          const std::vector<design::Trial>& trials,
                                          std::size_t* narrowed = nullptr) {
    BaseOptions options;
    options.follow_columns = follow_columns;
    if (narrowed != nullptr) options.narrow_from = 0;
    BaseRun base(experiment, options);
    base.run();
    for (NodeIndex node = 0; narrowed != nullptr && node < base.needed().size(); ++node)
        *narrowed += base.table_columns().narrows(node) ? 1 : 0;
    return records_of(experiment, base, trials);
}

/// All but the numbers, and who computed what in which time.
std::string told(const journal::TrialRecord& record) {
    auto json = journal::to_json(record);
    for (const auto* key : {"milliseconds", "node_milliseconds", "ms", "executions", "run",
                            "reused", "skipped", "values", "extra"})
        json.erase(key);
    return json.dump();
}

}  // namespace

TEST_CASE("sparing what reads no changed column changes no number", "[single-threaded]") {
    // Each trial on its own, in pairs and all together, over random DAGs.
    std::vector<design::Trial> trials;
    for (unsigned set = 1; set < 8; ++set) {
        design::Trial trial{set, 0, 0, {}};
        for (unsigned f = 0; f < 3; ++f)
            if ((set >> f & 1U) != 0) trial.severities["f" + std::to_string(f)] = 1;
        trials.push_back(trial);
    }
    std::uint64_t ran_narrow = 0, ran = 0, crashed = 0;
    std::size_t narrowed = 0;
    const char* const more = std::getenv("FAULTLINE_RANDOM_DAGS");  // a longer look by hand
    const std::uint64_t seeds = more != nullptr ? std::stoul(more) : 24;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const auto documents = random_documents(seed);
        INFO(documents.pipeline << "\n" << documents.scenario);
        Laboratory laboratory(documents.pipeline, documents.scenario);
        const auto experiment = laboratory.load();
        const auto whole = run_all(experiment, false, trials),
                   narrow = run_all(experiment, true, trials, &narrowed);
        for (std::size_t i = 0; i < trials.size(); ++i) {
            INFO("trial " << i);
            REQUIRE(told(narrow[i]) == told(whole[i]));
            REQUIRE(narrow[i].extra.size() == whole[i].extra.size());
            REQUIRE(narrow[i].values.size() == whole[i].values.size());
            for (std::size_t s = 0; s < whole[i].values.size(); ++s) {
                INFO("series " << s);
                REQUIRE(narrow[i].values[s].has_value() == whole[i].values[s].has_value());
                if (whole[i].values[s])
                    CHECK(*narrow[i].values[s] == Approx(*whole[i].values[s]).epsilon(1e-9));
            }
            // What no metric sees is counted where it would differ.
            CHECK(narrow[i].run + narrow[i].reused + narrow[i].skipped <=
                  whole[i].run + whole[i].reused + whole[i].skipped);
            ran_narrow += narrow[i].run;
            ran += whole[i].run;
            if (whole[i].outcome == journal::Outcome::crashed) ++crashed;
        }
    }
    // The property would hold of doing nothing as well.
    INFO(ran_narrow << " of " << ran << " steps run, " << crashed << " trials crashed, " << narrowed
                    << " steps narrowed");
    CHECK(ran_narrow * 10 < ran * 9);
    CHECK(crashed > 2);
    CHECK(narrowed > 10);
}

TEST_CASE("a fault reaches what reads its columns, and no more") {
    Laboratory laboratory(
        R"json({"faultline": "pipeline/1", "name": "p", "nodes": {
  "orders": {"source": {"sql": "select i as id, i % 3 as shop, i * 1.5::double as price from range(30) t(i)"}, "key": ["id"]},
  "staged": {"sql": "select id, shop, price * 2 as net from orders"},
  "volumes": {"sql": "select shop, count(*) as n from staged group by shop"},
  "pack": {"sql": "select shop, sum(net) as net, count(*) as n from staged group by shop"},
  "busy": {"sql": "select count(*) as shops from pack where n > 3"}
}, "outputs": ["volumes", "pack", "busy"]})json",
        R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "perturbations": [
  {"id": "price", "node": "orders", "plugin": "shift", "params": {"columns": ["price"], "delta": 1}},
  {"id": "shop", "node": "orders", "plugin": "shift", "params": {"columns": ["shop"], "delta": 1}},
  {"id": "nobody", "node": "volumes", "plugin": "shift", "params": {"columns": ["shop"], "delta": 1}}],
 "metrics": [{"id": "volume", "output": "volumes", "sql": "sum(n)"}, {"id": "net", "output": "pack", "sql": "sum(net)"},
             {"id": "shops", "output": "busy", "sql": "sum(shops)"}]})json");
    const auto experiment = laboratory.load();
    std::vector<design::Trial> trials;
    for (const auto* fault : {"price", "shop", "nobody"})
        trials.push_back({trials.size(), 0, 0, {{fault, 1.0}}});
    const auto records = run_all(experiment, true, trials);
    // staged and pack; neither the volumes nor the busy shops.
    CHECK(records[0].run == 2);
    CHECK(records[0].reused == 2);
    CHECK(records[0].values ==
          std::vector<std::optional<double>>{30.0, 30 * 2 * (1.5 * 14.5 + 1), 3.0});
    // By which both group.
    CHECK(records[1].run == 4);
    // Nothing asks for it, and what it did is counted all the same.
    CHECK(records[2].run == 0);
    CHECK(journal::to_json(records[2]).dump().find("\"rows_changed\":3") != std::string::npos);
    CHECK(records[2].outcome == journal::Outcome::absorbed);
}

}  // namespace faultline::run
