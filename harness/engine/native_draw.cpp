#include "engine/native_draw.h"

#include <fmt/format.h>

#include "core/draw_blocks.h"
#include "engine/native_function.h"
#include "engine/native_numbers.h"

namespace faultline::engine {
namespace {

constexpr const char* draw_name = "faultline_draw";
constexpr const char* uniform_name = "faultline_uniform";
constexpr const char* normal_name = "faultline_normal";
constexpr const char* up_to_name = "faultline_up_to";

using Keys = const std::int64_t*;

/// One struct a function: `read` says whether the text was of our writing.
struct Draws {
    using Out = std::int64_t;
    DrawBlock block{0, 0};
    bool read(NativeNumbers in) { return (in >> block.stream >> block.index).done(); }
    void fill(Keys keys, std::size_t n, Out* out) const { block.draws(keys, n, out); }
};

struct Uniforms {
    using Out = double;
    DrawBlock block{0, 0};
    bool read(NativeNumbers in) { return (in >> block.stream >> block.index).done(); }
    void fill(Keys keys, std::size_t n, Out* out) const { block.uniforms(keys, n, out); }
};

struct Normals {
    using Out = double;
    DrawBlock block{0, 0};
    double deviation = 1;
    bool read(NativeNumbers in) { return (in >> block.stream >> block.index >> deviation).done(); }
    void fill(Keys keys, std::size_t n, Out* out) const { block.normals(keys, n, deviation, out); }
};

struct UpTo {
    using Out = bool;
    DrawBlock block{0, 0};
    std::int64_t draw = 0, key = 0;
    bool read(NativeNumbers in) {
        return (in >> block.stream >> block.index >> draw >> key).done();
    }
    void fill(Keys keys, std::size_t n, Out* out) const { block.up_to(keys, n, draw, key, out); }
};

/// Runs on DuckDB's threads; touches nothing but its arguments. DuckDB hands over flat vectors, and
/// NULL keys are NULL results whatever is written for them.
template <typename Function>
void chunk(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    const auto n = duckdb_data_chunk_get_size(input);
    if (n == 0) return;
    const auto* keys =
        static_cast<Keys>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 0)));
    // A constant (see bind), so that the first row's is every row's.
    auto* text = static_cast<duckdb_string_t*>(
        duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 1)));
    Function function;
    if (!function.read(
            NativeNumbers({duckdb_string_t_data(text), duckdb_string_t_length(*text)}))) {
        duckdb_scalar_function_set_error(info, "no draw is called that");
        return;
    }
    function.fill(keys, n, static_cast<typename Function::Out*>(duckdb_vector_get_data(output)));
}

void bind(duckdb_bind_info info) {
    duckdb_expression which = duckdb_scalar_function_bind_get_argument(info, 1);
    if (!duckdb_expression_is_foldable(which))
        duckdb_scalar_function_bind_set_error(info, "which draw is meant must be a constant");
    duckdb_destroy_expression(&which);
}

std::string call(const char* name, const std::string& key, std::uint64_t stream,
                 std::uint32_t index) {
    return fmt::format("{}({}, '{}/{}')", name, key, stream, index);
}

}  // namespace

void register_native_draws(duckdb_connection connection) {
    const auto add = [&](const char* name, duckdb_type result, duckdb_scalar_function_t run) {
        register_native(
            connection,
            {name, {DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_VARCHAR}, result, run, false, bind});
    };
    add(draw_name, DUCKDB_TYPE_BIGINT, chunk<Draws>);
    add(uniform_name, DUCKDB_TYPE_DOUBLE, chunk<Uniforms>);
    add(normal_name, DUCKDB_TYPE_DOUBLE, chunk<Normals>);
    add(up_to_name, DUCKDB_TYPE_BOOLEAN, chunk<UpTo>);
}

std::string native_draw(const std::string& key, std::uint64_t stream, std::uint32_t index) {
    return call(draw_name, key, stream, index);
}

std::string native_uniform(const std::string& key, std::uint64_t stream, std::uint32_t index) {
    return call(uniform_name, key, stream, index);
}

std::string native_normal(const std::string& key, std::uint64_t stream, std::uint32_t index,
                          double deviation) {
    return fmt::format("{}({}, '{}/{}/{}')", normal_name, key, stream, index, deviation);
}

std::string native_up_to(const std::string& key, std::uint64_t stream, std::uint32_t index,
                         std::int64_t last_draw, std::int64_t last_key) {
    return fmt::format("{}({}, '{}/{}/{}/{}')", up_to_name, key, stream, index, last_draw,
                       last_key);
}

}  // namespace faultline::engine
