#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace faultline {

/// Of an array that needs none.
struct NoHead {
    friend bool operator==(const NoHead&, const NoHead&) = default;
};

/// An array of a fixed length whose copies share it, for what a run has as many of as trials: 8
/// bytes a holder (a std::vector has 24), and for all holders together 8 bytes, a head that
/// describes the items, and the items. Without items there is nothing, not even a head.
///
/// Holders of one array may be used on several threads at once; a holder, like a std::vector, on
/// one at a time.
template <class Item, class Head = NoHead>
class SharedArray {
    static_assert(std::is_trivially_copyable_v<Item>, "items are copied as bytes");

  public:
    SharedArray() = default;
    /// `count` items of value 0, to be filled in by way of own().
    SharedArray(std::size_t count, const Head& head)
        : block_(count == 0 ? nullptr : make(count, head)) {
        if (count > 0) std::fill_n(items(), count, Item{});
    }
    SharedArray(const Item* from, std::size_t count, const Head& head = {})
        : block_(count == 0 ? nullptr : make(count, head)) {
        if (count > 0) std::copy_n(from, count, items());
    }
    SharedArray(const SharedArray& other) noexcept : block_(other.block_) {
        if (block_ != nullptr) block_->holders.fetch_add(1, std::memory_order_relaxed);
    }
    SharedArray(SharedArray&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    SharedArray& operator=(SharedArray other) noexcept {
        std::swap(block_, other.block_);
        return *this;
    }
    ~SharedArray() {
        if (block_ == nullptr || block_->holders.fetch_sub(1, std::memory_order_acq_rel) > 1)
            return;
        block_->~Block();
        ::operator delete(block_);
    }

    [[nodiscard]] std::size_t size() const { return block_ == nullptr ? 0 : block_->size; }
    [[nodiscard]] bool empty() const { return block_ == nullptr; }
    [[nodiscard]] const Item* begin() const { return block_ == nullptr ? nullptr : items(); }
    [[nodiscard]] const Item* end() const { return begin() + size(); }
    const Item& operator[](std::size_t i) const { return items()[i]; }
    /// Not of an empty array.
    [[nodiscard]] const Head& head() const { return block_->head; }
    /// The items, to be changed for this holder alone: copied first where others share them.
    Item* own() {
        if (block_ != nullptr && block_->holders.load(std::memory_order_acquire) > 1)
            *this = SharedArray(items(), size(), head());
        return block_ == nullptr ? nullptr : items();
    }
    [[nodiscard]] bool shares_with(const SharedArray& other) const {
        return block_ == other.block_;
    }

    friend bool operator==(const SharedArray& a, const SharedArray& b) {
        if (a.empty() || b.empty()) return a.empty() == b.empty();
        return a.head() == b.head() && std::equal(a.begin(), a.end(), b.begin(), b.end());
    }

  private:
    struct Block {
        std::atomic<std::uint32_t> holders{1};
        std::uint32_t size;
        [[no_unique_address]] Head head;
        Block(std::size_t count, const Head& h)
            : size(static_cast<std::uint32_t>(count)), head(h) {}
    };
    static constexpr std::size_t items_at =
        (sizeof(Block) + alignof(Item) - 1) / alignof(Item) * alignof(Item);

    static Block* make(std::size_t count, const Head& head) {
        if (count > std::numeric_limits<std::uint32_t>::max())
            throw std::length_error("an array of more than 2^32 items");
        return new (::operator new(items_at + count * sizeof(Item))) Block(count, head);
    }
    [[nodiscard]] Item* items() const {
        return reinterpret_cast<Item*>(reinterpret_cast<char*>(block_) + items_at);
    }

    Block* block_ = nullptr;
};

}  // namespace faultline
