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
    const TypeHandle result(duckdb_create_logical_type(function.gives));
    duckdb_scalar_function_set_return_type(handle.get(), result.get());
    if (function.sees_nulls) duckdb_scalar_function_set_special_handling(handle.get());
    if (function.bind != nullptr) duckdb_scalar_function_set_bind(handle.get(), function.bind);
    duckdb_scalar_function_set_function(handle.get(), function.run);
    if (duckdb_register_scalar_function(connection, handle.get()) != DuckDBSuccess)
        throw Error(ErrorKind::internal,
                    fmt::format("DuckDB refused the function {}", function.name));
}

}  // namespace faultline::engine
