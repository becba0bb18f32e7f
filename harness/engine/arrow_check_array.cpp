#include "engine/arrow_check.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <string>

#include "engine/arrow_layout.h"
#include "engine/arrow_malformed.h"
#include "engine/utf8.h"

namespace faultline::engine {
namespace {

constexpr std::int64_t longest = std::int64_t{1} << 40;

__extension__ using Int128 = __int128;

template <typename T>
T value_at(const void* buffer, std::int64_t index) {
    T value;
    std::memcpy(&value,
                static_cast<const char*>(buffer) + static_cast<std::size_t>(index) * sizeof(T),
                sizeof(T));
    return value;
}

bool is_set(const void* bitmap, std::int64_t index) {
    return (value_at<std::uint8_t>(bitmap, index / 8) >> (index % 8) & 1) != 0;
}

/// How many of the bits [first, first + count) are set.
std::int64_t ones_in(const void* bitmap, std::int64_t first, std::int64_t count) {
    std::int64_t ones = 0, at = first;
    const auto end = first + count;
    for (; at < end && at % 8 != 0; ++at) ones += is_set(bitmap, at) ? 1 : 0;
    for (; at + 64 <= end; at += 64)
        ones +=
            std::popcount(value_at<std::uint64_t>(static_cast<const char*>(bitmap) + at / 8, 0));
    for (; at < end; ++at) ones += is_set(bitmap, at) ? 1 : 0;
    return ones;
}

/// One array against its schema. Buffers are looked at only where the lengths make them needed.
class ArrayCheck {
  public:
    ArrayCheck(const ArrowArray& array, const ArrowSchema& schema, std::string path)
        : array_(array),
          schema_(schema),
          path_(std::move(path)),
          layout_(*layout_of(schema.format)) {}

    void run() {
        check_frame();
        end_ = array_.offset + array_.length;
        if (layout_.shape != ArrowShape::none) check_validity();
        if (schema_.dictionary != nullptr) check_dictionary();
        switch (layout_.shape) {
            case ArrowShape::bits:
            case ArrowShape::fixed:
                check_values();
                break;
            case ArrowShape::text:
            case ArrowShape::binary:
                check_strings();
                break;
            case ArrowShape::list:
            case ArrowShape::map:
                need_child(0, last_offset());
                break;
            case ArrowShape::fixed_list:
                if (end_ > longest / layout_.width) malformed(path_, "a list too long");
                need_child(0, end_ * layout_.width);
                break;
            case ArrowShape::structure:
                for (std::int64_t i = 0; i < array_.n_children; ++i) need_child(i, end_);
                break;
            case ArrowShape::none:
                break;
        }
        for (std::int64_t i = 0; i < array_.n_children; ++i)
            ArrayCheck(*array_.children[i], *schema_.children[i],
                       below(path_, *schema_.children[i]))
                .run();
    }

  private:
    void check_frame() const {
        if (array_.release == nullptr) malformed(path_, "the array was released");
        if (array_.length < 0 || array_.length > longest)
            malformed(path_, fmt::format("a length of {}", array_.length));
        if (array_.offset < 0 || array_.offset > longest)
            malformed(path_, fmt::format("an offset of {}", array_.offset));
        if (array_.null_count < -1 || array_.null_count > array_.length)
            malformed(path_,
                      fmt::format("{} nulls among {} values", array_.null_count, array_.length));
        if (array_.n_buffers != layout_.buffers())
            malformed(path_, fmt::format("{} buffers where format \"{}\" has {}", array_.n_buffers,
                                         schema_.format, layout_.buffers()));
        if (array_.n_buffers > 0 && array_.buffers == nullptr)
            malformed(path_, "buffers are missing");
        if (array_.n_children != schema_.n_children)
            malformed(path_, fmt::format("{} children where the schema has {}", array_.n_children,
                                         schema_.n_children));
        if (array_.n_children > 0 && array_.children == nullptr)
            malformed(path_, "children are missing");
        for (std::int64_t i = 0; i < array_.n_children; ++i)
            if (array_.children[i] == nullptr) malformed(path_, "a child is missing");
        if ((array_.dictionary == nullptr) != (schema_.dictionary == nullptr))
            malformed(path_, "a dictionary in only one of schema and array");
    }

    void check_validity() const {
        if (array_.null_count > 0 && array_.buffers[0] == nullptr)
            malformed(path_, "nulls without a validity buffer");
    }

    [[nodiscard]] bool valid(std::int64_t index) const {
        if (array_.buffers[0] == nullptr) return true;
        return is_set(array_.buffers[0], index);
    }

    void need_buffer(std::int64_t which, bool needed) const {
        if (needed && array_.buffers[which] == nullptr)
            malformed(path_, fmt::format("buffer {} is missing", which));
    }

