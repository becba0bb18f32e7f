#include "bench_relation.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

namespace faultline::bench {

double seconds_of(const std::function<void()>& work) {
    const auto now = [] {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
    };
    const double start = now();
    work();
    return now() - start;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto n = values.size();
    return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

Relation::Relation(const std::string& name, const std::string& key, const std::string& value,
                   std::int64_t rows, unsigned threads)
    : name_(name),
      rows_(rows),
      engine_(engine::open_duckdb(
          {.memory_bytes = 0, .threads = threads, .scratch = {}, .now = {}, .seed = 0})),
      connection_(engine_->connect()) {
    const auto& dialect = engine_->dialect();
    const auto from = dialect.store("site");
    connection_->execute(dialect.create_table_as(
        from,
        fmt::format("SELECT {} AS id, DATE '2024-01-01' + CAST(i * 365 // {} AS INTEGER) AS "
                    "day, {} FROM range({}) t(i)",
                    key, rows, value.find(" AS v") == std::string::npos ? value + " AS v" : value,
                    rows)));
    site_ = {name, from, connection_->describe("SELECT * FROM " + from), {"id"}, "day"};
    keying_ = seconds_of([&] {
        keyed_ = plugin::make_keyed_site(*connection_, dialect, site_, dialect.store("keyed"));
        keyed_.tables = std::make_shared<MadeOnce>();
        keyed_.held = std::make_shared<plugin::HeldTables>(std::size_t{1} << 29);
    });
}

double Relation::copy() {
    return write("SELECT * FROM " + site_.from);
}

double Relation::write(const std::string& select) {
    const auto& dialect = engine_->dialect();
    const auto table = dialect.store("written");
    const double seconds =
        seconds_of([&] { connection_->execute(dialect.create_table_as(table, select)); });
    connection_->execute(dialect.drop_table(table));
    return seconds;
}

double Relation::perturb(const plugin::Fault& fault, plugin::Measures& measures,
                         plugin::Perturbed& out) {
    const auto& dialect = engine_->dialect();
    return seconds_of([&] {
        out = plugin::perturb(
            *connection_, dialect, keyed_, {{&fault, 1, 7}}, measures,
            [&] { return dialect.store(fmt::format("scratch{}", scratch_++)); }, nullptr);
    });
}

void Relation::drop(const plugin::Perturbed& perturbed) {
    for (const auto& table : perturbed.made)
        connection_->execute(engine_->dialect().drop_table(table));
}

}  // namespace faultline::bench
