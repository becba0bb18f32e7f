#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/place.h"

namespace faultline::model {

/// Reads an object key by key, so that a parser reads like its grammar:
///
///     ObjectReader object(place);
///     object.required("id", metric.id, identifier);
///     object.optional("by", metric.by, one_or_many(column_name));
///     object.close();
///
/// A rule is any callable `bool(const Place&, T&)` that reads a value or adds a problem and says
/// false. What is missing or wrong leaves its target as it was. `close()` refuses every key that
/// was not named, with the nearest that was. Not an object: one problem, and every read does
/// nothing.
class ObjectReader {
  public:
    explicit ObjectReader(const Place& place);

    /// Whether the key was there and well.
    template <class T, class Rule>
    bool optional(const std::string& key, T& target, const Rule& rule) {
        if (!allow(key)) return false;
        return rule(place_.member(key), target);
    }
    template <class T, class Rule>
    bool optional(const std::string& key, std::optional<T>& target, const Rule& rule) {
        T value{};
        if (!optional(key, value, rule)) return false;
        target = std::move(value);
        return true;
    }
    template <class T, class Rule>
    bool required(const std::string& key, T& target, const Rule& rule) {
        return demand(key) && optional(key, target, rule);
    }

    /// Whether exactly one of the keys is there; if not, a problem that names those found. Says
    /// nothing on what they hold.
    bool exactly_one_of(const std::vector<std::string>& keys);
    /// The key belongs to this kind of object but only `where`: refused if it is there.
    void only(const std::string& key, const std::string& where);
    /// Allows the key; says whether it is there.
    bool allow(const std::string& key);
    /// The key was named before, by any of the above.
    [[nodiscard]] bool knows(const std::string& key) const;
    [[nodiscard]] bool has(const std::string& key) const;
    [[nodiscard]] const Place& place() const { return place_; }
    [[nodiscard]] bool is_object() const { return place_.value().is_object(); }
    void close();

  private:
    bool demand(const std::string& key);

    Place place_;
    std::vector<std::string> known_;
    std::vector<std::string> misplaced_;  ///< already refused by only()
};

}  // namespace faultline::model
