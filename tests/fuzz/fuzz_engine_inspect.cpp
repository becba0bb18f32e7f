#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "engine/engine.h"

/// Any text may come as a node's SQL. Reading it must neither crash nor contradict itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto engine = faultline::engine::open_duckdb({});
    const std::string sql(reinterpret_cast<const char*>(data), size);
    const auto statement = engine->inspect(sql);
    if (statement.parsed && !statement.is_select) std::abort();
    if (statement.is_select && statement.count == 0) std::abort();
    if (!statement.parsed && !statement.tables.empty()) std::abort();
    if (!statement.is_select && statement.count == 1 && statement.error.empty()) std::abort();
    // A SELECT wrapped in another reads the same tables.
    if (statement.parsed && statement.count == 1) {
        const auto wrapped = engine->inspect("SELECT * FROM (\n" + sql + "\n)");
        if (wrapped.parsed && wrapped.tables != statement.tables) std::abort();
    }
    return 0;
}
