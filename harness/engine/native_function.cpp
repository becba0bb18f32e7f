#include "engine/native_function.h"

#include <fmt/format.h>

#include "core/error.h"

namespace faultline::engine {

void register_native(duckdb_connection connection, const NativeFunction& function) {
    const ScalarFunctionHandle handle(duckdb_create_scalar_function());
    duckdb_scalar_function_set_name(handle.get(), function.name);
    for (const auto type : function.takes) {
        const TypeHandle parameter(duckdb_create_logical_type(type));
        duckdb_scalar_function_add_parameter(handle.get(), parameter.get());
    }
    if (function.bind != nullptr) {
        // Of any type, since each thing that is told is a type of its own.
        const TypeHandle any(duckdb_create_logical_type(DUCKDB_TYPE_ANY));
        duckdb_scalar_function_add_parameter(handle.get(), any.get());
    }
    const TypeHandle result(duckdb_create_logical_type(function.gives));
    duckdb_scalar_function_set_return_type(
        handle.get(), function.gives_exactly != nullptr ? function.gives_exactly : result.get());
    if (function.knows != nullptr)
        duckdb_scalar_function_set_extra_info(handle.get(), function.knows, nullptr);
    if (function.sees_nulls) duckdb_scalar_function_set_special_handling(handle.get());
    if (function.bind != nullptr) duckdb_scalar_function_set_bind(handle.get(), function.bind);
    duckdb_scalar_function_set_function(handle.get(), function.run);
    if (duckdb_register_scalar_function(connection, handle.get()) != DuckDBSuccess)
        throw Error(ErrorKind::internal,
                    fmt::format("DuckDB refused the function {}", function.name));
}

std::string tell(const std::string& text) {
    return fmt::format("CAST('{0}' AS ENUM('{0}'))", text);
}

std::optional<std::string> told(duckdb_bind_info info, idx_t argument) {
    duckdb_expression expression = duckdb_scalar_function_bind_get_argument(info, argument);
    const bool constant = duckdb_expression_is_foldable(expression);
    const TypeHandle type(duckdb_expression_return_type(expression));
    duckdb_destroy_expression(&expression);
    if (!constant || duckdb_get_type_id(type.get()) != DUCKDB_TYPE_ENUM ||
        duckdb_enum_dictionary_size(type.get()) != 1)
        return std::nullopt;
    return take_text(duckdb_enum_dictionary_value(type.get(), 0));
}

}  // namespace faultline::engine
