#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "faultline/arrow.h"

namespace faultline::sdk {

/// One column of a batch: read cell by cell, or passed on whatever it holds. Cheap to copy: the
/// buffers are shared, never changed, and live as long as any column that refers to them.
class ArrowColumn {
  public:
    /// `owner` keeps `view`'s buffers and children alive.
    ArrowColumn(std::string format, const ArrowArray& view, std::shared_ptr<const void> owner)
        : format_(std::move(format)), view_(view), owner_(std::move(owner)) {}

    /// New cells in the format of `like`, which must hold integers, floats, text or booleans.
    static ArrowColumn numbers(const ArrowColumn& like,
                               const std::vector<std::optional<double>>& cells);
    static ArrowColumn texts(const ArrowColumn& like,
                             const std::vector<std::optional<std::string>>& cells);
    static ArrowColumn booleans(const ArrowColumn& like,
                                const std::vector<std::optional<bool>>& cells);

    [[nodiscard]] std::int64_t size() const { return view_.length; }
    [[nodiscard]] const std::string& format() const { return format_; }
    [[nodiscard]] bool is_number() const {
        return format_.size() == 1 &&
               std::string_view("cCsSiIlLfg").find(format_[0]) != std::string_view::npos;
    }
    [[nodiscard]] bool is_text() const { return format_ == "u" || format_ == "U"; }
    [[nodiscard]] bool is_boolean() const { return format_ == "b"; }

    [[nodiscard]] bool is_null(std::int64_t row) const {
        if (view_.n_buffers == 0 || view_.buffers[0] == nullptr) return false;
        return !bit(view_.buffers[0], view_.offset + row);
    }
    [[nodiscard]] double number(std::int64_t row) const {
        return with_type<double>([&]<class T>(T) { return static_cast<double>(at<T>(row)); });
    }
    /// Exact for every integer format but the upper half of uint64.
    [[nodiscard]] std::int64_t integer(std::int64_t row) const {
        return with_type<std::int64_t>(
            [&]<class T>(T) { return static_cast<std::int64_t>(at<T>(row)); });
    }
    [[nodiscard]] bool boolean(std::int64_t row) const {
        if (!is_boolean()) throw std::logic_error("not a boolean column: format " + format_);
        return bit(view_.buffers[1], view_.offset + row);
    }
    [[nodiscard]] std::string_view text(std::int64_t row) const {
        if (format_ == "u") return text_with<std::int32_t>(row);
        if (format_ == "U") return text_with<std::int64_t>(row);
        throw std::logic_error("not a text column: format " + format_);
    }

    /// Rows [from, from + length): the same buffers.
    [[nodiscard]] ArrowColumn slice(std::int64_t from, std::int64_t length) const {
        auto view = view_;
        view.offset += from;
        view.length = length;
        view.null_count = -1;  // unknown: counting would cost more than it saves
        return {format_, view, owner_};
    }
    [[nodiscard]] const ArrowArray& view() const { return view_; }
    [[nodiscard]] const std::shared_ptr<const void>& owner() const { return owner_; }

  private:
    struct Buffers {
        std::vector<std::uint8_t> validity, offsets, data;
        const void* pointers[3] = {nullptr, nullptr, nullptr};
    };

