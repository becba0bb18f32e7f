#pragma once

#include <mutex>

#include "engine/duckdb_core.h"
#include "engine/engine.h"

namespace faultline::engine {

/// Reads statements with DuckDB's own parser, on a connection of its own. Thread-safe.
class StatementReader {
  public:
    explicit StatementReader(std::shared_ptr<DuckDbCore> core);
    [[nodiscard]] Statement read(const std::string& sql);

  private:
    std::string serialized(const std::string& sql);
    idx_t count_statements(const std::string& sql, std::string* error);
    bool is_pivot(const std::string& sql, idx_t count);

    std::shared_ptr<DuckDbCore> core_;
    std::mutex mutex_;
    ConnectionHandle connection_;  // guarded by mutex_
    PreparedHandle serialize_;     // guarded by mutex_
};

}  // namespace faultline::engine
