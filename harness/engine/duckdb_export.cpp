#include <memory>
#include <vector>

#include "engine/arrow_check.h"
#include "engine/arrow_schema.h"
#include "engine/duckdb_core.h"
#include "engine/duckdb_error.h"
#include "engine/duckdb_types.h"

namespace faultline::engine {
namespace {

/// A whole result as Arrow: nothing in it leads back to the database. Used by one thread at a time.
struct ExportedRows {
    ArrowSchemaOwner schema;
    std::vector<ArrowArrayOwner> chunks;
    std::size_t next = 0;
    std::string error;
};

ExportedRows& rows_of(ArrowArrayStream* stream) {
    return *static_cast<ExportedRows*>(stream->private_data);
}

constexpr int out_of_memory = 12;  // ENOMEM: the C interface reports errno values

int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
    *out = ArrowSchema{};
    try {
        copy_schema(*rows_of(stream).schema.get(), out);
        return 0;
    } catch (...) {
        if (out->release != nullptr) out->release(out);
        return out_of_memory;
    }
}

int get_next(ArrowArrayStream* stream, ArrowArray* out) {
    auto& rows = rows_of(stream);
    *out = ArrowArray{};
    if (rows.next < rows.chunks.size()) rows.chunks[rows.next++].move_to(out);
    return 0;
}

const char* get_last_error(ArrowArrayStream*) {
    return "out of memory";
}

void release(ArrowArrayStream* stream) {
    delete &rows_of(stream);
    stream->release = nullptr;
}

}  // namespace

void DuckDbConnection::export_arrow(const std::string& select, ArrowArrayStream* out) {
    *out = ArrowArrayStream{};
    const Interrupter::Watch watch(core_->interrupter, connection_.get(), stop_);
    PreparedHandle prepared = prepare(select, watch);
    if (const std::string text = with_text_columns(prepared.get(), select, has_arrow_form);
        !text.empty())
        prepared = prepare(text, watch);
    ResultHandle result;
    run(prepared.get(), watch, result.get());

    const ArrowOptionsHandle options(duckdb_result_get_arrow_options(result.get()));
    const idx_t columns = duckdb_column_count(result.get());
    std::vector<TypeHandle> types;
    std::vector<duckdb_logical_type> raw_types;
    std::vector<const char*> names;
    for (idx_t i = 0; i < columns; ++i) {
        types.emplace_back(duckdb_column_logical_type(result.get(), i));
        raw_types.push_back(types.back().get());
        names.push_back(duckdb_column_name(result.get(), i));
    }
    auto rows = std::make_unique<ExportedRows>();
    require(ErrorHandle(duckdb_to_arrow_schema(options.get(), raw_types.data(), names.data(),
                                               columns, rows->schema.get())),
            ErrorKind::data, "the columns have no Arrow form");
    // All at once: the conversion uses the connection, which the stream may outlive.
    while (const ChunkHandle chunk{duckdb_fetch_chunk(*result.get())}) {
        if (duckdb_data_chunk_get_size(chunk.get()) == 0) break;
        watch.check();
        auto& array = rows->chunks.emplace_back();
        require(ErrorHandle(duckdb_data_chunk_to_arrow(options.get(), chunk.get(), array.get())),
                ErrorKind::data, "the rows have no Arrow form");
    }
    if (const char* late = duckdb_result_error(result.get()); late != nullptr && *late != '\0')
        throw_failure(watch, late);
    *out = ArrowArrayStream{get_schema, get_next, get_last_error, release, rows.release()};
}

}  // namespace faultline::engine
