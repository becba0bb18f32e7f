#include <memory>
#include <new>
#include <vector>

#include "core/error.h"
#include "engine/duckdb_core.h"
#include "engine/duckdb_error.h"
#include "engine/held_values.h"
#include "engine/native_held.h"

namespace faultline::engine {
namespace {

/// False where there is no memory for the texts.
bool filled(HeldValues& into, duckdb_vector places, duckdb_vector values, std::size_t count) {
    try {
        if (fill_held(into, places, values, count)) return true;
    } catch (const std::bad_alloc&) {
        return false;
    }
    throw Error(ErrorKind::plugin, "what is to be held has a place twice, or one that is none");
}

std::size_t letters_of(const std::vector<std::shared_ptr<HeldValues>>& all) {
    std::size_t letters = 0;
    for (const auto& values : all) letters += values->letters.size();
    return letters;
}

}  // namespace

HeldColumns DuckDbConnection::hold(const std::string& select, std::size_t places,
                                   std::size_t most) {
    const Interrupter::Watch watch(core_->interrupter, connection_.get(), stop_);
    const PreparedHandle prepared = prepare(select, watch);
    const idx_t columns = duckdb_prepared_statement_column_count(prepared.get());
    std::vector<TypeHandle> types;
    std::size_t bytes = 0;
    for (idx_t i = 0; i < columns; ++i) {
        types.emplace_back(duckdb_prepared_statement_column_logical_type(prepared.get(), i));
        const auto width = HeldRegistry::width(types.back().get());
        if (i > 0 && width == 0) return {};
        if (i > 0) bytes += width * places + places / 8;
    }
    if (columns < 2 || duckdb_get_type_id(types[0].get()) != DUCKDB_TYPE_BIGINT)
        throw Error(ErrorKind::plugin, "what is to be held is no BIGINT and columns of values");
    if (bytes > most) return {};

    std::vector<std::shared_ptr<HeldValues>> values;
    {
        const ConnectionHandle registrar = raw_connection(*core_);
        for (idx_t i = 1; i < columns; ++i) {
            values.push_back(core_->held.make(registrar.get(), types[i].get(), places));
            if (!values.back()) return {};
        }
    }
    ResultHandle result;
    run(prepared.get(), watch, result.get());
    while (const ChunkHandle chunk{duckdb_fetch_chunk(*result.get())}) {
        const auto count = duckdb_data_chunk_get_size(chunk.get());
        if (count == 0) break;
        watch.check();
        for (idx_t i = 1; i < columns; ++i)
            if (!filled(*values[i - 1], duckdb_data_chunk_get_vector(chunk.get(), 0),
                        duckdb_data_chunk_get_vector(chunk.get(), i), count))
                return {};
        if (bytes + letters_of(values) > most) return {};
    }
    if (const char* late = duckdb_result_error(result.get()); late != nullptr && *late != '\0')
        throw_failure(watch, late);
    HeldColumns out;
    for (auto& held : values) out.push_back(core_->held.publish(std::move(held)));
    return out;
}

}  // namespace faultline::engine
