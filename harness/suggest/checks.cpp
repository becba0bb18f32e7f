#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "model/utf8.h"
#include "suggest/measured.h"
#include "suggest/wording.h"

namespace faultline::suggest {
namespace {

Json check(const Subject& subject, const std::string& what, const std::string& expect) {
    return {{"id", model::printable(subject.name + "_" + what, 110)},
            {"node", subject.name},
            {"expect", expect}};
}

/// Is the key what a key should be, today? Of several columns that is not known here.
bool key_holds(const Subject& subject) {
    if (subject.key.size() != 1) return false;
    const auto* column = subject.profile.find(subject.key[0]);
    return column != nullptr && column->identifies();
}

void check_key(const Subject& subject, std::vector<Item>& items) {
    if (!key_holds(subject)) return;
    const Json columns = subject.key;
    const auto why =
        subject.key_declared
            ? std::string("the declared key")
            : fmt::format("every row has its own {}: it looks like the key", named(subject.key[0]));
    auto present = check(subject, "key_present", "not_null");
    present["columns"] = columns;
    items.push_back({std::move(present), why});
    auto unique = check(subject, "key_unique", "unique");
    unique["columns"] = columns;
    items.push_back({std::move(unique), ""});
}

void check_rows(const Subject& subject, std::vector<Item>& items) {
    const auto rows = subject.profile.rows;
    if (rows == 0) return;
    auto body = check(subject, "row_count", "row_count");
    body["min"] = static_cast<std::int64_t>(std::floor(static_cast<double>(rows) * 0.8));
    body["max"] = static_cast<std::int64_t>(std::ceil(static_cast<double>(rows) * 1.2));
    items.push_back(
        {std::move(body), fmt::format("{} today, a fifth more or less", counted(rows, "row"))});
}

void check_references(const Subject& subject, std::vector<Item>& items) {
    for (const auto& reference : subject.references) {
        if (reference.unmatched > 0) continue;  // it would fire as things are
        auto body = check(subject, reference.column + "_known", "relationships");
        body["columns"] = Json::array({reference.column});
        body["to"] = reference.to;
        body["field"] = reference.field;
        items.push_back({std::move(body),
                         fmt::format("every {} is found in {} of {} today", named(reference.column),
                                     named(reference.field), named(reference.to))});
    }
}

}  // namespace

std::vector<Item> checks_of(const std::vector<Subject>& subjects) {
    std::vector<Item> items;
    std::set<std::string> ids;
    for (const auto& subject : subjects) {
        std::vector<Item> own;
        check_key(subject, own);
        check_references(subject, own);
        check_rows(subject, own);
        for (auto& item : own) {
            const auto id = item.body["id"].get<std::string>();
            auto unique = id;
            for (int n = 2; !ids.insert(unique).second; ++n) unique = id + "_" + std::to_string(n);
            item.body["id"] = unique;
            items.push_back(std::move(item));
        }
    }
    return items;
}

}  // namespace faultline::suggest
