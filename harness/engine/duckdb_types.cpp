#include "engine/duckdb_types.h"

#include <fmt/format.h>

#include <functional>
#include <vector>

#include "engine/dialect_duckdb.h"

namespace faultline::engine {
namespace {

const char* simple_name(duckdb_type id) {
    switch (id) {
        case DUCKDB_TYPE_BOOLEAN:
            return "BOOLEAN";
        case DUCKDB_TYPE_TINYINT:
            return "TINYINT";
        case DUCKDB_TYPE_SMALLINT:
            return "SMALLINT";
        case DUCKDB_TYPE_INTEGER:
            return "INTEGER";
        case DUCKDB_TYPE_BIGINT:
            return "BIGINT";
        case DUCKDB_TYPE_UTINYINT:
            return "UTINYINT";
        case DUCKDB_TYPE_USMALLINT:
            return "USMALLINT";
        case DUCKDB_TYPE_UINTEGER:
            return "UINTEGER";
        case DUCKDB_TYPE_UBIGINT:
            return "UBIGINT";
        case DUCKDB_TYPE_HUGEINT:
            return "HUGEINT";
        case DUCKDB_TYPE_UHUGEINT:
            return "UHUGEINT";
        case DUCKDB_TYPE_BIGNUM:
            return "BIGNUM";
        case DUCKDB_TYPE_FLOAT:
            return "FLOAT";
        case DUCKDB_TYPE_DOUBLE:
            return "DOUBLE";
        case DUCKDB_TYPE_VARCHAR:
            return "VARCHAR";
        case DUCKDB_TYPE_BLOB:
            return "BLOB";
        case DUCKDB_TYPE_BIT:
            return "BIT";
        case DUCKDB_TYPE_UUID:
            return "UUID";
        case DUCKDB_TYPE_DATE:
            return "DATE";
        case DUCKDB_TYPE_TIME:
            return "TIME";
        case DUCKDB_TYPE_TIME_NS:
            return "TIME_NS";
        case DUCKDB_TYPE_TIME_TZ:
            return "TIME WITH TIME ZONE";
        case DUCKDB_TYPE_TIMESTAMP:
            return "TIMESTAMP";
        case DUCKDB_TYPE_TIMESTAMP_S:
            return "TIMESTAMP_S";
        case DUCKDB_TYPE_TIMESTAMP_MS:
            return "TIMESTAMP_MS";
        case DUCKDB_TYPE_TIMESTAMP_NS:
            return "TIMESTAMP_NS";
        case DUCKDB_TYPE_TIMESTAMP_TZ:
            return "TIMESTAMP WITH TIME ZONE";
        case DUCKDB_TYPE_INTERVAL:
            return "INTERVAL";
        // The type of a bare NULL, which a table cannot have: DuckDB makes it an INTEGER there.
        case DUCKDB_TYPE_SQLNULL:
            return "INTEGER";
        default:
            return nullptr;
    }
}

std::string members_text(idx_t count, const std::function<std::string(idx_t)>& name,
                         const std::function<TypeHandle(idx_t)>& type) {
    const DuckDbDialect dialect;
    std::string text;
    for (idx_t i = 0; i < count; ++i) {
        if (i > 0) text += ", ";
        text += dialect.quote(name(i)) + " " + type_text(type(i).get());
    }
    return text;
}

std::string enum_text(duckdb_logical_type type) {
    const DuckDbDialect dialect;
    std::string text;
    for (idx_t i = 0; i < duckdb_enum_dictionary_size(type); ++i)
        text +=
            (i > 0 ? ", " : "") + dialect.literal(take_text(duckdb_enum_dictionary_value(type, i)));
    return "ENUM(" + text + ")";
}

}  // namespace

std::string type_text(duckdb_logical_type type) {
    if (const std::string alias = take_text(duckdb_logical_type_get_alias(type)); !alias.empty())
        return alias;
    const duckdb_type id = duckdb_get_type_id(type);
    if (const char* name = simple_name(id); name != nullptr) return name;
    switch (id) {
        case DUCKDB_TYPE_DECIMAL:
            return fmt::format("DECIMAL({},{})", duckdb_decimal_width(type),
                               duckdb_decimal_scale(type));
        case DUCKDB_TYPE_ENUM:
            return enum_text(type);
        case DUCKDB_TYPE_LIST:
            return type_text(TypeHandle(duckdb_list_type_child_type(type)).get()) + "[]";
        case DUCKDB_TYPE_ARRAY:
            return fmt::format("{}[{}]",
                               type_text(TypeHandle(duckdb_array_type_child_type(type)).get()),
                               duckdb_array_type_array_size(type));
        case DUCKDB_TYPE_MAP:
            return fmt::format("MAP({}, {})",
                               type_text(TypeHandle(duckdb_map_type_key_type(type)).get()),
                               type_text(TypeHandle(duckdb_map_type_value_type(type)).get()));
        case DUCKDB_TYPE_STRUCT:
            return "STRUCT(" +
                   members_text(
                       duckdb_struct_type_child_count(type),
                       [&](idx_t i) { return take_text(duckdb_struct_type_child_name(type, i)); },
                       [&](idx_t i) {
                           return TypeHandle(duckdb_struct_type_child_type(type, i));
                       }) +
                   ")";
        case DUCKDB_TYPE_UNION:
            return "UNION(" +
                   members_text(
                       duckdb_union_type_member_count(type),
                       [&](idx_t i) { return take_text(duckdb_union_type_member_name(type, i)); },
                       [&](idx_t i) {
                           return TypeHandle(duckdb_union_type_member_type(type, i));
                       }) +
                   ")";
        default:
            return "VARCHAR";
    }
}

std::string column_name(duckdb_prepared_statement statement, idx_t column) {
    const char* name = duckdb_prepared_statement_column_name(statement, column);
    return take_text(const_cast<char*>(name));  // ours to free, the header says
}

bool has_arrow_form(duckdb_logical_type type) {
    switch (duckdb_get_type_id(type)) {
        case DUCKDB_TYPE_BIT:
        case DUCKDB_TYPE_BIGNUM:
        case DUCKDB_TYPE_UHUGEINT:
        case DUCKDB_TYPE_TIME_NS:
        case DUCKDB_TYPE_TIME_TZ:
        case DUCKDB_TYPE_UNION:
            return false;
        case DUCKDB_TYPE_LIST:
            return has_arrow_form(TypeHandle(duckdb_list_type_child_type(type)).get());
        case DUCKDB_TYPE_ARRAY:
            return has_arrow_form(TypeHandle(duckdb_array_type_child_type(type)).get());
        case DUCKDB_TYPE_MAP:
            return has_arrow_form(TypeHandle(duckdb_map_type_key_type(type)).get()) &&
                   has_arrow_form(TypeHandle(duckdb_map_type_value_type(type)).get());
        case DUCKDB_TYPE_STRUCT: {
            for (idx_t i = 0; i < duckdb_struct_type_child_count(type); ++i)
                if (!has_arrow_form(TypeHandle(duckdb_struct_type_child_type(type, i)).get()))
                    return false;
            return true;
        }
        default:
            return true;
    }
}

Schema columns_of(duckdb_prepared_statement statement) {
    const DuckDbDialect dialect;
    Schema schema;
    const idx_t count = duckdb_prepared_statement_column_count(statement);
    for (idx_t i = 0; i < count; ++i) {
        const TypeHandle type(duckdb_prepared_statement_column_logical_type(statement, i));
        Column column;
        column.name = column_name(statement, i);
        column.type = type_text(type.get());
        column.family = dialect.family_of(column.type);
        schema.push_back(std::move(column));
    }
    return schema;
}

}  // namespace faultline::engine
