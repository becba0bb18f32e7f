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
constexpr const char* which_draw = "which draw is meant must be a constant of our writing";

/// One struct a function: which draws, how they are told, and how many keys have theirs drawn.
struct Draws {
    using Out = std::int64_t;
    static constexpr const char* what = which_draw;
    DrawBlock block{0, 0};
    bool read(NativeNumbers in) { return (in >> block.stream >> block.index).done(); }
    void fill(Keys keys, std::size_t n, Out* out) const { block.draws(keys, n, out); }
};

struct Uniforms {
    using Out = double;
    static constexpr const char* what = which_draw;
    DrawBlock block{0, 0};
    bool read(NativeNumbers in) { return (in >> block.stream >> block.index).done(); }
    void fill(Keys keys, std::size_t n, Out* out) const { block.uniforms(keys, n, out); }
};

struct Normals {
    using Out = double;
    static constexpr const char* what = which_draw;
    DrawBlock block{0, 0};
    double deviation = 1;
    bool read(NativeNumbers in) { return (in >> block.stream >> block.index >> deviation).done(); }
    void fill(Keys keys, std::size_t n, Out* out) const { block.normals(keys, n, deviation, out); }
};

struct UpTo {
    using Out = bool;
    static constexpr const char* what = which_draw;
    DrawBlock block{0, 0};
    std::int64_t draw = 0, key = 0;
    bool read(NativeNumbers in) {
        return (in >> block.stream >> block.index >> draw >> key).done();
    }
    void fill(Keys keys, std::size_t n, Out* out) const { block.up_to(keys, n, draw, key, out); }
};

/// Runs on DuckDB's threads; touches nothing but its arguments and what it was told. DuckDB hands
/// over flat vectors, and NULL keys are NULL results whatever is written for them.
template <typename Function>
void chunk(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    const auto n = duckdb_data_chunk_get_size(input);
    const auto* keys =
        static_cast<Keys>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(input, 0)));
    told_of<Function>(info).fill(
        keys, n, static_cast<typename Function::Out*>(duckdb_vector_get_data(output)));
}

std::string call(const char* name, const std::string& key, std::uint64_t stream,
                 std::uint32_t index) {
    return fmt::format("{}({}, {})", name, key, tell(fmt::format("{}/{}", stream, index)));
}

}  // namespace

void register_native_draws(duckdb_connection connection) {
    const auto add = [&]<typename Function>(const char* name, duckdb_type gives, Function) {
        register_native(
            connection,
            {name, {DUCKDB_TYPE_BIGINT}, gives, chunk<Function>, false, bind_told<Function, 1>});
    };
    add(draw_name, DUCKDB_TYPE_BIGINT, Draws{});
    add(uniform_name, DUCKDB_TYPE_DOUBLE, Uniforms{});
    add(normal_name, DUCKDB_TYPE_DOUBLE, Normals{});
    add(up_to_name, DUCKDB_TYPE_BOOLEAN, UpTo{});
}

std::string native_draw(const std::string& key, std::uint64_t stream, std::uint32_t index) {
    return call(draw_name, key, stream, index);
}

std::string native_uniform(const std::string& key, std::uint64_t stream, std::uint32_t index) {
    return call(uniform_name, key, stream, index);
}

std::string native_normal(const std::string& key, std::uint64_t stream, std::uint32_t index,
                          double deviation) {
    return fmt::format("{}({}, {})", normal_name, key,
                       tell(fmt::format("{}/{}/{}", stream, index, deviation)));
}

std::string native_up_to(const std::string& key, std::uint64_t stream, std::uint32_t index,
                         std::int64_t last_draw, std::int64_t last_key) {
    return fmt::format("{}({}, {})", up_to_name, key,
                       tell(fmt::format("{}/{}/{}/{}", stream, index, last_draw, last_key)));
}

}  // namespace faultline::engine
