#include "sample_results.h"

#include <limits>

namespace faultline::report {

using findings::Json;
using findings::Result;

Result everything_happened() {
    Result r;
    r.status = "completed";
    r.verdict = "deviated";
    r.seed = 7;
    r.title = "Which feed can hurt the numbers without anyone noticing?";
    r.scenario = "Which feed can hurt the numbers without anyone noticing?";
    r.pipeline = "shops";
    r.reasons = {"3 of 6 perturbations moved a metric out of its tolerance",
                 "1 crashed the pipeline"};
    r.versions = {{"faultline", "0.1.0"},
                  {"engine", "DuckDB v1.4.4"},
                  {"plugins", {{"noise", "1.0.0"}, {"shift", "1.0.0"}}}};
    r.trials = {{"total", 1204},     {"absorbed", 1000}, {"detected", 32}, {"silent", 48},
                {"false_alarm", 16}, {"crashed", 96},    {"timed_out", 4}, {"not_applied", 8}};
    r.run = 12345;
    r.reused = 4321;
    r.skipped = 17;
    r.attribution = {{"revenue", Json{{"territory", "EMEA"}}, "fx_rates", "rates_off", std::nullopt,
                      "damage", 2.1, 1.9, 2.34, 0.9, "tolerance", false, 1.0},
                     {"revenue", Json{{"territory", "APAC"}}, "prices", "zeroed", std::nullopt,
                      "lost_rate", 0.5, 0.3, 0.7, 0.9, "share of trials", false, 1.0},
                     {"revenue", Json{{"territory", "Nowhere"}}, "prices", "zeroed", std::nullopt,
                      "new_rate", 1.0, 1.0, 1.0, 0.9, "share of trials", false, 1.0}};
    const double infinity = std::numeric_limits<double>::infinity();
    r.ranking = {{"prices",
                  "catalogue",
                  std::nullopt,
                  std::nullopt,
                  std::nullopt,
                  true,
                  "orders",
                  Json(),
                  "zeroed",
                  {{"silent", 16}}},
                 {"fx_rates",
                  "finance",
                  12.345,
                  11.9,
                  12.8,
                  false,
                  "revenue",
                  Json{{"territory", "EMEA"}, {"month", 7}},
                  "rates_off",
                  {{"silent", 32}, {"absorbed", 4}, {"crashed", 1}}},
                 {"a_node_with_quite_a_long_name_indeed",
                  "sales-platform",
                  1.02,
                  0.97,
                  1.07,
                  false,
                  "margin_rate",
                  Json{{"category", "küchengeräte"}},
                  "lost",
                  {{"detected", 32}}},
                 {"一次注文",
                  "営業",
                  0.5,
                  0.5,
                  0.5,
                  false,
                  "revenue",
                  Json{{"territory", "日本"}},
                  "ずれ",
                  {{"absorbed", 16}}},
                 {"once",
                  "",
                  0.8,
                  -infinity,
                  infinity,
                  false,
                  "revenue",
                  Json(),
                  "single",
                  {{"absorbed", 1}}},
                 {"stores",
                  "",
                  std::nullopt,
                  std::nullopt,
                  std::nullopt,
                  false,
                  "",
                  Json(),
                  "",
                  {{"crashed", 96}, {"timed_out", 4}}},
                 {"quiet",
                  "finance",
                  0.0,
                  0.0,
                  0.0,
                  false,
                  "revenue",
                  Json(),
                  "benign",
                  {{"absorbed", 16}, {"not_applied", 8}}}};
    r.silent = {
        {"rates_off", "fx_rates", "revenue", Json{{"territory", "EMEA"}}, 32, 37, 1000.0, 1041.0,
         2.05},
        {"zeroed", "prices", "orders", Json(), 16, 52, 0.0, 12.5, std::nullopt},
        {"lost", "products", "revenue", Json{{"territory", "APAC"}}, 1, 90, 5000.0, std::nullopt,
         std::nullopt},
        {"moved", "stores", "revenue", Json{{"territory", "EMEA"}}, 1, 91, 1.8e9, 1.82e9, 1.0}};
    r.silent[2].vanished = {1, "revenue", Json{{"territory", "APAC"}}, 5000.0, 90};
    r.silent[3].vanished = {3, "revenue", Json{{"territory", "APAC"}}, 5000.0, 91};
    r.silent[3].appeared = {2, "revenue", Json{{"territory", "Nowhere"}}, 12.0, 91};
    r.perturbations = {
        {"rates_off", "fx_rates", "shift", Json::object(), {{"silent", 32}, {"absorbed", 4}}},
        {"rates_renamed", "fx_rates", "schema_drift", Json::object(), {{"crashed", 1}}},
        {"shut", "stores", "missing_batches", Json::object(), {{"crashed", 48}}},
        {"moved_out", "stores", "missing_batches", Json::object(), {{"crashed", 48}}},
        {"slow", "stores", "missing_batches", Json::object(), {{"timed_out", 4}}},
        {"benign", "quiet", "noise", Json::object(), {{"absorbed", 16}, {"not_applied", 8}}}};
    r.failures = {
        {"stores_clean", "step",
         "Binder Error: Referenced column \"sku\" not found in FROM clause!\nCandidate "
         "bindings: \"product_code\"",
         95, 12},
        {"revenue", "metric", "Conversion Error: Could not convert string 'n/a' to DOUBLE", 1, 108},
        {"lines_clean", "step",
         "Binder Error: No function matches the given name and argument types "
         "'substring(INTEGER, BIGINT)'. You might need to add "
         "explicit type casts.\n\tCandidate functions:\n\tsubstring(VARCHAR, BIGINT, BIGINT) -> "
         "VARCHAR\n\tsubstring(VARCHAR, BIGINT) -> VARCHAR\n",
         3, 109},
        {"one_sentence", "step", std::string("Error: this one ") + std::string(300, '.') + " ends",
         1, 110},
        {"many_words", "step",
         "Conversion Error: " +
             [] {
                 std::string words;
                 for (int i = 0; i < 60; ++i) words += "word ";
                 return words;
             }(),
         1, 111},
        {"scores", "step", "timed out", 4, 130}};
    r.checks = {{"days_without_gap", "orders", false, 32, 0},
                {"store_known", "orders", false, 0, 0},
                {"margin_sane", "margin", true, 0, 0},
                {"rate_sane", "fx_rates", false, 4, 4}};
    r.noise_floor = {{"revenue", Json{{"territory", "EMEA"}}, 2.9e-11},
                     {"orders", Json(), 0.0},
                     {"forecast", Json(), 0.25}};
    r.approximate = true;
    r.warnings = {"node \"forecast\" calls random(), whose result moves by itself"};
    return r;
}

Result nothing_happened() {
    Result r;
    r.status = "completed";
    r.verdict = "held";
    r.seed = 1;
    r.title = "robust";
    r.versions = {{"faultline", "0.1.0"}};
    r.trials = {{"total", 1}, {"absorbed", 1}};
    r.run = 1;
    r.ranking = {{"x", "", 0.25, 0.25, 0.25, false, "y", Json(), "x_off", {{"absorbed", 1}}}};
    r.checks = {{"positive", "y", false, 0, 0}};
    return r;
}

Result hostile_names() {
    const std::string clear = "\x1b[2J\x1b[31mgotcha\x07\r\n";
    Result r;
    r.status = "interrupted";
    r.verdict = "unknown";
    r.title = "title" + clear;
    r.reasons = {"reason" + clear};
    r.versions = {{"engine", "engine " + clear}};
    r.trials = {{"total", 2}};
    r.ranking = {{"node" + clear,
                  "owner\xe2\x80\xaeslart",
                  3.0,
                  2.0,
                  4.0,
                  false,
                  "metric" + clear,
                  Json{{"by" + clear, "value" + clear}},
                  "id" + clear,
                  {{"silent", 1}}}};
    r.silent = {{"id" + clear, "node" + clear, "metric" + clear,
                 Json{{"by" + clear, "value" + clear}}, 1, 0, 1.0, 2.0, 3.0}};
    r.failures = {{"node" + clear, "step", "message" + clear + "broken \xff\xc3 bytes", 1, 1}};
    r.perturbations = {
        {"id" + clear, "node" + clear, "plugin" + clear, Json::object(), {{"not_applied", 1}}}};
    r.checks = {{"check" + clear, "node" + clear, true, 1, 1}};
    r.noise_floor = {{"metric" + clear, Json{{"by" + clear, "value" + clear}}, 1.0}};
    r.warnings = {"warning" + clear};
    return r;
}

}  // namespace faultline::report
