#pragma once

#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace faultline {

/// The severities of one trial by perturbation: a map, in the order of the ids, that takes 16 bytes
/// an entry where std::map takes 100. A run has as many of these as trials, and few different ids:
/// each id is kept once, for as long as the process lives. Reads like std::map<std::string, double>
/// (iteration, find, contains, at, size, ==) and is made from one.
class Severities {
  public:
    struct Item {
        const std::string& first;
        double second;
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
        Item operator*() const { return {*at_->first, at_->second}; }
        Pointer operator->() const { return {**this}; }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        Iterator operator++(int) { return Iterator(at_++); }
        friend bool operator==(const Iterator&, const Iterator&) = default;

      private:
        friend class Severities;
        using Entry = std::vector<std::pair<const std::string*, double>>::const_iterator;
        explicit Iterator(Entry at) : at_(at) {}
        Entry at_;
    };
    using value_type = Item;
    using const_iterator = Iterator;

    Severities() = default;
    Severities(std::initializer_list<std::pair<const std::string, double>> entries);
    Severities(const std::map<std::string, double>& entries);  // NOLINT: it is the same thing
    operator std::map<std::string, double>() const;            // NOLINT: and so is this

    [[nodiscard]] Iterator begin() const { return Iterator(entries_.begin()); }
    [[nodiscard]] Iterator end() const { return Iterator(entries_.end()); }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] Iterator find(const std::string& id) const;
    [[nodiscard]] bool contains(const std::string& id) const { return find(id) != end(); }
    [[nodiscard]] double at(const std::string& id) const;  ///< throws std::out_of_range
    double& operator[](const std::string& id);             ///< 0 at first
    /// The same bits for the same ids: ids are kept once, so their places tell.
    friend bool operator==(const Severities&, const Severities&) = default;

  private:
    std::vector<std::pair<const std::string*, double>> entries_;  ///< in the order of the ids
};

}  // namespace faultline