    static bool bit(const void* bits, std::int64_t at) {
        return ((static_cast<const std::uint8_t*>(bits)[at / 8] >> (at % 8)) & 1) != 0;
    }
    static void set_bit(std::vector<std::uint8_t>& bits, std::size_t at) {
        bits[at / 8] = static_cast<std::uint8_t>(bits[at / 8] | (1u << (at % 8)));
    }
    template <class T>
    [[nodiscard]] T at(std::int64_t row) const {
        return static_cast<const T*>(view_.buffers[1])[view_.offset + row];
    }
    template <class Offset>
    [[nodiscard]] std::string_view text_with(std::int64_t row) const {
        const auto from = at<Offset>(row), to = at<Offset>(row + 1);
        return {static_cast<const char*>(view_.buffers[2]) + from,
                static_cast<std::size_t>(to - from)};
    }
    template <class Result, class F>
    Result with_type(F f) const {
        switch (is_number() ? format_[0] : '?') {
            case 'c':
                return f(std::int8_t{});
            case 'C':
                return f(std::uint8_t{});
            case 's':
                return f(std::int16_t{});
            case 'S':
                return f(std::uint16_t{});
            case 'i':
                return f(std::int32_t{});
            case 'I':
                return f(std::uint32_t{});
            case 'l':
                return f(std::int64_t{});
            case 'L':
                return f(std::uint64_t{});
            case 'f':
                return f(float{});
            case 'g':
                return f(double{});
            default:
                throw std::logic_error("not a numeric column: format " + format_);
        }
    }
    template <class Cells>
    static std::shared_ptr<Buffers> with_validity(const Cells& cells) {
        auto buffers = std::make_shared<Buffers>();
        buffers->validity.resize(cells.size() / 8 + 1);
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (cells[i]) set_bit(buffers->validity, i);
        return buffers;
    }
    static ArrowColumn finish(const std::string& format, std::shared_ptr<Buffers> buffers,
                              std::size_t rows, std::int64_t count) {
        // A buffer that is never read still needs an address.
        if (buffers->data.empty()) buffers->data.resize(8);
        buffers->pointers[0] = buffers->validity.data();
        buffers->pointers[1] = count == 3 ? buffers->offsets.data() : buffers->data.data();
        buffers->pointers[2] = buffers->data.data();
        ArrowArray view{};
        view.length = static_cast<std::int64_t>(rows);
        view.null_count = -1;
        view.n_buffers = count;
        view.buffers = buffers->pointers;
        return {format, view, std::move(buffers)};
    }

    std::string format_;
    ArrowArray view_;
    std::shared_ptr<const void> owner_;
};

inline ArrowColumn ArrowColumn::numbers(const ArrowColumn& like,
                                        const std::vector<std::optional<double>>& cells) {
    auto buffers = with_validity(cells);
    like.with_type<int>([&]<class T>(T) {
        buffers->data.resize(cells.size() * sizeof(T));
        auto* out = reinterpret_cast<T*>(buffers->data.data());
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (!cells[i]) continue;
            if constexpr (std::numeric_limits<T>::is_integer) {
                // 2^63 as a double is one past the largest int64, hence >= there.
                const auto x = *cells[i];
                if (!(x >= static_cast<double>(std::numeric_limits<T>::min()) &&
                      x < static_cast<double>(std::numeric_limits<T>::max()) + 1.0))
                    throw std::range_error("a number does not fit its column");
            }
            out[i] = static_cast<T>(*cells[i]);
        }
        return 0;
    });
    return finish(like.format_, std::move(buffers), cells.size(), 2);
}

inline ArrowColumn ArrowColumn::booleans(const ArrowColumn& like,
                                         const std::vector<std::optional<bool>>& cells) {
    if (!like.is_boolean()) throw std::logic_error("not a boolean column: format " + like.format_);
    auto buffers = with_validity(cells);
    buffers->data.resize(cells.size() / 8 + 1);
    for (std::size_t i = 0; i < cells.size(); ++i)
        if (cells[i].value_or(false)) set_bit(buffers->data, i);
    return finish(like.format_, std::move(buffers), cells.size(), 2);
}

inline ArrowColumn ArrowColumn::texts(const ArrowColumn& like,
                                      const std::vector<std::optional<std::string>>& cells) {
    if (!like.is_text()) throw std::logic_error("not a text column: format " + like.format_);
    auto buffers = with_validity(cells);
    for (const auto& cell : cells)
        if (cell) buffers->data.insert(buffers->data.end(), cell->begin(), cell->end());
    const auto fill = [&]<class Offset>(Offset) {
        if (buffers->data.size() > static_cast<std::size_t>(std::numeric_limits<Offset>::max()))
            throw std::range_error("more text than one batch can hold");
        buffers->offsets.resize((cells.size() + 1) * sizeof(Offset));
        auto* out = reinterpret_cast<Offset*>(buffers->offsets.data());
        Offset end = 0;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            out[i] = end;
            if (cells[i]) end = static_cast<Offset>(end + static_cast<Offset>(cells[i]->size()));
        }
        out[cells.size()] = end;
    };
    if (like.format_ == "u")
        fill(std::int32_t{});
    else
        fill(std::int64_t{});
    return finish(like.format_, std::move(buffers), cells.size(), 3);
}

}  // namespace faultline::sdk
