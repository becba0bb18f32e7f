#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "engine/arrow_check.h"
#include "engine/arrow_masks.h"
#include "engine/arrow_schema.h"
#include "engine/dialect_duckdb.h"
#include "engine/duckdb_core.h"
#include "engine/duckdb_error.h"

namespace faultline::engine {
namespace {

/// A stream from outside. Releases it in the end, and lets no exception of its callbacks through.
class ForeignStream {
  public:
    explicit ForeignStream(ArrowArrayStream* raw) : raw_(raw) {}
    ~ForeignStream() {
        if (raw_->release == nullptr) return;
        try {
            raw_->release(raw_);
        } catch (...) {
            // It promised C; there is nobody left to tell.
            raw_->release = nullptr;
        }
    }
    ForeignStream(const ForeignStream&) = delete;
    ForeignStream& operator=(const ForeignStream&) = delete;

    void schema(ArrowSchema* out) { call(raw_->get_schema, out, "its schema"); }
    /// False at the end.
    bool next(ArrowArray* out) {
        call(raw_->get_next, out, "its rows");
        return out->release != nullptr;
    }

  private:
    template <typename Out>
    void call(int (*function)(ArrowArrayStream*, Out*), Out* out, const char* what) {
        if (raw_->release == nullptr)
            throw Error(ErrorKind::plugin, "the Arrow stream was released before it was read");
        if (function == nullptr)
            throw Error(ErrorKind::plugin,
                        std::string("the Arrow stream has no way to give ") + what);
        int failure = 0;
        try {
            failure = function(raw_, out);
        } catch (...) {
            throw Error(
                ErrorKind::plugin,
                std::string("the Arrow stream threw an exception instead of giving ") + what);
        }
        if (failure == 0) return;
        // What it left in `out` after a failure means nothing.
        *out = Out{};
        const char* message =
            raw_->get_last_error == nullptr ? nullptr : raw_->get_last_error(raw_);
        throw Error(ErrorKind::plugin, fmt::format("the Arrow stream failed to give {}: {}", what,
                                                   message == nullptr || *message == '\0'
                                                       ? fmt::format("error {}", failure)
                                                       : std::string(message)));
    }

    ArrowArrayStream* raw_;
};

/// Some columns of a schema that somebody else keeps, and where they are in it.
class ChosenColumns {
  public:
    ChosenColumns(const ArrowSchema& whole, const std::function<bool(const std::string&)>& wanted)
        : schema_(whole) {
        for (std::int64_t i = 0; i < whole.n_children; ++i) {
            if (wanted && !wanted(whole.children[i]->name)) continue;
            positions_.push_back(i);
            pointers_.push_back(whole.children[i]);
        }
        schema_.children = pointers_.data();
        schema_.n_children = static_cast<std::int64_t>(pointers_.size());
        schema_.release = [](ArrowSchema* schema) { schema->release = nullptr; };
    }
    ChosenColumns(const ChosenColumns&) = delete;
    ChosenColumns& operator=(const ChosenColumns&) = delete;
    [[nodiscard]] ArrowSchema& schema() { return schema_; }
    [[nodiscard]] const std::vector<std::int64_t>& positions() const { return positions_; }

  private:
    ArrowSchema schema_;
    std::vector<std::int64_t> positions_;
    std::vector<ArrowSchema*> pointers_;
};

std::string create_table_sql(const std::string& table, const ArrowSchema& schema) {
    const DuckDbDialect dialect;
    std::string columns;
    for (std::int64_t i = 0; i < schema.n_children; ++i)
        columns +=
            fmt::format("{}{} {}", i > 0 ? ", " : "", dialect.quote(schema.children[i]->name),
                        sql_type_of(*schema.children[i]));
    return fmt::format("CREATE TABLE {} ({})", table, columns);
}

/// A window on some rows and columns of an array that somebody else keeps. DuckDB 1.4.4 reads the
/// values of a struct array from row 0 whatever its offset, though not its nulls; so the offset of
/// the rows is pushed down into the columns, where it is respected. A column's count of nulls is
/// left as the whole array's: what matters is whether it is zero.
class ArraySlice {
  public:
    ArraySlice(const ArrowArray& whole, const std::vector<std::int64_t>& columns,
               std::int64_t first, std::int64_t length)
        : rows_(whole) {
        for (const auto i : columns) {
            columns_.push_back(*whole.children[i]);
            columns_.back().offset += whole.offset + first;
            columns_.back().length = length;
            columns_.back().release = keep;
        }
        for (auto& column : columns_) pointers_.push_back(&column);
        rows_.children = pointers_.data();
        rows_.n_children = static_cast<std::int64_t>(pointers_.size());
        rows_.offset = 0;
        rows_.length = length;
        rows_.null_count = 0;
        rows_.release = keep;
    }
    ArraySlice(const ArraySlice&) = delete;
    ArraySlice& operator=(const ArraySlice&) = delete;
    [[nodiscard]] ArrowArray* get() noexcept { return &rows_; }

