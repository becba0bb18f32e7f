#include "engine/computed_names.h"

#include "model/names.h"

namespace faultline::engine {

namespace {

using Json = nlohmann::json;

}  // namespace

void ComputedNames::look_at(const Json& node) {
    if (node.is_array())
        for (const auto& item : node) look_at(item);
    if (!node.is_object()) return;
    const auto type = node.value("type", Json());
    if (type == "TABLE_FUNCTION" || type == "EXPRESSION_LIST" || type == "PIVOT") known_ = false;
    for (const auto& [key, value] : node.items()) {
        if (key == "column_name_alias" && !value.empty()) known_ = false;
        if (key == "aliases" && !value.empty()) known_ = false;
        if (key == "select_list") note(value, &node == top_);
        if (key == "replace_list" || key == "rename_list")
            for (const auto& item : value)
                inside_.insert(model::fold_case(item.at("key").is_string()
                                                    ? item.at("key").get<std::string>()
                                                    : item.at("key").dump()));
        look_at(value);
    }
}

void ComputedNames::note(const Json& list, bool top) {
    for (const auto& item : list) {
        const bool plain = item.at("class") == "COLUMN_REF" || item.at("class") == "STAR";
        const auto alias = item.value("alias", "");
        if (alias.empty() || (plain && top)) continue;
        (top ? here_ : inside_).insert(model::fold_case(alias));
    }
}

}  // namespace faultline::engine
