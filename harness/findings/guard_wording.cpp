#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "findings/guard_candidates.h"

namespace faultline::findings {
namespace {

using model::Json;

std::string plain_number(double value) {
    return value == std::floor(value) && std::abs(value) < 1e15 ? fmt::format("{:.0f}", value)
                                                                : fmt::format("{}", value);
}

/// Whole numbers as such: nobody writes "min": 100.0.
Json plain_json(double value) {
    if (value == std::floor(value) && std::abs(value) < 1e15)
        return static_cast<std::int64_t>(value);
    return value;
}

/// An instant as a literal of the column's type.
std::string moment_text(double seconds, const std::string& type) {
    const auto whole = static_cast<std::time_t>(std::floor(seconds));
    std::tm parts{};
    gmtime_r(&whole, &parts);
    std::string text =
        fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
    if (type.rfind("DATE", 0) != 0 || type == "DATETIME")
        text += fmt::format(" {:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
    return text;
}

const journal::ColumnProfile& column_of(const Profiles& profiles, const Candidate& candidate) {
    return profiles.nodes[candidate.statistic.node]->columns[*candidate.statistic.column];
}

std::string in_words(const std::string& statistic) {
    if (statistic == "q05") return "5 % quantile";
    if (statistic == "q25") return "first quartile";
    if (statistic == "q50") return "median";
    if (statistic == "q75") return "third quartile";
    if (statistic == "q95") return "95 % quantile";
    if (statistic == "std") return "standard deviation";
    if (statistic == "null_rate") return "share of empty values";
    if (statistic == "distinct") return "number of different values";
    return statistic;
}

/// The number that a guard of a band asks for, as SQL.
std::string sql_of(const Profiles& profiles, const Candidate& candidate) {
    const auto& column = column_of(profiles, candidate);
    const auto found = column.sql.find(candidate.statistic.name);
    return found == column.sql.end() ? "" : found->second;
}

}  // namespace

Json check_of(const Profiles& profiles, const Candidate& candidate, const Margins& margins) {
    const auto& node = *profiles.nodes[candidate.statistic.node];
    Json check = {{"node", node.node}};
    const double low = candidate.base_low - margins.below;
    const double high = candidate.base_high + margins.above;
    const auto expect = [&](const char* what) { check["expect"] = what; };
    const auto columns = [&] {
        check["columns"] = Json::array({column_of(profiles, candidate).name});
    };
    if (candidate.kind == "columns") {
        expect("columns");
        check["contract"] = Json::object();
        for (const auto& column : node.columns) check["contract"][column.name] = column.type;
    } else if (candidate.kind == "row_count") {
        expect("row_count");
        check["min"] = plain_json(std::max(0.0, low));
        check["max"] = plain_json(high);
    } else if (candidate.kind == "unique") {
        expect("unique");
        check["columns"] = candidate.key;
    } else if (candidate.kind == "not_null") {
        expect("not_null");
        columns();
    } else if (candidate.kind == "accepted_values") {
        expect("accepted_values");
        columns();
        check["values"] = column_of(profiles, candidate).values;
    } else if (candidate.kind == "relationships") {
        expect("relationships");
        columns();
        check["to"] = candidate.to;
        check["field"] = candidate.field;
    } else if (candidate.kind == "range") {
        expect("range");
        columns();
        check["min"] = plain_json(low);
        check["max"] = plain_json(high);
    } else if (candidate.kind == "freshness") {
        const auto& column = column_of(profiles, candidate);
        check["sql"] = fmt::format(
            "select v from (select {} as v from {{node}}) where v is null or v < cast('{}' as {})",
            sql_of(profiles, candidate), moment_text(low, column.type), column.type);
    } else {
        // A number that is out of range, that is none (NaN is greater than all), or missing.
        check["sql"] = fmt::format(
            "select v from (select {} as v from {{node}}) where v is null or v < {} or v > {}",
            sql_of(profiles, candidate), plain_number(low), plain_number(high));
    }
    return check;
}

std::string text_of(const Profiles& profiles, const Candidate& candidate, const Margins& margins) {
    const std::string& node = profiles.nodes[candidate.statistic.node]->node;
    const std::string low = plain_number(candidate.base_low - margins.below);
    const std::string high = plain_number(candidate.base_high + margins.above);
    if (candidate.kind == "columns") return fmt::format("columns of {} and their types", node);
    if (candidate.kind == "row_count")
        return fmt::format("rows of {} between {} and {}", node, low[0] == '-' ? "0" : low, high);
    if (candidate.kind == "unique") return fmt::format("key of {} unique", node);
    const auto& column = column_of(profiles, candidate);
    if (candidate.kind == "not_null") return fmt::format("{} in {} never empty", column.name, node);
    if (candidate.kind == "accepted_values")
        return fmt::format("{} in {} one of {} known values", column.name, node,
                           column.values.size());
    if (candidate.kind == "relationships")
        return fmt::format("{} in {} known to {}", column.name, node, candidate.to);
    if (candidate.kind == "range")
        return fmt::format("every {} in {} between {} and {}", column.name, node, low, high);
    if (candidate.kind == "freshness")
        return fmt::format("latest {} in {} not before {}", column.name, node,
                           moment_text(candidate.base_low - margins.below, column.type));
    return fmt::format("{} of {} in {} between {} and {}", in_words(candidate.statistic.name),
                       column.name, node, low, high);
}

}  // namespace faultline::findings
