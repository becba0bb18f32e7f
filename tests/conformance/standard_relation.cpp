#include "standard_relation.h"

#include <fmt/format.h>

#include "rechunked.h"
#include "watched.h"

namespace faultline::conformance {
namespace {

/// Values come from a hash of the row's number, so that nothing in it is in order but `day`.
std::string rows_of(const StandardRelation::How& how) {
    return fmt::format(
        "SELECT 3 * i + 11 AS id, DATE '2024-01-01' + CAST(i * 30 // {0} AS INTEGER) AS day, "
        "CASE h % 5 WHEN 0 THEN 'north' WHEN 1 THEN 'south' WHEN 2 THEN 'east' WHEN 3 THEN 'west' "
        "END AS region, "
        "CASE WHEN h % 11 = 0 THEN NULL ELSE CAST(h % 20 AS INTEGER) END AS qty, "
        "CAST((h % 100000) / 100.0 AS DECIMAL(10, 2)) AS price, "
        "CASE WHEN h % 13 = 0 THEN NULL ELSE CAST(h % 9973 AS DOUBLE) / 7 - 500 END AS score, "
        "TIMESTAMP '2024-01-01 00:00:00' + to_seconds(CAST(h % 2592000 AS BIGINT)) AS at, "
        "h % 3 = 0 AS flag, CASE WHEN h % 7 = 0 THEN NULL WHEN h % 4 = 0 THEN 'café ' || (h % 50) "
        "ELSE "
        "'note ' || (h % 50) END AS note, "
        "'row ' || i AS tag "
        "FROM (SELECT i, CAST(hash(i) % 2147483647 AS BIGINT) AS h FROM range({0}) t(i)) {1}",
        how.rows, how.shuffled ? "ORDER BY hash(i + 1)" : "ORDER BY i");
}

}  // namespace

StandardRelation::StandardRelation(How how) {
    engine::EngineOptions options;
    options.threads = how.threads;
    engine_ = engine::open_duckdb(options);
    connection_ = engine_->connect();
    if (how.chunk > 0) connection_ = std::make_unique<Rechunked>(std::move(connection_), how.chunk);
    if (how.asked != nullptr)
        connection_ = std::make_unique<Watched>(std::move(connection_), *how.asked);
    const auto from = dialect().store("standard");
    connection_->execute(dialect().create_table_as(from, rows_of(how)));
    const plugin::Site site{
        "orders", from, connection_->describe("SELECT * FROM " + from), {"id"}, "day"};
    keyed_ = make_keyed_site(*connection_, dialect(), site, dialect().store("keyed"));
    if (how.keeps) {
        keyed_.tables = std::make_shared<MadeOnce>();
        keyed_.held = std::make_shared<plugin::HeldTables>(std::size_t{1} << 24);
    }
}

plugin::Perturbed StandardRelation::apply(const plugin::Fault& fault, double severity,
                                          std::uint64_t stream, bool transform) {
    return apply({{&fault, severity, stream, transform}});
}

plugin::Perturbed StandardRelation::apply(const std::vector<plugin::Application>& stack) {
    return perturb(
        *connection_, dialect(), keyed_, stack, measures_,
        [&] { return dialect().store(fmt::format("made{}", made_++)); }, nullptr);
}

void StandardRelation::drop(const plugin::Perturbed& perturbed) {
    for (const auto& table : perturbed.made) connection_->execute(dialect().drop_table(table));
}

std::int64_t StandardRelation::tables() {
    return std::get<std::int64_t>(query("SELECT count(*) FROM duckdb_tables()").rows.at(0).at(0));
}

}  // namespace faultline::conformance
