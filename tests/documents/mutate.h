#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "core/json_pointer.h"
#include "corpus.h"

/// Random damage to documents. To be called inside a RapidCheck property.
namespace corpus {

/// Pointers to every member and element of a tree.
inline void all_places(const Json& value, const std::string& pointer,
                       std::vector<std::string>& places) {
    const auto visit = [&places](const Json& child, const std::string& at) {
        places.push_back(at);
        all_places(child, at, places);
    };
    if (value.is_object())
        for (const auto& [key, member] : value.items())
            visit(member, faultline::pointer_to(pointer, key));
    if (value.is_array())
        for (std::size_t i = 0; i < value.size(); ++i)
            visit(value[i], faultline::pointer_to(pointer, i));
}

/// What some key somewhere might take, and most must not.
inline Json odd_value() {
    static const std::vector<Json> values = {nullptr,
                                             true,
                                             0,
                                             -1,
                                             0.5,
                                             1e300,
                                             9223372036854775807,
                                             "",
                                             "orders",
                                             "60s",
                                             "{out}",
                                             "a.csv",
                                             "pipeline/1",
                                             "not_null",
                                             "{in:orders}",
                                             Json::array(),
                                             Json::array({1}),
                                             Json::array({"orders"}),
                                             Json::object(),
                                             {{"path", "b.json"}}};
    return *rc::gen::elementOf(values);
}

/// Deletes, replaces, renames or copies one piece.
inline void mutate_tree(Json& document) {
    std::vector<std::string> places;
    all_places(document, "", places);
    if (places.empty()) return;
    const Json::json_pointer at(*rc::gen::elementOf(places));
    const Json::json_pointer other(*rc::gen::elementOf(places));
    static const std::vector<std::string> keys = {"key",    "sql", "source",  "Orders",
                                                  "expect", "min", "columns", "node"};
    Json& parent = document.at(at.parent_pointer());
    switch (*rc::gen::inRange(0, 4)) {
        case 0:
            if (parent.is_object()) {
                parent.erase(at.back());
            } else {
                parent.erase(std::stoul(at.back()));
            }
            break;
        case 1:
            document[at] = odd_value();
            break;
        case 2:
            if (parent.is_object()) {
                Json value = parent.at(at.back());
                parent.erase(at.back());
                parent[*rc::gen::elementOf(keys)] = std::move(value);
            }
            break;
        default: {
            const Json copy = document.at(other);
            document[at] = copy;
        }
    }
}

/// Truncates, flips a byte, repeats or removes a piece.
inline void mutate_text(std::string& text) {
    if (text.empty()) return;
    const auto position = *rc::gen::inRange<std::size_t>(0, text.size());
    switch (*rc::gen::inRange(0, 4)) {
        case 0:
            text.resize(position);
            break;
        case 1:
            text[position] = static_cast<char>(*rc::gen::inRange(0, 256));
            break;
        case 2: {
            const std::string piece = text.substr(position, *rc::gen::inRange<std::size_t>(0, 60));
            text.insert(*rc::gen::inRange<std::size_t>(0, text.size()), piece);
            break;
        }
        default:
            text.erase(position, *rc::gen::inRange<std::size_t>(1, 30));
    }
}

}  // namespace corpus
