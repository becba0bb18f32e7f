#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/draws.h"
#include "engine/engine.h"
#include "plugin/perturb.h"
#include "plugin/registry.h"

namespace faultline::plugin {

/// A DuckDB with one relation and the built plugins: what every test here starts from.
class Bench {
  public:
    explicit Bench(const std::string& relation, std::vector<std::string> key = {"id"},
                   const std::string& batch = "", unsigned threads = 1)
        : engine_(engine::open_duckdb({.threads = threads, .scratch = {}, .now = {}})),
          connection(engine_->connect()) {
        const auto from = dialect().store("site");
        connection->execute(dialect().create_table_as(from, relation));
        site_ = {"orders", from, connection->describe("SELECT * FROM " + from), std::move(key),
                 batch};
        keyed = make_keyed_site(*connection, dialect(), site_, dialect().store("keyed"));
    }

    [[nodiscard]] const engine::Dialect& dialect() const { return engine_->dialect(); }

    static const Registry& registry() {
        static const Registry plugins = [] {
            Registry loaded;
            loaded.load_folder(
                std::filesystem::path(FAULTLINE_BINARY_DIR) / "lib/faultline/plugins", true);
            return loaded;
        }();
        return plugins;
    }
    static Fault fault(const std::string& plugin, const std::string& params) {
        const auto* found = registry().find(plugin);
        if (found == nullptr) throw Error(ErrorKind::internal, "no plugin " + plugin);
        return {plugin + "_fault", *found, Json::parse(params), "scenario.json",
                "/perturbations/0"};
    }

    Perturbed apply(const std::vector<Application>& stack) {
        return perturb(
            *connection, dialect(), keyed, stack, measures,
            [&] { return dialect().store(fmt::format("scratch{}", next_++)); }, nullptr);
    }
    Perturbed apply(const Fault& fault, double severity = 1, std::uint64_t stream = 7) {
        return apply({{&fault, severity, stream}});
    }
    /// One number about a perturbed relation.
    std::int64_t count(const Perturbed& perturbed, const std::string& aggregate = "count(*)") {
        return std::get<std::int64_t>(
            query(fmt::format("SELECT CAST({} AS BIGINT) FROM ({}) t", aggregate, perturbed.select))
                .rows[0][0]);
    }
    engine::Rows query(const std::string& sql) { return connection->query(sql); }
    /// One column of a query as numbers.
    std::vector<std::int64_t> numbers(const std::string& sql) {
        std::vector<std::int64_t> out;
        for (const auto& row : query(sql).rows) out.push_back(std::get<std::int64_t>(row[0]));
        return out;
    }

  private:
    std::unique_ptr<engine::SqlEngine> engine_;
    Site site_;
    int next_ = 0;

  public:
    std::unique_ptr<engine::Connection> connection;
    KeyedSite keyed;
    Measures measures;
};

}  // namespace faultline::plugin
