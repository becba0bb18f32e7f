#include "run/expectations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/error.h"
#include "model/names.h"

namespace faultline::run {
namespace {

/// `{column} <condition>` for every column, joined; "{}" in the condition is the quoted column.
std::string any_of(const std::vector<std::string>& columns, const engine::Dialect& dialect,
                   const std::string& condition) {
    std::string text;
    for (const auto& column : columns) {
        text += text.empty() ? "" : " or ";
        text += fmt::format(fmt::runtime(condition), dialect.quote(column));
    }
    return text;
}

std::string column_list(const std::vector<std::string>& columns, const engine::Dialect& dialect) {
    std::string text;
    for (const auto& column : columns) text += (text.empty() ? "" : ", ") + dialect.quote(column);
    return text;
}

std::string value_list(const model::Json& values, const engine::Dialect& dialect) {
    std::string text;
    for (const auto& value : values) {
        text += text.empty() ? "" : ", ";
        if (value.is_string()) {
            text += dialect.literal(value.get<std::string>());
        } else if (value.is_number_float()) {
            text += dialect.literal(value.get<double>());
        } else {
            text += value.dump();  // integers, true and false are SQL as they stand
        }
    }
    return text;
}

std::string replace_all(std::string text, const std::string& what, const std::string& with) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

std::string row_count_sql(const model::Check& check, const std::string& from) {
    std::string outside;
    if (check.min) outside += fmt::format("n < {}", *check.min);
    if (check.max) outside += fmt::format("{}n > {}", outside.empty() ? "" : " or ", *check.max);
    return fmt::format("select n from (select count(*) as n from {}) where {}", from, outside);
}

std::string range_sql(const model::Check& check, const std::string& from,
                      const engine::Dialect& dialect) {
    std::string condition;
    // The column is on the left, so that an engine with zone maps can use it.
    if (check.min) condition += "{0} < " + dialect.literal(*check.min);
    if (check.max)
        condition +=
            (condition.empty() ? "" : " or ") + std::string("{0} > ") + dialect.literal(*check.max);
    return fmt::format("select * from {} where {}", from,
                       any_of(check.columns, dialect, condition));
}

}  // namespace

std::string failing_rows_sql(const model::Check& check, const std::string& node,
                             const std::string& to, const engine::Dialect& dialect) {
    const std::string from = dialect.quote(node);
    if (!check.expectation) {
        std::string text = check.sql;
        while (!text.empty() &&
               (std::isspace(static_cast<unsigned char>(text.back())) || text.back() == ';'))
            text.pop_back();
        return replace_all(std::move(text), "{node}", from);
    }
    switch (*check.expectation) {
        case model::Expectation::not_null:
            return fmt::format("select * from {} where {}", from,
                               any_of(check.columns, dialect, "{0} is null"));
        case model::Expectation::unique: {
            // NULLs are missing, not equal: not_null is the check for them.
            std::string present;
            for (const auto& column : check.columns)
                present +=
                    (present.empty() ? "" : " and ") + dialect.quote(column) + " is not null";
            const std::string columns = column_list(check.columns, dialect);
            return fmt::format("select {0} from {1} where {2} group by {0} having count(*) > 1",
                               columns, from, present);
        }
        case model::Expectation::accepted_values:
            return fmt::format(
                "select * from {} where {}", from,
                any_of(check.columns, dialect,
                       "{0} not in (" +
                           replace_all(replace_all(value_list(check.values, dialect), "{", "{{"),
                                       "}", "}}") +
                           ")"));
        case model::Expectation::relationships: {
            const std::string column = dialect.quote(check.columns.front());
            return fmt::format(
                "select c.* from {0} as c where c.{1} is not null and not exists "
                "(select 1 from {2} as p where p.{3} = c.{1})",
                from, column, dialect.quote(to), dialect.quote(check.field));
        }
        case model::Expectation::row_count:
            return row_count_sql(check, from);
        case model::Expectation::range:
            return range_sql(check, from, dialect);
        case model::Expectation::columns:
            return fmt::format("select * from {}", from);
    }
    throw Error(ErrorKind::internal, "unknown expectation");
}

std::string broken_contract(const std::vector<model::ColumnSpec>& contract,
                            const engine::Schema& actual,
                            const std::vector<std::string>& contract_types) {
    for (std::size_t i = 0; i < contract.size(); ++i) {
        const auto found =
            std::find_if(actual.begin(), actual.end(), [&](const engine::Column& column) {
                return model::same_folded(column.name, contract[i].name);
            });
        if (found == actual.end())
            return fmt::format("the column \"{}\" is missing", contract[i].name);
        if (!contract[i].type.empty() && found->type != contract_types[i])
            return fmt::format("the column \"{}\" is {}, not {}", contract[i].name, found->type,
                               contract_types[i]);
    }
    return {};
}

}  // namespace faultline::run
