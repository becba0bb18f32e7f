#include "engine/load_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/error.h"
#include "engine/source_sql.h"
#include "model/names.h"

namespace faultline::engine {
namespace {

namespace fs = std::filesystem;

constexpr const char* reserved_prefix = "__fl_";

std::string named(const std::vector<fs::path>& files) {
    return files.front().string() +
           (files.size() > 1 ? fmt::format(" and {} more", files.size() - 1) : "");
}

/// The engine's words about the user's file are the user's problem, not a failed node.
template <typename Call>
auto blaming(const std::string& what, const Call& call) {
    try {
        return call();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        throw Error(ErrorKind::user, "cannot read " + what + ": " + error.what());
    }
}

void check_generating_sql(const SqlEngine& engine, const std::string& sql) {
    const Statement statement = engine.inspect(sql);
    const auto refuse = [](const std::string& why) {
        throw Error(ErrorKind::user, "the source's SQL " + why);
    };
    if (!statement.error.empty() && !statement.is_select) refuse("is refused: " + statement.error);
    if (statement.count != 1)
        refuse(fmt::format("holds {} statements; one SELECT is expected", statement.count));
    if (!statement.is_select) refuse("is not a SELECT");
    if (!statement.parsed) refuse("cannot be checked: give its PIVOT an IN list");
    if (!statement.tables.empty())
        refuse("reads " + statement.tables.front() +
               "; a source that generates its rows reads no table and no file");
    for (const auto& function : statement.table_functions)
        if (!engine.allows_table_function(function))
            refuse("calls " + function + "(), which may reach outside the database");
}

/// Stated columns must be there: a typo would else leave a column untyped without a word.
void check_columns(const model::Source& source, const Schema& schema, const std::string& what) {
    std::vector<std::string> names;
    for (const auto& column : schema) names.push_back(column.name);
    for (const auto& column : source.columns) {
        if (std::any_of(names.begin(), names.end(),
                        [&](const auto& name) { return model::same_folded(name, column.name); }))
            continue;
        const std::string nearest = nearest_name(column.name, names);
        throw Error(ErrorKind::user,
                    fmt::format("{} has no column \"{}\"; it has {}{}", what, column.name,
                                fmt::join(names, ", "),
                                nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
    }
}

void check_names(const Schema& schema, const std::string& what) {
    for (const auto& column : schema) {
        if (model::same_folded(column.name.substr(0, std::string_view(reserved_prefix).size()),
                               reserved_prefix))
            throw Error(
                ErrorKind::user,
                fmt::format("{} has a column \"{}\"; names that begin with {} are faultline's own",
                            what, column.name, reserved_prefix));
    }
}

}  // namespace

std::vector<std::string> find_files(Connection& connection, const Dialect& dialect,
                                    const std::string& path, const fs::path& folder) {
    const fs::path anchored = (folder / path).lexically_normal();
    std::error_code ignored;
    if (fs::is_directory(anchored, ignored))
        throw Error(ErrorKind::user, path + " is a folder (" + anchored.string() +
                                         "); name files in it, as in " + path + "/*.csv");
    if (fs::exists(anchored, ignored)) return {anchored.string()};
    const Rows found =
        connection.query("SELECT file FROM glob(" + dialect.literal(anchored.string()) + ")");
    if (found.rows.empty())
        throw Error(ErrorKind::user,
                    "no file matches " + path + " (looked for " + anchored.string() + ")");
    std::vector<std::string> files;
    for (const auto& row : found.rows) files.push_back(std::get<std::string>(row.front()));
    return files;
}

std::vector<fs::path> find_files(Connection& connection, const Dialect& dialect,
                                 const model::Source& source, const fs::path& folder) {
    std::set<std::string> files;
    for (const auto& path : source.paths)
        for (auto& file : find_files(connection, dialect, path, folder))
            files.insert(std::move(file));
    if (files.empty()) throw Error(ErrorKind::user, "the source names no file");
    return {files.begin(), files.end()};
}

void load_source_into(const SqlEngine& engine, Connection& connection, const model::Source& source,
                      const fs::path& folder, const std::string& table,
                      const std::string& order_by) {
    const Dialect& dialect = engine.dialect();
    std::string select;
    std::string what;
    if (!source.sql.empty()) {
        check_generating_sql(engine, source.sql);
        what = "the source's SQL";
        select = "SELECT * FROM (\n" + source.sql + "\n)";
        const Schema schema = blaming(what, [&] { return connection.describe(select); });
        check_columns(source, schema, what);
        select = cast_columns_sql(dialect, source, select);
    } else {
        const auto files = find_files(connection, dialect, source, folder);
        what = named(files);
        const std::string plain = read_files_sql(dialect, source, files, false);
        check_columns(source, blaming(what, [&] { return connection.describe(plain); }), what);
        select = source.format == model::FileFormat::csv
                     ? read_files_sql(dialect, source, files, true)
                     : cast_columns_sql(dialect, source, plain);
    }
    check_names(blaming(what, [&] { return connection.describe(select); }), what);
    if (!order_by.empty()) select = "SELECT * FROM (\n" + select + "\n) ORDER BY " + order_by;
    blaming(what, [&] { connection.execute(dialect.create_table_as(table, select)); });
}

}  // namespace faultline::engine