  private:
    /// The memory belongs to the whole array.
    static void keep(ArrowArray* array) { array->release = nullptr; }

    ArrowArray rows_;
    std::vector<ArrowArray> columns_;
    std::vector<ArrowArray*> pointers_;
};

void check_appended(duckdb_state state, duckdb_appender appender) {
    if (state == DuckDBSuccess) return;
    require(ErrorHandle(duckdb_appender_error_data(appender)), ErrorKind::plugin,
            "the Arrow rows cannot be stored");
    throw Error(ErrorKind::plugin, "the Arrow rows cannot be stored");
}

/// Opens an appender into `table`. One over a query, since the other kind wants the name in parts.
AppenderHandle open_appender(duckdb_connection connection, const std::string& table) {
    PreparedHandle target;
    if (duckdb_prepare(connection, ("SELECT * FROM " + table).c_str(), target.out()) !=
        DuckDBSuccess)
        throw Error(ErrorKind::internal, tidy_message(duckdb_prepare_error(target.get())));
    std::vector<TypeHandle> types;
    std::vector<duckdb_logical_type> raw_types;
    for (idx_t i = 0; i < duckdb_prepared_statement_column_count(target.get()); ++i) {
        types.emplace_back(duckdb_prepared_statement_column_logical_type(target.get(), i));
        raw_types.push_back(types.back().get());
    }
    AppenderHandle appender;
    const std::string insert = "INSERT INTO " + table + " FROM appended_data";
    check_appended(duckdb_appender_create_query(connection, insert.c_str(), raw_types.size(),
                                                raw_types.data(), nullptr, nullptr, appender.out()),
                   appender.get());
    return appender;
}

void append_rows(duckdb_connection connection, const std::string& table, ForeignStream& source,
                 const ArrowSchema& whole, ChosenColumns& chosen, const Interrupter::Watch& watch) {
    ArrowTypesHandle types;
    require(ErrorHandle(duckdb_schema_from_arrow(connection, &chosen.schema(), types.out())),
            ErrorKind::plugin, "the Arrow schema cannot be used");
    const AppenderHandle appender = open_appender(connection, table);
    // A chunk holds no more rows than an engine's vector.
    const auto slice_rows = static_cast<std::int64_t>(duckdb_vector_size());
    for (;;) {
        watch.check();
        ArrowArrayOwner array;
        if (!source.next(array.get())) break;
        check_array(*array.get(), whole);
        count_nulls(*array.get());
        const RoomyMasks roomy(*array.get());
        for (std::int64_t first = 0; first < array.get()->length; first += slice_rows) {
            ArraySlice slice(*array.get(), chosen.positions(), first,
                             std::min(slice_rows, array.get()->length - first));
            ChunkHandle chunk;
            require(ErrorHandle(duckdb_data_chunk_from_arrow(connection, slice.get(), types.get(),
                                                             chunk.out())),
                    ErrorKind::plugin, "the Arrow rows cannot be read");
            check_appended(duckdb_append_data_chunk(appender.get(), chunk.get()), appender.get());
        }
    }
    check_appended(duckdb_appender_close(appender.get()), appender.get());
}

}  // namespace

void DuckDbConnection::import_arrow(const std::string& table, ArrowArrayStream* stream,
                                    const std::function<bool(const std::string&)>& wanted) {
    ForeignStream source(stream);
    const Interrupter::Watch watch(core_->interrupter, connection_.get(), stop_);
    ArrowSchemaOwner foreign;
    source.schema(foreign.get());
    check_schema(*foreign.get());
    ArrowSchemaOwner schema;
    copy_schema(*foreign.get(), schema.get());
    ChosenColumns chosen(*schema.get(), wanted);
    if (chosen.positions().empty())
        throw Error(ErrorKind::plugin, "the Arrow stream has none of the columns that are wanted");
    try {
        ResultHandle created;
        run(create_table_sql(table, chosen.schema()), watch, created.get());
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        throw Error(ErrorKind::plugin,
                    std::string("the Arrow schema makes no table: ") + error.what());
    }
    try {
        append_rows(connection_.get(), table, source, *schema.get(), chosen, watch);
    } catch (...) {
        ResultHandle dropped;
        duckdb_query(connection_.get(), DuckDbDialect().drop_table(table).c_str(), dropped.get());
        throw;
    }
}

}  // namespace faultline::engine