    void need_child(std::int64_t which, std::int64_t length) const {
        if (array_.children[which]->length < length)
            malformed(path_, fmt::format("a child of {} values where {} are needed",
                                         array_.children[which]->length, length));
    }

    [[nodiscard]] std::int64_t offset_at(std::int64_t index) const {
        return layout_.wide_offsets ? value_at<std::int64_t>(array_.buffers[1], index)
                                    : value_at<std::int32_t>(array_.buffers[1], index);
    }

    /// Where the last value ends, after checking that no offset falls.
    [[nodiscard]] std::int64_t last_offset() const {
        need_buffer(1, array_.length > 0);
        if (array_.length == 0) return 0;
        std::int64_t before = offset_at(array_.offset);
        if (before < 0) malformed(path_, "a negative offset");
        for (std::int64_t i = array_.offset + 1; i <= end_; ++i) {
            const std::int64_t next = offset_at(i);
            if (next < before) malformed(path_, "offsets that fall");
            before = next;
        }
        if (before > longest) malformed(path_, fmt::format("an offset of {}", before));
        return before;
    }

    void check_strings() const {
        const std::int64_t bytes = last_offset();
        need_buffer(2, bytes > 0);
        if (layout_.shape != ArrowShape::text || bytes == 0) return;
        const char* data = static_cast<const char*>(array_.buffers[2]);
        // Mostly all of it is ASCII, which many bytes at once can show.
        const auto first = offset_at(array_.offset);
        if (is_ascii({data + first, static_cast<std::size_t>(bytes - first)})) return;
        for (std::int64_t i = array_.offset; i < end_; ++i) {
            const std::int64_t begin = offset_at(i);
            if (valid(i) &&
                !is_utf8({data + begin, static_cast<std::size_t>(offset_at(i + 1) - begin)}))
                malformed(path_, "text that is not UTF-8");
        }
    }

    void check_values() const {
        need_buffer(1, array_.length > 0);
        if (layout_.decimal_digits == 0) return;
        Int128 bound = 1;
        for (unsigned i = 0; i < layout_.decimal_digits; ++i) bound *= 10;
        for (std::int64_t i = array_.offset; i < end_; ++i) {
            const auto value = value_at<Int128>(array_.buffers[1], i);
            if (valid(i) && (value >= bound || value <= -bound))
                malformed(path_,
                          fmt::format("a decimal of more than {} digits", layout_.decimal_digits));
        }
    }

    [[nodiscard]] std::int64_t index_at(std::int64_t i) const {
        const void* data = array_.buffers[1];
        switch (schema_.format[0]) {
            case 'c':
                return value_at<std::int8_t>(data, i);
            case 'C':
                return value_at<std::uint8_t>(data, i);
            case 's':
                return value_at<std::int16_t>(data, i);
            case 'S':
                return value_at<std::uint16_t>(data, i);
            case 'i':
                return value_at<std::int32_t>(data, i);
            case 'I':
                return value_at<std::uint32_t>(data, i);
            default:
                return value_at<std::int64_t>(data, i);  // too large a uint64 is negative here
        }
    }

    void check_dictionary() const {
        ArrayCheck(*array_.dictionary, *schema_.dictionary, path_).run();
        need_buffer(1, array_.length > 0);
        for (std::int64_t i = array_.offset; i < end_; ++i) {
            if (!valid(i)) continue;
            const std::int64_t index = index_at(i);
            if (index < 0 || index >= array_.dictionary->length)
                malformed(path_, "a dictionary index out of range");
        }
    }

    const ArrowArray& array_;
    const ArrowSchema& schema_;
    std::string path_;
    ArrowLayout layout_;
    std::int64_t end_ = 0;
};

}  // namespace

void check_array(const ArrowArray& array, const ArrowSchema& schema) {
    ArrayCheck(array, schema, "").run();
    // A row itself is never NULL.
    for (std::int64_t i = array.offset;
         array.null_count != 0 && array.buffers[0] != nullptr && i < array.offset + array.length;
         ++i)
        if (!is_set(array.buffers[0], i)) malformed("", "rows that are NULL");
}

void count_nulls(ArrowArray& array) {
    if (array.null_count < 0) {
        array.null_count = 0;
        const void* validity = array.n_buffers > 0 ? array.buffers[0] : nullptr;
        if (validity != nullptr)
            array.null_count = array.length - ones_in(validity, array.offset, array.length);
    }
    for (std::int64_t i = 0; i < array.n_children; ++i) count_nulls(*array.children[i]);
    if (array.dictionary != nullptr) count_nulls(*array.dictionary);
}

}  // namespace faultline::engine
