#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "faultline/arrow.h"

namespace faultline::engine::test {

/// One Arrow column built by hand: what a plugin that knows nothing of DuckDB might hand over,
/// right or wrong. Buffers are std::string for their bytes; a missing one is NULL.
struct Node {
    std::string format;
    std::string name;
    std::int64_t length = 0;
    std::int64_t offset = 0;
    std::int64_t null_count = 0;
    std::vector<std::shared_ptr<std::string>> buffers;
    std::vector<Node> children;
    std::shared_ptr<Node> dictionary;
    std::string metadata;
};

template <typename T>
std::shared_ptr<std::string> bytes(const std::vector<T>& values) {
    auto buffer = std::make_shared<std::string>(values.size() * sizeof(T), '\0');
    if (!values.empty()) std::memcpy(buffer->data(), values.data(), buffer->size());
    return buffer;
}

inline std::shared_ptr<std::string> bits(const std::vector<bool>& values) {
    auto buffer = std::make_shared<std::string>(values.size() / 8 + 1, '\0');
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i]) (*buffer)[i / 8] = static_cast<char>((*buffer)[i / 8] | 1 << (i % 8));
    return buffer;
}

template <typename T>
Node fixed(const std::string& format, const std::string& name, const std::vector<T>& values,
           const std::vector<bool>& valid = {}) {
    Node node;
    node.format = format;
    node.name = name;
    node.length = static_cast<std::int64_t>(values.size());
    node.buffers = {valid.empty() ? nullptr : bits(valid), bytes(values)};
    node.null_count = valid.empty() ? 0 : -1;
    return node;
}

inline Node strings(const std::string& format, const std::string& name,
                    const std::vector<std::string>& values, const std::vector<bool>& valid = {}) {
    Node node;
    node.format = format;
    node.name = name;
    node.length = static_cast<std::int64_t>(values.size());
    std::string data;
    std::vector<std::int32_t> narrow{0};
    std::vector<std::int64_t> wide{0};
    for (const auto& value : values) {
        data += value;
        narrow.push_back(static_cast<std::int32_t>(data.size()));
        wide.push_back(static_cast<std::int64_t>(data.size()));
    }
    const bool is_wide = format == "U" || format == "Z";
    node.buffers = {valid.empty() ? nullptr : bits(valid), is_wide ? bytes(wide) : bytes(narrow),
                    std::make_shared<std::string>(data)};
    node.null_count = valid.empty() ? 0 : -1;
    return node;
}

inline Node structure(const std::string& name, std::vector<Node> children,
                      const std::vector<bool>& valid = {}) {
    Node node;
    node.format = "+s";
    node.name = name;
    node.length = children.empty() ? 0 : children.front().length;
    node.buffers = {valid.empty() ? nullptr : bits(valid)};
    node.null_count = valid.empty() ? 0 : -1;
    node.children = std::move(children);
    return node;
}

inline Node list(const std::string& format, const std::string& name,
                 const std::vector<std::int32_t>& offsets, Node child,
                 const std::vector<bool>& valid = {}) {
    Node node;
    node.format = format;
    node.name = name;
    node.length = static_cast<std::int64_t>(offsets.size()) - 1;
    node.buffers = {valid.empty() ? nullptr : bits(valid), bytes(offsets)};
    node.null_count = valid.empty() ? 0 : -1;
    node.children = {std::move(child)};
    return node;
}

/// A stream over batches of rows (each a structure). Counts what is alive, so that a test sees what
/// was not released. Lives on the stack of the test.
class HandMade {
  public:
    explicit HandMade(std::vector<Node> batches) : batches_(std::move(batches)) {}

    ArrowArrayStream* stream() {
        raw_ = ArrowArrayStream{get_schema, get_next, last_error, release_stream, this};
        ++alive;
        return &raw_;
    }

    int alive = 0;     ///< streams, schemas and arrays handed out and not released
    int fail_at = -1;  ///< get_next of this call fails
    bool fail_schema = false;
    bool throws = false;
    const char* error = "the plugin's own words";

