#pragma once

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/kept_text.h"
#include "core/shared_ids.h"

namespace faultline {

/// A small map by id, in the order of the ids, for what every trial has: 8 bytes where it is empty
/// (a std::map has 48), else 24 and those of the values (a std::map has 80 an entry). Each id is
/// kept once, for as long as the process lives; copies share everything; and maps of the same ids
/// that were made one after the other share those. Reads like std::map<std::string, Value>
/// (iteration, find, contains, at, size, ==) and is made from one.
template <class Value>
class IdMap {
  public:
    struct Item {
        const std::string& first;
        Value second;
    };
    class Iterator {
      public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Item;
        using difference_type = std::ptrdiff_t;
        using reference = Item;
        struct Pointer {
            Item item;
            const Item* operator->() const { return &item; }
        };
        using pointer = Pointer;
        Item operator*() const { return {**id_, *value_}; }
        Pointer operator->() const { return {**this}; }
        Iterator& operator++() {
            ++id_;
            ++value_;
            return *this;
        }
        Iterator operator++(int) {
            Iterator before = *this;
            ++*this;
            return before;
        }
        friend bool operator==(const Iterator&, const Iterator&) = default;

      private:
        friend class IdMap;
        Iterator(const std::string* const* id, const Value* value) : id_(id), value_(value) {}
        const std::string* const* id_;
        const Value* value_;
    };
    using value_type = Item;
    using const_iterator = Iterator;

    IdMap() = default;
    IdMap(std::initializer_list<std::pair<const std::string, Value>> entries)
        : IdMap(std::map<std::string, Value>(entries)) {}
    IdMap(const std::map<std::string, Value>& entries) {  // NOLINT: it is the same thing
        std::vector<const std::string*> ids;
        for (const auto& [id, value] : entries) ids.push_back(kept_text(id));
        values_ = Values(ids.size(), shared_ids(ids.data(), ids.size()));
        Value* to = values_.own();
        for (const auto& [id, value] : entries) *to++ = value;
    }
    operator std::map<std::string, Value>() const {  // NOLINT: and so is this
        std::map<std::string, Value> all;
        for (const auto& [id, value] : *this) all.emplace_hint(all.end(), id, value);
        return all;
    }

    [[nodiscard]] Iterator begin() const { return at_place(0); }
    [[nodiscard]] Iterator end() const { return at_place(size()); }
    [[nodiscard]] std::size_t size() const { return values_.size(); }
    [[nodiscard]] bool empty() const { return values_.empty(); }
    [[nodiscard]] Iterator find(const std::string& id) const {
        const std::size_t place = place_in(id);
        return holds(place, id) ? at_place(place) : end();
    }
    [[nodiscard]] bool contains(const std::string& id) const { return holds(place_in(id), id); }
    /// Throws std::out_of_range.
    [[nodiscard]] Value at(const std::string& id) const {
        const std::size_t place = place_in(id);
        if (!holds(place, id)) throw std::out_of_range("nothing is known of " + id);
        return values_[place];
    }
    /// 0, or as Value{} has it, at first. Good until the next change.
    Value& operator[](const std::string& id) {
        const std::size_t place = place_in(id);
        if (!holds(place, id)) insert(place, id);
        return values_.own()[place];
    }
    void clear() { *this = {}; }
    template <class Predicate>
    void erase_if(Predicate goes) {
        std::map<std::string, Value> left;
        for (const auto& item : *this)
            if (!goes(item)) left.emplace(item.first, item.second);
        if (left.size() < size()) *this = left;
    }
    friend bool operator==(const IdMap&, const IdMap&) = default;

  private:
    using Values = SharedArray<Value, SharedIds>;

    [[nodiscard]] std::size_t place_in(const std::string& id) const {
        return empty() ? 0 : place_of(values_.head(), id);
    }
    [[nodiscard]] bool holds(std::size_t place, const std::string& id) const {
        return place < size() && *values_.head()[place] == id;
    }
    [[nodiscard]] Iterator at_place(std::size_t place) const {
        if (empty()) return Iterator(nullptr, nullptr);
        return Iterator(values_.head().begin() + place, values_.begin() + place);
    }
    void insert(std::size_t place, const std::string& id) {
        std::vector<const std::string*> ids;
        if (!empty()) ids.assign(values_.head().begin(), values_.head().end());
        ids.insert(ids.begin() + static_cast<std::ptrdiff_t>(place), kept_text(id));
        Values more(ids.size(), shared_ids(ids.data(), ids.size()));
        Value* to = more.own();
        std::copy(values_.begin(), values_.begin() + place, to);
        std::copy(values_.begin() + place, values_.end(), to + place + 1);
        values_ = std::move(more);
    }

    Values values_;
};

}  // namespace faultline
