#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json_pointer.h"
#include "model/names.h"
#include "plugin/column_choice.h"
#include "plugin/params.h"

namespace faultline::plugin {

/// Reads the keys of one object of the selection one by one; what is wrong goes to `problems`.
/// Borrows its arguments.
class KeyReader {
  public:
    KeyReader(const Json& params, const Place& place, std::vector<Problem>& problems)
        : params_(params), place_(place), problems_(problems) {}

    void number(const char* key, double low, double high, double& out) {
        if (!params_.contains(key)) return;
        const auto& value = params_[key];
        if (value.is_number() && value.get<double>() >= low && value.get<double>() <= high)
            out = value.get<double>();
        else
            wrong(key, value, fmt::format("a number from {} to {}", low, high));
    }
    void flag(const char* key, bool& out) {
        if (!params_.contains(key)) return;
        if (params_[key].is_boolean())
            out = params_[key].get<bool>();
        else
            wrong(key, params_[key], "true or false");
    }
    void text(const char* key, const char* what, std::string& out) {
        if (!params_.contains(key)) return;
        if (params_[key].is_string() && !params_[key].get_ref<const std::string&>().empty())
            out = params_[key].get<std::string>();
        else
            wrong(key, params_[key], what);
    }
    template <class Enum>
    void choice(const char* key, const std::vector<std::pair<std::string, Enum>>& known, Enum& out,
                const std::vector<std::pair<std::string, std::string>>& also_called = {}) {
        if (!params_.contains(key)) return;
        std::vector<std::string> names;
        for (const auto& [name, value] : known) {
            names.push_back(name);
            if (params_[key] == name) {
                out = value;
                return;
            }
        }
        std::string nearest;
        if (params_[key].is_string()) {
            const auto text = params_[key].get<std::string>();
            nearest = nearest_name(text, names);
            for (const auto& [other, name] : also_called)
                if (model::same_folded(text, other)) nearest = name;
        }
        wrong(key, params_[key], fmt::format("one of {}", fmt::join(names, ", ")), nearest);
    }
    void block_rows(std::optional<std::uint64_t>& out) {
        if (!params_.contains("block_rows")) return;
        const auto& value = params_["block_rows"];
        if (value.is_number_unsigned() && value.get<std::uint64_t>() >= 1 &&
            value.get<std::uint64_t>() <= (std::uint64_t{1} << 40))
            out = value.get<std::uint64_t>();
        else
            wrong("block_rows", value, "a whole number of rows, at least 1");
    }
    void columns(std::vector<ColumnChoice>& out) {
        if (!params_.contains("columns")) return;
        const auto& value = params_["columns"];
        const auto at = pointer_to(place_.pointer, "columns");
        if (!value.is_array()) return column(value, at, out);
        if (value.empty()) wrong("columns", value, "at least one column");
        for (std::size_t i = 0; i < value.size(); ++i) column(value[i], pointer_to(at, i), out);
    }
    void wrong(const std::string& key, const Json& found, const std::string& expected,
               const std::string& nearest = {}) {
        problems_.push_back(
            {place_.file, pointer_to(place_.pointer, key), found.dump(), expected, nearest});
    }
    [[nodiscard]] bool has(const char* key) const { return params_.contains(key); }
    [[nodiscard]] const Json& at(const char* key) const { return params_[key]; }

  private:
    void column(const Json& item, const std::string& at, std::vector<ColumnChoice>& out) {
        using Kind = ColumnChoice::Kind;
        if (item.is_string() && !item.get_ref<const std::string&>().empty()) {
            out.push_back({Kind::name, item.get<std::string>()});
            return;
        }
        if (item.is_object() && item.size() == 1 && item.begin()->is_string()) {
            const auto text = item.begin()->get<std::string>();
            if (item.begin().key() == "match" && !text.empty()) {
                out.push_back({Kind::match, text});
                return;
            }
            const auto& types = column_types();
            if (item.begin().key() == "type") {
                if (std::find(types.begin(), types.end(), text) != types.end()) {
                    out.push_back({Kind::type, text});
                    return;
                }
                problems_.push_back({place_.file, pointer_to(at, "type"), item.begin()->dump(),
                                     fmt::format("one of {}", fmt::join(types, ", ")),
                                     nearest_name(text, types)});
                return;
            }
        }
        problems_.push_back({place_.file, at, item.dump(),
                             R"(a column's name, {"match": "amt_*"} or {"type": "numeric"})", ""});
    }

    const Json& params_;
    const Place& place_;
    std::vector<Problem>& problems_;
};

}  // namespace faultline::plugin
