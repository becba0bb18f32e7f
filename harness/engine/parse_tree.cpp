#include "engine/parse_tree.h"

#include <memory>
#include <set>

#include "engine/pins.h"
#include "model/names.h"

namespace faultline::engine {
namespace {

using nlohmann::json;

std::string text_at(const json& node, const char* key) {
    const auto found = node.find(key);
    return found != node.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The CTE names in sight, innermost first.
struct Scope {
    std::string name;
    std::shared_ptr<const Scope> outer;
};
using ScopePtr = std::shared_ptr<const Scope>;

bool in_sight(const Scope* scope, const std::string& lower_name) {
    for (; scope != nullptr; scope = scope->outer.get())
        if (scope->name == lower_name) return true;
    return false;
}

/// Walks the tree depth-first in the order of the text. DuckDB refuses to parse what is nested
/// deeper than a thousand levels, so plain recursion is safe.
class Walker {
  public:
    explicit Walker(Statement& statement) : statement_(statement) {}

    void walk(const json& node, const ScopePtr& scope) {
        if (node.is_array()) {
            for (const auto& child : node) walk(child, scope);
        } else if (node.is_object()) {
            walk_object(node, scope);
        }
    }

  private:
    void walk_object(const json& node, ScopePtr scope) {
        const std::string type = text_at(node, "type");
        if (const auto ctes = node.find("cte_map"); ctes != node.end())
            scope = walk_ctes(*ctes, scope);
        if (type == "RECURSIVE_CTE_NODE") {
            walk(node.value("left", json()), scope);
            const auto own = std::make_shared<const Scope>(
                Scope{model::fold_case(text_at(node, "cte_name")), scope});
            walk(node.value("right", json()), own);
            return;
        }
        note(node, type, scope.get());
        for (const auto& [key, child] : node.items()) {
            if (key == "cte_map") continue;
            // Stands in the map of this node as well.
            if (type == "CTE_NODE" && key == "query") continue;
            walk(child, scope);
        }
    }

    ScopePtr walk_ctes(const json& ctes, ScopePtr scope) {
        const auto map = ctes.find("map");
        if (map == ctes.end() || !map->is_array()) return scope;
        for (const auto& entry : *map) {
            walk(entry.value("value", json()), scope);
            scope = std::make_shared<const Scope>(
                Scope{model::fold_case(text_at(entry, "key")), scope});
        }
        return scope;
    }

    void note(const json& node, const std::string& type, const Scope* scope) {
        if (type == "BASE_TABLE") {
            note_table(node, scope);
        } else if (type == "TABLE_FUNCTION") {
            const auto call = node.find("function");
            if (call != node.end()) add(statement_.table_functions, qualified_function(*call));
        } else if (type == "SHOW_REF") {
            // SHOW TABLES and its kin read the catalogue; DESCRIBE and SUMMARIZE of a query read
            // that.
            if (!node.contains("query") || node["query"].is_null())
                add(statement_.table_functions, "show");
        } else if (type == "COLUMN_REF") {
            const auto names = node.find("column_names");
            if (names == node.end() || names->size() != 1 || !names->front().is_string()) return;
            const std::string name = model::fold_case(names->front().get<std::string>());
            if (is_keyword_function(name)) add(statement_.functions, name);
        }
        if (node.contains("function_name") && !node.value("is_operator", false))
            add(statement_.functions, qualified_function(node));
        if (const auto sample = node.find("sample"); sample != node.end() && sample->is_object()) {
            const auto seed = sample->find("seed");
            if (seed == sample->end() || !seed->is_number_integer() ||
                seed->get<std::int64_t>() < 0)
                add(statement_.functions, "tablesample");
        }
    }

    void note_table(const json& node, const Scope* scope) {
        const std::string name = text_at(node, "table_name");
        const std::string schema = text_at(node, "schema_name");
        const std::string catalog = text_at(node, "catalog_name");
        if (schema.empty() && catalog.empty()) {
            if (!in_sight(scope, model::fold_case(name))) add(statement_.tables, name);
            return;
        }
        // "recurring.r" is how a recursive CTE with USING KEY names all of itself.
        if (model::fold_case(schema) == "recurring" && in_sight(scope, model::fold_case(name)))
            return;
        add(statement_.tables, (catalog.empty() ? "" : catalog + ".") + schema + "." + name);
    }

    static std::string qualified_function(const json& call) {
        const std::string name = model::fold_case(text_at(call, "function_name"));
        const std::string schema = model::fold_case(text_at(call, "schema"));
        const std::string catalog = model::fold_case(text_at(call, "catalog"));
        // The parser itself writes "main" for what it makes of [1, 2] and the like.
        if (catalog.empty() && (schema.empty() || schema == "main")) return name;
        return (catalog.empty() ? "" : catalog + ".") + schema + "." + name;
    }

    void add(std::vector<std::string>& list, const std::string& name) {
        if (name.empty() || !seen_.insert({&list, model::fold_case(name)}).second) return;
        list.push_back(name);
    }

    Statement& statement_;
    std::set<std::pair<const void*, std::string>> seen_;
};

}  // namespace

void read_parse_tree(const json& tree, Statement& statement) {
    Walker(statement).walk(tree, nullptr);
}

}  // namespace faultline::engine