  private:
    struct Memory {
        HandMade* owner;
        Node node;
        std::vector<std::unique_ptr<ArrowSchema>> schemas;
        std::vector<ArrowSchema*> schema_pointers;
        std::vector<std::unique_ptr<ArrowArray>> arrays;
        std::vector<ArrowArray*> array_pointers;
        std::vector<const void*> buffers;
        ArrowSchema dictionary_schema{};
        ArrowArray dictionary_array{};
    };

    template <typename Raw>
    static void release_any(Raw* raw) {
        const std::unique_ptr<Memory> memory(static_cast<Memory*>(raw->private_data));
        for (std::int64_t i = 0; i < raw->n_children; ++i)
            if (raw->children != nullptr && raw->children[i] != nullptr &&
                raw->children[i]->release != nullptr)
                raw->children[i]->release(raw->children[i]);
        if (raw->dictionary != nullptr && raw->dictionary->release != nullptr)
            raw->dictionary->release(raw->dictionary);
        --memory->owner->alive;
        raw->release = nullptr;
    }

    void fill(const Node& node, ArrowSchema* out) {
        auto memory = std::make_unique<Memory>();
        memory->owner = this;
        memory->node = node;
        *out = ArrowSchema{};
        for (const auto& child : node.children) {
            fill(child, memory->schemas.emplace_back(std::make_unique<ArrowSchema>()).get());
            memory->schema_pointers.push_back(memory->schemas.back().get());
        }
        if (node.dictionary) {
            fill(*node.dictionary, &memory->dictionary_schema);
            out->dictionary = &memory->dictionary_schema;
        }
        out->format = memory->node.format.c_str();
        out->name = memory->node.name.c_str();
        out->metadata = memory->node.metadata.empty() ? nullptr : memory->node.metadata.c_str();
        out->flags = ARROW_FLAG_NULLABLE;
        out->n_children = static_cast<std::int64_t>(node.children.size());
        out->children = memory->schema_pointers.data();
        out->release = release_any<ArrowSchema>;
        out->private_data = memory.release();
        ++alive;
    }

    void fill(const Node& node, ArrowArray* out) {
        auto memory = std::make_unique<Memory>();
        memory->owner = this;
        memory->node = node;
        *out = ArrowArray{};
        for (const auto& child : node.children) {
            fill(child, memory->arrays.emplace_back(std::make_unique<ArrowArray>()).get());
            memory->array_pointers.push_back(memory->arrays.back().get());
        }
        if (node.dictionary) {
            fill(*node.dictionary, &memory->dictionary_array);
            out->dictionary = &memory->dictionary_array;
        }
        for (const auto& buffer : node.buffers)
            memory->buffers.push_back(buffer ? static_cast<const void*>(buffer->data()) : nullptr);
        out->length = node.length;
        out->offset = node.offset;
        out->null_count = node.null_count;
        out->n_buffers = static_cast<std::int64_t>(node.buffers.size());
        out->buffers = memory->buffers.data();
        out->n_children = static_cast<std::int64_t>(node.children.size());
        out->children = memory->array_pointers.data();
        out->release = release_any<ArrowArray>;
        out->private_data = memory.release();
        ++alive;
    }

    static HandMade& self(ArrowArrayStream* stream) {
        return *static_cast<HandMade*>(stream->private_data);
    }
    static int get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
        auto& made = self(stream);
        if (made.fail_schema) return 5;
        made.fill(made.batches_.front(), out);
        return 0;
    }
    static int get_next(ArrowArrayStream* stream, ArrowArray* out) {
        auto& made = self(stream);
        if (made.throws) throw 42;
        if (made.next_ == made.fail_at) return 5;
        *out = ArrowArray{};
        if (static_cast<std::size_t>(made.next_) < made.batches_.size())
            made.fill(made.batches_[static_cast<std::size_t>(made.next_)], out);
        ++made.next_;
        return 0;
    }
    static const char* last_error(ArrowArrayStream* stream) { return self(stream).error; }
    static void release_stream(ArrowArrayStream* stream) {
        --self(stream).alive;
        stream->release = nullptr;
    }

    std::vector<Node> batches_;
    ArrowArrayStream raw_{};
    int next_ = 0;
};

}  // namespace faultline::engine::test
