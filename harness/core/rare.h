#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace faultline {

/// What few trials have: 8 bytes where there is nothing. Copies are deep. Reads like std::optional.
template <class Value>
class Rare {
  public:
    Rare() = default;
    Rare(std::nullopt_t) {}  // NOLINT: as of optional
    Rare(Value value) : value_(std::make_unique<Value>(std::move(value))) {}  // NOLINT: and this
    Rare(std::optional<Value> value) {  // NOLINT: the same thing
        if (value) value_ = std::make_unique<Value>(std::move(*value));
    }
    Rare(const Rare& other) : value_(other ? std::make_unique<Value>(*other) : nullptr) {}
    Rare(Rare&&) noexcept = default;
    Rare& operator=(Rare other) noexcept {
        value_.swap(other.value_);
        return *this;
    }
    ~Rare() = default;

    explicit operator bool() const { return value_ != nullptr; }
    [[nodiscard]] bool has_value() const { return value_ != nullptr; }
    Value& operator*() { return *value_; }
    const Value& operator*() const { return *value_; }
    Value* operator->() { return value_.get(); }
    const Value* operator->() const { return value_.get(); }
    [[nodiscard]] Value value_or(Value other) const {
        return value_ == nullptr ? std::move(other) : *value_;
    }

  private:
    std::unique_ptr<Value> value_;
};

/// A list that is empty in most trials, and takes 8 bytes there. Items stay where they are while
/// the list is moved.
template <class Item>
class RareList {
  public:
    RareList() = default;
    RareList(std::initializer_list<Item> items) : RareList(std::vector<Item>(items)) {}
    RareList(std::vector<Item> items) {  // NOLINT: it is the same thing
        if (!items.empty()) items_ = std::move(items);
    }

    [[nodiscard]] bool empty() const { return !items_; }
    [[nodiscard]] std::size_t size() const { return items_ ? items_->size() : 0; }
    [[nodiscard]] const Item* begin() const { return items_ ? items_->data() : nullptr; }
    [[nodiscard]] const Item* end() const { return begin() + size(); }
    const Item& operator[](std::size_t i) const { return (*items_)[i]; }
    void push_back(Item item) {
        if (!items_) items_ = std::vector<Item>();
        items_->push_back(std::move(item));
    }

  private:
    Rare<std::vector<Item>> items_;
};

}  // namespace faultline
