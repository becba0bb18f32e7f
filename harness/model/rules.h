#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/names.h"
#include "model/object_reader.h"

namespace faultline::model {

// The rules that a document's grammar is made of; see ObjectReader. Each reads one value into its
// target or adds one problem and says false.

bool flag(const Place& place, bool& target);
bool text(const Place& place, std::string& target);
/// Text with something other than white space in it.
bool filled_text(const Place& place, std::string& target);
/// 1 to 128 bytes without control characters: names of nodes, ids.
bool identifier(const Place& place, std::string& target);
/// A column of a table: not empty.
bool column_name(const Place& place, std::string& target);
/// Text with a unit, or a plain number of seconds.
bool duration(const Place& place, std::chrono::milliseconds& target);
/// Text with a unit, or a plain number of bytes.
bool memory_size(const Place& place, std::uint64_t& target);
/// An ISO 8601 date or timestamp, kept as text.
bool timestamp(const Place& place, std::string& target);
/// Any object, kept as it is.
bool any_object(const Place& place, Json& target);

/// A whole number; 8.0 is one, as it is in JSON Schema.
struct WholeNumber {
    std::uint64_t least = 0;
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    bool operator()(const Place& place, std::uint64_t& target) const;
};

/// A number between bounds that each belong to the range or do not.
struct Number {
    std::optional<double> least = {}, above = {}, most = {}, below = {};
    bool operator()(const Place& place, double& target) const;
};

/// A name out of an index, in the spelling of the index. `what` says what it should name: "a node".
struct KnownName {
    const NameIndex& names;  ///< borrowed
    std::string what;
    bool operator()(const Place& place, std::string& target) const;
};

/// Refuses a value that is none of the words, and suggests the nearest.
bool refuse_word(const Place& place, const std::vector<std::string>& known);

/// Text that is one of a few words, each with what it means.
template <class T>
struct OneOf {
    std::vector<std::pair<std::string, T>> words;
    bool operator()(const Place& place, T& target) const {
        std::vector<std::string> known;
        for (const auto& [word, meaning] : words) {
            if (place.value().is_string() && place.text() == word) {
                target = meaning;
                return true;
            }
            known.push_back(word);
        }
        return refuse_word(place, known);
    }
};

/// Refuses what is no array and an array that is too short.
bool is_array_of_at_least(const Place& place, std::size_t least);

/// An array whose every element follows `rule`. Elements that do not are left out of the target.
template <class Rule>
struct ListOf {
    Rule rule;
    std::size_t least = 1;
    template <class T>
    bool operator()(const Place& place, std::vector<T>& target) const {
        if (!is_array_of_at_least(place, least)) return false;
        bool good = true;
        for (std::size_t i = 0; i < place.value().size(); ++i) {
            T item{};
            if (rule(place.element(i), item)) {
                target.push_back(std::move(item));
            } else {
                good = false;
            }
        }
        return good;
    }
};
template <class Rule>
ListOf<Rule> list_of(Rule rule, std::size_t least = 1) {
    return {std::move(rule), least};
}

/// An array of texts, none twice (compared after `compare`); a single text stands for an array of
/// one where `single` allows it.
template <class Rule>
struct NamesOf {
    Rule rule;
    NameCase compare = NameCase::exact;
    bool single = false;
    std::size_t least = 1;
    bool operator()(const Place& place, std::vector<std::string>& target) const {
        std::string name;
        if (single && place.value().is_string()) {
            if (!rule(place, name)) return false;
            target.assign(1, name);
            return true;
        }
        if (!is_array_of_at_least(place, least)) return false;
        NameIndex seen(compare);
        bool good = true;
        for (std::size_t i = 0; i < place.value().size(); ++i) {
            const Place element = place.element(i);
            if (!rule(element, name)) {
                good = false;
            } else if (const auto first = seen.add(name)) {
                good = element.refuse("each name once in this list");
            } else {
                target.push_back(name);
            }
        }
        return good;
    }
};
template <class Rule>
NamesOf<Rule> names_of(Rule rule, NameCase compare = NameCase::exact, std::size_t least = 1) {
    return {std::move(rule), compare, false, least};
}
template <class Rule>
NamesOf<Rule> one_or_many(Rule rule, NameCase compare = NameCase::exact, std::size_t least = 1) {
    return {std::move(rule), compare, true, least};
}

}  // namespace faultline::model
