#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "faultline/sdk/arrow_stream.hpp"

namespace faultline::sdk {

/// For transforms that change a few texts of many. Include it beside faultline/plugin.hpp.

/// A new text for the cell of one row.
struct TextPatch {
    std::int64_t row;
    std::string text;
};

/// The rows of a boolean column that hold true, in order.
inline std::vector<std::int64_t> rows_where_true(const ArrowColumn& column) {
    std::vector<std::int64_t> rows;
    for (std::int64_t row = 0; row < column.size(); ++row)
        if (column.boolean(row) && !column.is_null(row)) rows.push_back(row);
    return rows;
}

/// Does the column hold text, and any text? One of an enumeration holds numbers of its list. Known
/// before the first batch.
inline bool holds_text(const ArrowReader& in, std::size_t index) {
    const auto& column = *in.schema()->children[index];
    const std::string format = column.format;
    return column.dictionary == nullptr && (format == "u" || format == "U");
}

namespace detail {

struct PatchedText {
    std::vector<std::uint8_t> validity, offsets, data;
    const void* pointers[3] = {nullptr, nullptr, nullptr};
};

template <class Offset>
ArrowColumn patched_text(const ArrowColumn& like, const std::vector<TextPatch>& patches) {
    const auto& view = like.view();
    const auto rows = static_cast<std::size_t>(view.length);
    const auto* offsets = static_cast<const Offset*>(view.buffers[1]) + view.offset;
    const auto* data = static_cast<const std::uint8_t*>(view.buffers[2]);
    auto made = std::make_shared<PatchedText>();
    auto bytes = static_cast<std::size_t>(rows == 0 ? 0 : offsets[rows] - offsets[0]);
    for (const auto& patch : patches) bytes += patch.text.size();
    made->data.reserve(bytes);
    made->offsets.resize((rows + 1) * sizeof(Offset));
    auto* out = reinterpret_cast<Offset*>(made->offsets.data());
    std::size_t row = 0;
    // Rows up to `end` as they are: their bytes in one piece, their offsets moved.
    const auto copy = [&](std::size_t end) {
        if (end <= row) return;
        const auto moved = static_cast<std::int64_t>(made->data.size()) - offsets[row];
        if (offsets[end] > offsets[row])
            made->data.insert(made->data.end(), data + offsets[row], data + offsets[end]);
        for (; row < end; ++row) out[row] = static_cast<Offset>(offsets[row] + moved);
    };
    for (const auto& patch : patches) {
        copy(static_cast<std::size_t>(patch.row));
        out[row++] = static_cast<Offset>(made->data.size());
        made->data.insert(made->data.end(), patch.text.begin(), patch.text.end());
    }
    copy(rows);
    if (made->data.size() > static_cast<std::size_t>(std::numeric_limits<Offset>::max()))
        throw std::range_error("more text than one batch can hold");
    out[rows] = static_cast<Offset>(made->data.size());
    if (view.buffers[0] != nullptr && view.null_count != 0) {
        made->validity.resize(rows / 8 + 1);
        for (std::size_t i = 0; i < rows; ++i)
            if (!like.is_null(static_cast<std::int64_t>(i)))
                made->validity[i / 8] =
                    static_cast<std::uint8_t>(made->validity[i / 8] | (1u << (i % 8)));
        made->pointers[0] = made->validity.data();
    }
    if (made->data.empty()) made->data.resize(8);  // never read, and yet it needs an address
    made->pointers[1] = made->offsets.data();
    made->pointers[2] = made->data.data();
    ArrowArray array{};
    array.length = view.length;
    array.null_count = made->pointers[0] == nullptr ? 0 : -1;
    array.n_buffers = 3;
    array.buffers = made->pointers;
    return {like.format(), array, std::move(made)};
}

}  // namespace detail

/// The column with some cells new, none of them NULL before: `patches` in the order of their rows,
/// each once. What lies between is copied in one piece, so that the cost is that of the bytes.
inline ArrowColumn patched(const ArrowColumn& like, const std::vector<TextPatch>& patches) {
    if (like.format() == "u") return detail::patched_text<std::int32_t>(like, patches);
    if (like.format() == "U") return detail::patched_text<std::int64_t>(like, patches);
    throw std::logic_error("not a text column: format " + like.format());
}

}  // namespace faultline::sdk
