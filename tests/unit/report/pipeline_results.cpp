#include "pipeline_results.h"

#include <algorithm>
#include <string>

namespace faultline::report {

using findings::Json;
using findings::Result;

namespace {

/// Everything that names something, in one place, so that the hostile twin differs in names alone.
struct Names {
    std::string products = "products", lines = "order_lines", rates = "fx_rates", stores = "stores",
                clean = "stg_products", sales = "fct_sales", revenue = "revenue",
                catalogue = "catalogue", finance = "finance", fault = "sku_as_number",
                check = "rate_sane", segment = "Tea";
};

findings::NodeStory story(const std::string& name, const char* kind, const std::string& owner,
                          std::optional<double> damage = std::nullopt, bool output = false) {
    findings::NodeStory node;
    node.name = name;
    node.kind = kind;
    node.owner = owner;
    node.output = output;
    node.perturbed = damage.has_value();
    node.damage = damage;
    return node;
}

findings::OwnerDamage owners(const std::string& from, const std::string& to,
                             std::optional<double> damage, const std::string& fault,
                             std::uint64_t trials, std::uint64_t silent) {
    findings::OwnerDamage pair;
    pair.from = from;
    pair.to = to;
    pair.damage = damage;
    pair.worst_perturbation = fault;
    pair.worst_metric = "revenue";
    pair.trials = trials;
    pair.silent = silent;
    return pair;
}

void add_structure(Result& r, const Names& n) {
    auto& s = r.structure;
    s.nodes = {story(n.products, "source", n.catalogue, 13.6),
               story(n.lines, "source", "sales-platform", 1.98),
               story(n.rates, "source", n.finance, 4.93),
               story(n.stores, "source", "operations", 0.2),
               story(n.clean, "sql", "analytics"),
               story("stg_lines", "sql", "analytics"),
               story("stg_fx", "sql", "analytics"),
               story(n.sales, "sql", "analytics", 2.15),
               story("score", "command", "science"),
               story(n.revenue, "sql", n.finance, std::nullopt, true),
               story("forecast", "command", "operations", std::nullopt, true)};
    s.nodes[0].description = "The product master. A SKU is six characters.";
    s.nodes[0].single_point_for = {"forecast"};
    s.nodes[0].blast_nodes = 4;
    s.nodes[0].blast_outputs = 2;
    s.nodes[0].blast_owners = {"analytics", "operations"};
    s.edges = {{n.products, n.clean}, {n.lines, "stg_lines"}, {n.rates, "stg_fx"},
               {n.clean, n.sales},    {"stg_lines", n.sales}, {"stg_fx", n.sales},
               {n.sales, "score"},    {n.sales, n.revenue},   {n.stores, n.revenue},
               {"score", "forecast"}, {n.sales, "forecast"}};
    s.single_points = {n.products};
    s.owners = {owners(n.catalogue, n.finance, 4.2, n.fault, 18, 17),
                owners(n.catalogue, "operations", 13.6, n.fault, 18, 17),
                owners(n.finance, n.finance, 4.93, "rates_off", 17, 1),
                owners("sales-platform", n.finance, 1.98, "days_lost", 64, 16),
                owners("operations", n.finance, std::nullopt, "", 0, 0)};
    s.resilience.score = 0.38;
    s.resilience.low = 0.31;
    s.resilience.high = 0.46;
    s.resilience.text = "The mean over 7 nodes of what each leaves intact.";
    s.resilience.untested = {"stg_fx", "score"};
    r.edges = {{n.products, n.clean, 2.4, n.fault},   {n.clean, n.sales, 4.8, n.fault},
               {n.rates, "stg_fx", 1.1, "rates_off"}, {"stg_fx", n.sales, 1.0, "rates_off"},
               {n.sales, n.revenue, 0.9, n.fault},    {n.sales, "forecast", 3.1, n.fault}};
    r.travel = {{n.fault,
                 n.products,
                 {{n.products, 0, 2.4, "mean length of sku −17 %", 1, std::nullopt},
                  {n.clean, 1, 2.4, "mean length of sku −17 %", 1, std::nullopt},
                  {n.sales, 2, 4.8, "rows −68 %", 1, std::nullopt},
                  {"forecast", 3, 3.1, "sum of units −68 %", 1, 13.6}},
                 {},
                 {n.sales}},
                {"names_untrimmed",
                 n.products,
                 {{n.products, 0, 0.8, "mean length of name +2", 1, std::nullopt},
                  {n.clean, 1, 0, "", 0, std::nullopt}},
                 {n.clean},
                 {}}};
}

void add_checks(Result& r, const Names& n) {
    r.checks = {{n.check, n.rates, false, 0, 0},
                {"days_without_gap", n.lines, false, 32, 0},
                {"margin_sane", n.revenue, true, 0, 0}};
    auto& scores = r.check_scores;
    auto& all = scores.pipeline;
    all.mutants = 12;
    all.killed_at_source = 2;
    all.killed_later = 1;
    all.crashed = 1;
    all.silent = 5;
    all.absorbed = 3;
    all.score = 0.375;
    all.low = 0.2;
    all.high = 0.6;
    all.benign = 3;
    all.false_alarms = 1;
    scores.by_node = {{n.products, scores.pipeline}};
    scores.by_owner = {{n.catalogue, scores.pipeline}};
    scores.by_plugin = {{"noise", scores.pipeline}};
    findings::CheckScore useless, useful;
    useless.id = n.check;
    useless.node = n.rates;
    useless.owner = n.finance;
    useless.recall = useless.recall_low = 0;
    useless.recall_high = 0.3;
    useless.harmful_seen = 2;
    useless.never_killed = true;
    useless.remark = "never fired on any of the 2 harmful faults that it could see";
    useful.id = "days_without_gap";
    useful.node = n.lines;
    useful.owner = "sales-platform";
    useful.recall = 0.5;
    useful.recall_low = 0.2;
    useful.recall_high = 0.8;
    useful.precision = useful.precision_high = 1;
    useful.precision_low = 0.7;
    useful.kills = 2;
    useful.harmful_seen = 4;
    useful.sole_kills = 1;
    useful.distance_nodes = 1;
    useful.distance_rows = 120;
    scores.checks = {useless, useful};
    auto& guards = r.guards;
    guards.silent_trials = 35;
    guards.covered_trials = 33;
    guards.score_before = 0.375;
    guards.score_after = 0.92;
    findings::Guard rows, mean;
    rows.id = "guard_rows_sales";
    rows.node = n.sales;
    rows.owner = "analytics";
    rows.kind = "row_count";
    rows.text = "rows of " + n.sales + " between 48,000 and 53,000";
    rows.check = Json{{"id", "guard_rows_sales"},
                      {"node", n.sales},
                      {"expect", "row_count"},
                      {"min", 48000},
                      {"max", 53000}};
    rows.power = rows.power_high = 1;
    rows.power_low = 0.8;
    rows.false_alarms_high = 0.1;
    rows.covers = {n.fault, "days_lost"};
    rows.adds = 17;
    rows.distance = 2;
    mean.id = "guard_mean_rate";
    mean.node = n.rates;
    mean.owner = n.finance;
    mean.kind = "mean";
    mean.column = "to_eur";
    mean.text = "mean of to_eur in " + n.rates + " between 0.5 and 0.52";
    mean.check = Json{{"id", "guard_mean_rate"},
                      {"node", n.rates},
                      {"sql", "select avg(to_eur) from {node} having avg(to_eur) > 0.52"}};
    mean.power = 0.9;
    mean.power_low = 0.7;
    mean.power_high = 0.99;
    mean.false_alarms = 0.02;
    mean.false_alarms_high = 0.1;
    mean.covers = {"rates_off"};
    mean.adds = 16;
    guards.proposed = {rows, mean};
    guards.out_of_reach = {"prices_jitter"};
}

void add_doses(Result& r, const Names& n) {
    findings::DoseResponse dose;
    dose.perturbation = "rates_off";
    dose.node = n.rates;
    dose.owner = n.finance;
    dose.plugin = "shift";
    dose.metric = "revenue";
    dose.segment = Json{{"category", n.segment}};
    dose.harmful = {0.22, 0.2, 0.25, "2.6 % of to_eur"};
    dose.noticed = {0.8, 0.75, 0.85, "9.6 % of to_eur"};
    dose.noticed_by = "days_without_gap";
    dose.blind = {0.22, 0.8};
    dose.sentence =
        "to_eur may be off by 2.6 % before revenue moves 3 %; the first check fires at 9.6 %.";
    for (int i = 0; i <= 8; ++i) {
        const double severity = i / 8.0;
        dose.curve.push_back({severity, 16, severity * 4.9, severity * 4.2, severity * 5.6,
                              severity > 0.22 ? 1.0 : 0.0, severity > 0.8 ? 1.0 : 0.0,
                              std::to_string(i * 15) + " ‰ of to_eur"});
    }
    r.doses.push_back(dose);
    dose.perturbation = "prices_jitter";
    dose.node = n.lines;
    dose.harmful = {};
    dose.noticed = {};
    dose.blind = std::nullopt;
    dose.noticed_by = "";
    dose.sentence = "No dose of prices_jitter moves any number out of its tolerance.";
    for (auto& point : dose.curve) {
        point.damage = *point.damage / 8;
        point.low = *point.low / 9;
        point.high = *point.high / 7;
    }
    r.doses.push_back(dose);
}

findings::Attribution damage_of(const std::string& node, const std::string& fault,
                                const std::string& metric, Json segment, double estimate,
                                double apart = 0) {
    return {
        metric,           std::move(segment), node, fault,       std::nullopt, "damage", estimate,
        estimate - apart, estimate + apart,   0.95, "tolerance", false,        1.0};
}

Result told(const Names& n) {
    Result r;
    r.status = "completed";
    r.verdict = "deviated";
    r.seed = 7;
    r.title = r.scenario = "Which feed can hurt the shops' numbers without anyone noticing?";
    r.pipeline = "shops";
    r.versions = {
        {"faultline", "0.1.0"}, {"engine", "DuckDB v1.4.4"}, {"plugins", {{"noise", "1.0.0"}}}};
    r.trials = {{"total", 102}, {"absorbed", 34}, {"detected", 32}, {"silent", 35}, {"crashed", 1}};
    r.run = 614;
    r.reused = 610;
    for (const char* category : {"Tea", "Coffee", "Chocolate"}) {
        const Json segment{{"category", std::string(category) == "Tea" ? n.segment : category}};
        r.attribution.push_back(damage_of(n.products, n.fault, "forecast", segment, 13.6));
        r.attribution.push_back(damage_of(n.rates, "rates_off", "revenue", segment, 4.93));
        r.attribution.push_back(damage_of(n.lines, "days_lost", "revenue", segment, 1.98, 0.65));
    }
    r.ranking = {{n.products,
                  n.catalogue,
                  13.6,
                  13.6,
                  13.6,
                  false,
                  "forecast",
                  Json{{"category", "Chocolate"}},
                  n.fault,
                  {{"silent", 17}, {"crashed", 1}, {"absorbed", 1}}},
                 {n.rates,
                  n.finance,
                  4.93,
                  4.93,
                  4.93,
                  false,
                  "revenue",
                  Json{{"category", n.segment}},
                  "rates_off",
                  {{"silent", 1}, {"absorbed", 16}}},
                 {n.sales,
                  "analytics",
                  2.15,
                  1.6,
                  2.7,
                  false,
                  "revenue",
                  Json(),
                  "built_early",
                  {{"detected", 16}}},
                 {n.lines,
                  "sales-platform",
                  1.98,
                  1.33,
                  2.63,
                  false,
                  "revenue",
                  Json{{"category", "Coffee"}},
                  "days_lost",
                  {{"silent", 16}, {"detected", 16}}},
                 {n.stores,
                  "operations",
                  0.2,
                  0.1,
                  0.3,
                  false,
                  "revenue",
                  Json(),
                  "moved_out",
                  {{"absorbed", 16}}}};
    r.perturbations = {
        {n.fault, n.products, "schema_drift", Json::object(), {{"silent", 17}}},
        {"renamed", n.products, "schema_drift", Json::object(), {{"crashed", 1}}},
        {"rates_off", n.rates, "shift", Json::object(), {{"silent", 1}, {"absorbed", 16}}},
        {"days_lost",
         n.lines,
         "missing_batches",
         Json::object(),
         {{"silent", 16}, {"detected", 16}}},
        {"built_early", n.sales, "missing_batches", Json::object(), {{"detected", 16}}},
        {"moved_out", n.stores, "noise", Json::object(), {{"absorbed", 16}}}};
    r.silent = {
        {n.fault, n.products, "forecast", Json{{"category", "Chocolate"}}, 17, 64, 928.0, 296.0,
         13.6},
        {"rates_off", n.rates, "revenue", Json{{"category", n.segment}}, 1, 84, 0.307, 0.357, 4.93},
        {"days_lost", n.lines, "revenue", Json{{"category", "Coffee"}}, 16, 25, 249280.0, 210649.0,
         5.17}};
    r.failures = {{n.clean, "step", "Binder Error: Referenced column \"sku\" not found", 1, 65}};
    r.noise_floor = {{"revenue", Json{{"category", n.segment}}, 0.0}, {"forecast", Json(), 0.4}};
    r.warnings = {"the order of rows decides a tie in forecast"};
    r.reasons = {"3 of 6 perturbations moved a metric out of its tolerance"};
    r.explanation = {"one_at_a_time: each fault alone, in 16 replicates."};
    r.discovered = {{n.products, n.rates}, 219, 40, 0.05};
    add_structure(r, n);
    add_checks(r, n);
    add_doses(r, n);
    return r;
}

}  // namespace

Result shop_result() {
    return told(Names{});
}

Result hostile_result() {
    Names n;
    n.products = "<script>document.title='pwned'</script>";
    n.lines = "</script><img src=x onerror=\"document.title='pwned'\">";
    n.rates = "quotes \"'` & ]]> --> <!--";
    n.stores = std::string("nul\0and\x1b[31mescape", 18);
    n.clean =
        "\xE2\x80\xAE"
        "right-to-left override";
    n.sales = std::string(10'000, 'x');
    n.revenue = "🔥 日本 \xE2\x80\xA8 line separator";
    n.catalogue = "@everyone | [link](javascript:alert(1)) https://example.org";
    n.finance = "*bold* _it_ `code` ```fence``` #1 $x$ ~~s~~";
    n.fault = "\"><svg onload=document.title='pwned'>";
    n.check = "{{constructor}} ${7*7} \\u0041";
    n.segment = "\xFF not utf-8";
    Result r = told(n);
    r.title = "</title></textarea><script>document.title='pwned'</script>";
    r.warnings.push_back("</details>\n\n# not a heading\n|a|b|\n<b>");
    return r;
}

Result large_result(std::size_t nodes, std::size_t trials) {
    Result r = shop_result();
    r.title = r.scenario = "A large pipeline";
    for (auto* list : {&r.ranking}) list->clear();
    r.attribution.clear();
    r.perturbations.clear();
    r.silent.clear();
    r.structure = {};
    r.edges.clear();
    r.travel.clear();
    r.trials = {{"total", trials}, {"silent", trials / 4}, {"absorbed", trials - trials / 4}};
    const std::size_t layer = std::max<std::size_t>(1, nodes / 10);
    std::uint64_t state = 7;
    const auto draw = [&](std::size_t below) {  // any even spread will do
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::size_t>((state >> 33) % below);
    };
    const auto name = [](std::size_t i) { return "node_" + std::to_string(i); };
    for (std::size_t i = 0; i < nodes; ++i) {
        const double damage = static_cast<double>(draw(1000)) / 150.0;
        auto node = story(name(i), i < layer ? "source" : "sql", "team_" + std::to_string(i % 12),
                          damage, i + layer >= nodes);
        node.blast_nodes = nodes - i;
        r.structure.nodes.push_back(node);
        for (std::size_t k = 0; i >= layer && k < 1 + draw(3); ++k) {
            const std::size_t above = (i / layer - 1) * layer + draw(layer);
            const std::pair edge(name(above), name(i));
            if (std::find(r.structure.edges.begin(), r.structure.edges.end(), edge) !=
                r.structure.edges.end())
                continue;
            r.structure.edges.push_back(edge);
            r.edges.push_back(
                {edge.first, edge.second, damage / 3, "fault_" + std::to_string(above)});
        }
        const std::string fault = "fault_" + std::to_string(i);
        r.ranking.push_back({name(i),
                             node.owner,
                             damage,
                             damage * 0.8,
                             damage * 1.2,
                             false,
                             "metric_0",
                             Json{{"segment", 0}},
                             fault,
                             {{"silent", 1}, {"absorbed", 1}}});
        r.perturbations.push_back(
            {fault, name(i), "noise", Json::object(), {{"silent", 1}, {"absorbed", 1}}});
        if (damage > 4)
            r.silent.push_back({fault, name(i), "metric_0", Json{{"segment", 0}}, 1, 2 * i, 100.0,
                                100.0 + damage, damage});
        for (std::size_t s = 0; s < 40; ++s)
            r.attribution.push_back(damage_of(name(i), fault, "metric_" + std::to_string(s / 10),
                                              Json{{"segment", s % 10}},
                                              damage * static_cast<double>(draw(100)) / 100));
    }
    std::stable_sort(r.ranking.begin(), r.ranking.end(),
                     [](const auto& a, const auto& b) { return a.damage > b.damage; });
    return r;
}

}  // namespace faultline::report
