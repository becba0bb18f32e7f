#include <fmt/format.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/arrow_check.h"
#include "engine/arrow_layout.h"
#include "engine/arrow_malformed.h"
#include "engine/utf8.h"

namespace faultline::engine {
namespace {

constexpr int deepest = 64;
constexpr std::int64_t most_columns = 100000;

void check_schema_at(const ArrowSchema& schema, const std::string& path, int depth) {
    if (depth > deepest) malformed(path, "nested too deeply");
    if (schema.release == nullptr) malformed(path, "the schema was released");
    if (schema.format == nullptr) malformed(path, "the schema has no format");
    const auto layout = layout_of(schema.format);
    if (!layout) malformed(path, fmt::format("format \"{}\" is not supported", schema.format));
    if (schema.name != nullptr && !is_utf8(schema.name)) malformed(path, "a name is not UTF-8");
    if (schema.n_children < 0 || schema.n_children > most_columns)
        malformed(path, fmt::format("{} children", schema.n_children));
    if (schema.n_children > 0 && schema.children == nullptr)
        malformed(path, "children are missing");

    const bool one_child = layout->shape == ArrowShape::list ||
                           layout->shape == ArrowShape::fixed_list ||
                           layout->shape == ArrowShape::map;
    const bool parent = one_child || layout->shape == ArrowShape::structure;
    if ((one_child && schema.n_children != 1) || (!parent && schema.n_children != 0))
        malformed(path,
                  fmt::format("format \"{}\" with {} children", schema.format, schema.n_children));
    if (depth > 0 && layout->shape == ArrowShape::structure && schema.n_children == 0)
        malformed(path, "a struct without fields");
    for (std::int64_t i = 0; i < schema.n_children; ++i) {
        if (schema.children[i] == nullptr) malformed(path, "a child is missing");
        if (layout->shape == ArrowShape::structure && schema.children[i]->name == nullptr)
            malformed(path, "a field has no name");
        check_schema_at(*schema.children[i], below(path, *schema.children[i]), depth + 1);
    }
    if (layout->shape == ArrowShape::map) {
        const ArrowSchema& entry = *schema.children[0];
        if (std::string_view(entry.format) != "+s" || entry.n_children != 2)
            malformed(path, "a map whose entries are not pairs");
    }
    if (schema.dictionary != nullptr) {
        if (std::string_view("cCsSiIlL").find(schema.format) == std::string_view::npos ||
            std::strlen(schema.format) != 1)
            malformed(path, "dictionary indexes that are not integers");
        check_schema_at(*schema.dictionary, path, depth + 1);
    }
}

}  // namespace

void check_schema(const ArrowSchema& schema) {
    if (schema.format != nullptr && std::string_view(schema.format) != "+s")
        malformed("", fmt::format("the stream's schema is of format \"{}\", not a struct",
                                  schema.format));
    if (schema.dictionary != nullptr) malformed("", "a dictionary of rows");
    check_schema_at(schema, "", 0);
    if (schema.n_children == 0) malformed("", "no columns");
}

}  // namespace faultline::engine
