#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "faultline/arrow.h"

namespace faultline::sdk {

namespace detail {

/// Owns everything that a copied ArrowSchema points to.
struct SchemaCopy {
    std::string format, name, metadata;
    std::vector<std::unique_ptr<ArrowSchema>> children;
    std::vector<ArrowSchema*> pointers;
    std::unique_ptr<ArrowSchema> dictionary;

    static void release(ArrowSchema* schema) {
        auto* self = static_cast<SchemaCopy*>(schema->private_data);
        for (auto& child : self->children)
            if (child->release != nullptr) child->release(child.get());
        if (self->dictionary && self->dictionary->release != nullptr)
            self->dictionary->release(self->dictionary.get());
        schema->release = nullptr;
        delete self;
    }
};

/// Arrow's metadata is counted key-value pairs, not a C string: its length is in the numbers.
inline std::string metadata_bytes(const char* metadata) {
    if (metadata == nullptr) return {};
    const char* at = metadata;
    const auto number = [&at] {
        std::int32_t value = 0;
        std::memcpy(&value, at, sizeof value);
        at += sizeof value;
        return value;
    };
    for (std::int32_t pair = number(); pair > 0; --pair) {
        for (int side = 0; side < 2; ++side) {
            const auto length = number();  // read before it moves the cursor on
            at += length;
        }
    }
    return {metadata, at};
}

}  // namespace detail

/// A deep copy; the receiver releases it.
inline void copy_schema(const ArrowSchema& from, ArrowSchema* to) {
    auto copy = std::make_unique<detail::SchemaCopy>();
    copy->format = from.format;
    copy->name = from.name != nullptr ? from.name : "";
    copy->metadata = detail::metadata_bytes(from.metadata);
    for (std::int64_t i = 0; i < from.n_children; ++i) {
        copy->children.push_back(std::make_unique<ArrowSchema>());
        copy_schema(*from.children[i], copy->children.back().get());
        copy->pointers.push_back(copy->children.back().get());
    }
    if (from.dictionary != nullptr) {
        copy->dictionary = std::make_unique<ArrowSchema>();
        copy_schema(*from.dictionary, copy->dictionary.get());
    }
    *to = {};
    to->format = copy->format.c_str();
    to->name = copy->name.c_str();
    to->metadata = from.metadata != nullptr ? copy->metadata.data() : nullptr;
    to->flags = from.flags;
    to->n_children = from.n_children;
    to->children = copy->pointers.data();
    to->dictionary = copy->dictionary.get();
    to->release = detail::SchemaCopy::release;
    to->private_data = copy.release();
}

}  // namespace faultline::sdk
