#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/duckdb_core.h"
#include "engine/engine.h"

namespace faultline::engine {

/// Reads statements with DuckDB's own parser, on a connection of its own. Thread-safe.
class StatementReader {
  public:
    explicit StatementReader(std::shared_ptr<DuckDbCore> core);
    [[nodiscard]] Statement read(const std::string& sql);

    [[nodiscard]] std::vector<Statement> read_all(const std::vector<std::string>& texts);

  private:
    Statement read_with(const std::string& sql, const std::function<std::string()>& serialized);
    std::string serialized(const std::string& sql);
    /// One execution for all, which costs a third; nullopt where one of them cannot be asked.
    std::optional<std::vector<std::string>> serialized_all(const std::vector<std::string>& texts);
    idx_t count_statements(const std::string& sql, std::string* error);
    bool is_pivot(const std::string& sql, idx_t count);

    std::shared_ptr<DuckDbCore> core_;
    std::mutex mutex_;
    ConnectionHandle connection_;   // guarded by mutex_
    PreparedHandle serialize_;      // guarded by mutex_
    PreparedHandle serialize_all_;  // guarded by mutex_
};

}  // namespace faultline::engine
