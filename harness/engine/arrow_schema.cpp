#include "engine/arrow_schema.h"

#include <fmt/format.h>

#include <memory>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "engine/dialect_duckdb.h"

namespace faultline::engine {
namespace {

/// What a copied schema points into; freed by its release callback.
struct SchemaMemory {
    std::string format;
    std::string name;
    std::vector<ArrowSchema> children;
    std::vector<ArrowSchema*> pointers;
    ArrowSchema dictionary{};
};

void release_copy(ArrowSchema* schema) {
    const std::unique_ptr<SchemaMemory> memory(static_cast<SchemaMemory*>(schema->private_data));
    for (auto& child : memory->children)
        if (child.release != nullptr) child.release(&child);
    if (memory->dictionary.release != nullptr) memory->dictionary.release(&memory->dictionary);
    schema->release = nullptr;
}

const char* simple_type(std::string_view format) {
    struct Simple {
        std::string_view format;
        const char* type;
    };
    static constexpr Simple simple[] = {
        {"n", "INTEGER"},      {"b", "BOOLEAN"},         {"c", "TINYINT"},
        {"C", "UTINYINT"},     {"s", "SMALLINT"},        {"S", "USMALLINT"},
        {"i", "INTEGER"},      {"I", "UINTEGER"},        {"l", "BIGINT"},
        {"L", "UBIGINT"},      {"f", "FLOAT"},           {"g", "DOUBLE"},
        {"u", "VARCHAR"},      {"U", "VARCHAR"},         {"z", "BLOB"},
        {"Z", "BLOB"},         {"tdD", "DATE"},          {"tdm", "DATE"},
        {"tts", "TIME"},       {"ttm", "TIME"},          {"ttu", "TIME"},
        {"ttn", "TIME"},       {"tss:", "TIMESTAMP_S"},  {"tsm:", "TIMESTAMP_MS"},
        {"tsu:", "TIMESTAMP"}, {"tsn:", "TIMESTAMP_NS"}, {"tDs", "INTERVAL"},
        {"tDm", "INTERVAL"},   {"tDu", "INTERVAL"},      {"tDn", "INTERVAL"},
        {"tiM", "INTERVAL"},   {"tiD", "INTERVAL"},      {"tin", "INTERVAL"},
    };
    for (const auto& entry : simple)
        if (entry.format == format) return entry.type;
    return nullptr;
}

}  // namespace

void copy_schema(const ArrowSchema& source, ArrowSchema* out) {
    auto memory = std::make_unique<SchemaMemory>();
    memory->format = source.format;
    memory->name = source.name == nullptr ? "" : source.name;
    memory->children.resize(static_cast<std::size_t>(source.n_children));
    // From here on `out` owns the memory, so that a failure half-way frees what there is.
    *out = ArrowSchema{};
    out->format = memory->format.c_str();
    out->name = memory->name.c_str();
    out->flags = source.flags;
    for (auto& child : memory->children) memory->pointers.push_back(&child);
    out->n_children = source.n_children;
    out->children = memory->pointers.data();
    out->release = release_copy;
    SchemaMemory& owned = *memory;
    out->private_data = memory.release();
    for (std::size_t i = 0; i < owned.children.size(); ++i)
        copy_schema(*source.children[i], &owned.children[i]);
    if (source.dictionary != nullptr) {
        copy_schema(*source.dictionary, &owned.dictionary);
        out->dictionary = &owned.dictionary;
    }
}

std::string sql_type_of(const ArrowSchema& column) {
    if (column.dictionary != nullptr) return sql_type_of(*column.dictionary);
    const std::string_view format(column.format);
    if (const char* type = simple_type(format); type != nullptr) return type;
    if (format.starts_with("ts") && format.size() > 4 && format[3] == ':')
        return "TIMESTAMP WITH TIME ZONE";
    if (format.starts_with("w:")) return "BLOB";
    if (format.starts_with("d:"))
        return fmt::format("DECIMAL({})",
                           format.substr(2, format.find(',', format.find(',') + 1) - 2));
    if (format == "+l" || format == "+L") return sql_type_of(*column.children[0]) + "[]";
    if (format.starts_with("+w:"))
        return fmt::format("{}[{}]", sql_type_of(*column.children[0]), format.substr(3));
    if (format == "+m") {
        const ArrowSchema& entry = *column.children[0];
        return fmt::format("MAP({}, {})", sql_type_of(*entry.children[0]),
                           sql_type_of(*entry.children[1]));
    }
    if (format == "+s") {
        const DuckDbDialect dialect;
        std::string members;
        for (std::int64_t i = 0; i < column.n_children; ++i)
            members += (i > 0 ? ", " : "") + dialect.quote(column.children[i]->name) + " " +
                       sql_type_of(*column.children[i]);
        return "STRUCT(" + members + ")";
    }
    throw Error(
        ErrorKind::plugin,
        fmt::format("the Arrow stream has a column of format \"{}\", which is not supported",
                    format));
}

}  // namespace faultline::engine
