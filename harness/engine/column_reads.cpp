#include "engine/column_reads.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "engine/computed_names.h"
#include "engine/unfailing.h"
#include "model/names.h"

namespace faultline::engine {
namespace {

using Json = nlohmann::json;
using Found = std::map<std::string, std::set<std::string>>;

/// False where a scan says something else than which columns it reads.
bool look_at(const Json& node, const ColumnReads::Relations& relations, Found& found) {
    const Json& about = node.at("extra_info");
    if (about.is_object() && about.contains("Table")) {
        // A filter inside the scan may read columns that are not among those it hands on.
        if (const auto filters = about.find("Filters");
            filters != about.end() && filters->is_string() && !filters->get<std::string>().empty())
            return false;
        std::string table = about.at("Table").get<std::string>();
        if (const auto dot = table.rfind('.');
            !relations.contains(table) && dot != std::string::npos)
            table = table.substr(dot + 1);
        const auto relation = relations.find(table);
        if (relation == relations.end()) return false;
        auto& columns = found[table];
        const auto add = [&](const Json& column) {
            const auto name = column.get<std::string>();
            if (name.empty()) return true;
            for (const auto& known : relation->second)
                if (known.name == name) {
                    columns.insert(name);
                    return true;
                }
            return false;
        };
        const auto projected = about.find("Projections");
        if (projected != about.end() && projected->is_string() && !add(*projected)) return false;
        if (projected != about.end() && projected->is_array())
            for (const auto& column : *projected)
                if (!add(column)) return false;
    }
    for (const auto& child : node.at("children"))
        if (!look_at(child, relations, found)) return false;
    return true;
}

EngineOptions without_data(const std::string& now) {
    EngineOptions options;
    options.now = now;
    return options;
}

}  // namespace

ColumnReads::ColumnReads(const std::string& now)
    : engine_(open_duckdb(without_data(now))), connection_(engine_->connect()) {
    connection_->execute(
        "SET disabled_optimizers = 'statistics_propagation,empty_result_pullup,filter_pushdown,"
        "filter_pullup,cte_filter_pusher,join_filter_pushdown,late_materialization,"
        "compressed_materialization,top_n'");
    connection_->execute("SET explain_output = 'physical_only'");
}

std::set<std::string> ColumnReads::handed_on(const std::string& select, const Schema& result) {
    std::set<std::string> plain;
    try {
        const Json top = top_select(select);
        if (top.is_null()) return {};
        const ComputedNames computed(top);
        if (!computed.known()) return {};
        bool star = false;
        std::map<std::string, bool> named;  // by result's name: a column as it is
        for (const auto& item : top.at("select_list")) {
            const auto alias = item.value("alias", "");
            if (item.at("class") == "STAR") {
                star = true;
            } else if (item.at("class") == "COLUMN_REF") {
                const auto source = item.at("column_names").back().get<std::string>();
                named[model::fold_case(alias.empty() ? source : alias)] = !computed.has(source);
            }
        }
        for (const auto& column : result) {
            const auto known = named.find(model::fold_case(column.name));
            const bool simple =
                std::all_of(column.name.begin(), column.name.end(),
                            [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
            if (known != named.end() ? known->second : star && simple && !computed.has(column.name))
                plain.insert(column.name);
        }
    } catch (const Json::exception&) {  // another form of tree than the one that is known
        return {};
    }
    return plain;
}

std::set<std::string> ColumnReads::unfailing(const std::string& select, const Relations& relations,
                                             const Schema& result) {
    std::set<std::string> sure = handed_on(select, result);
    try {
        const Json top = top_select(select);
        if (!top.is_null()) sure.merge(unfailing_columns(top, relations, result));
    } catch (const Json::exception&) {
    }
    return sure;
}

nlohmann::json ColumnReads::top_select(const std::string& select) {
    try {
        const Rows rows = connection_->query("SELECT json_serialize_sql(" +
                                             engine_->dialect().literal(select) + ")");
        const Json tree = Json::parse(std::get<std::string>(rows.rows.at(0).at(0)));
        Json top = tree.at("statements").at(0).at("node");
        return top.at("type") == "SELECT_NODE" ? top : Json();
    } catch (const Error& error) {  // a text that does not serialise
        if (error.kind() != ErrorKind::data) throw;
        return {};
    }
}

std::optional<Found> ColumnReads::of(const std::string& select, const Relations& relations) {
    const Dialect& dialect = engine_->dialect();
    try {
        for (const auto& [name, columns] : relations) {
            std::string list;
            for (const auto& column : columns)
                list += fmt::format("{}{} {}", list.empty() ? "" : ", ", dialect.quote(column.name),
                                    column.type);
            std::string& there = there_[name];
            if (there == list) continue;
            there.clear();
            connection_->execute(
                fmt::format("CREATE OR REPLACE TABLE {} ({})", dialect.quote(name), list));
            there = list;
        }
        const Rows rows = connection_->query("EXPLAIN (FORMAT json) " + select);
        const auto plan = Json::parse(std::get<std::string>(rows.rows.at(0).at(1)));
        Found found;
        for (const auto& root : plan)
            if (!look_at(root, relations, found)) return std::nullopt;
        return found;
    } catch (const Error& error) {
        // A type without a name, a text that the planner wants data for.
        if (error.kind() != ErrorKind::data) throw;
    } catch (const Json::exception&) {  // another form of plan than the one that is known
    } catch (const std::bad_variant_access&) {
    }
    return std::nullopt;
}

}  // namespace faultline::engine
