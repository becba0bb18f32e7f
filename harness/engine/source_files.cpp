#include "engine/source_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "core/error.h"
#include "engine/engine.h"
#include "engine/load_source.h"
#include "engine/source_sql.h"
#include "model/names.h"

namespace faultline::engine {
namespace {

namespace fs = std::filesystem;

/// The sniffer's word for "there is none".
std::string or_nothing(const Value& value) {
    const auto* text = std::get_if<std::string>(&value);
    return text == nullptr || *text == "(empty)" ? "" : *text;
}

bool has_byte(const fs::path& file, char byte) {
    std::ifstream in(file, std::ios::binary);
    std::vector<char> block(1 << 16);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0)
        if (std::find(block.begin(), block.begin() + in.gcount(), byte) !=
            block.begin() + in.gcount())
            return true;
    return false;
}

bool is_compressed(const fs::path& file) {
    const auto extension = model::fold_case(file.extension().string());
    return extension == ".gz" || extension == ".zst";
}

CsvLook look_at(Connection& connection, const Dialect& dialect, const model::Source& source,
                const fs::path& file) {
    const auto sniffed =
        fmt::format("sniff_csv({}, sample_size = {}{})", dialect.literal(file.string()),
                    source.reader == model::Reader::frozen ? "-1" : "20480",
                    csv_arguments(dialect, source, true));
    CsvLook look;
    try {
        const auto found = connection
                               .query(fmt::format("SELECT \"Delimiter\", \"Quote\", \"Escape\", "
                                                  "\"Comment\", CAST(\"SkipRows\" AS BIGINT), "
                                                  "\"HasHeader\", \"DateFormat\", "
                                                  "\"TimestampFormat\" FROM {}",
                                                  sniffed))
                               .rows.at(0);
        look.delimiter = or_nothing(found[0]);
        look.quote = or_nothing(found[1]);
        look.escape = or_nothing(found[2]);
        look.comment = or_nothing(found[3]);
        look.skip = static_cast<std::uint64_t>(std::get<std::int64_t>(found[4]));
        look.header = std::get<bool>(found[5]);
        look.date_format = or_nothing(found[6]);
        look.timestamp_format = or_nothing(found[7]);
        for (const auto& column :
             connection
                 .query(fmt::format("SELECT c.\"name\", c.\"type\" FROM (SELECT "
                                    "unnest(\"Columns\") AS c FROM {})",
                                    sniffed))
                 .rows)
            look.columns.push_back(
                {std::get<std::string>(column[0]), std::get<std::string>(column[1])});
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        throw Error(ErrorKind::user,
                    fmt::format("cannot say how {} is written: {}", file.string(), error.what()));
    }
    // A file in which nothing is quoted was read without a quote. Readers that are told nothing
    // expect one, and a damaged copy may hold one.
    if (look.quote.empty() && !source.csv.contains("quote") && !is_compressed(file) &&
        !has_byte(file, '"'))
        look.quote = look.escape = "\"";
    return look;
}

std::string text_argument(const Dialect& dialect, const char* name, const std::string& value) {
    return fmt::format(", {} = {}", name, dialect.literal(value));
}

/// The document's options that say nothing about what the survey has found.
std::string other_arguments(const Dialect& dialect, const model::Source& source) {
    model::Source rest;
    for (const char* key : {"null", "encoding", "decimal_separator"})
        if (source.csv.contains(key)) rest.csv[key] = source.csv[key];
    return csv_arguments(dialect, rest, false);
}

/// One file of its own columns, cast to the types that all files together were given.
std::string frozen_csv_sql(const Dialect& dialect, const model::Source& source,
                           const SourceFiles& survey, const CsvLook& look, const fs::path& copy) {
    std::string columns, casts;
    for (const auto& column : look.columns) {
        columns += fmt::format("{}{}: {}", columns.empty() ? "" : ", ",
                               dialect.literal(column.name), dialect.literal(column.type));
        const auto same =
            std::find_if(survey.table.begin(), survey.table.end(),
                         [&](const auto& c) { return model::same_folded(c.name, column.name); });
        const auto name = dialect.quote(column.name);
        casts += fmt::format("{}{} AS {}", casts.empty() ? "" : ", ",
                             same == survey.table.end() ? name : dialect.cast(name, same->type),
                             same == survey.table.end() ? name : dialect.quote(same->name));
    }
    std::string text = fmt::format("SELECT {} FROM read_csv([{}], auto_detect = false", casts,
                                   dialect.literal(copy.string()));
    text += text_argument(dialect, "delim", look.delimiter);
    text += text_argument(dialect, "quote", look.quote);
    text += text_argument(dialect, "escape", look.escape);
    text += text_argument(dialect, "comment", look.comment);
    text +=
        fmt::format(", skip = {}, header = {}, columns = {{{}}}", look.skip, look.header, columns);
    if (!look.date_format.empty()) text += text_argument(dialect, "dateformat", look.date_format);
    if (!look.timestamp_format.empty())
        text += text_argument(dialect, "timestampformat", look.timestamp_format);
    return text + other_arguments(dialect, source) + ")";
}

/// No rows of the loaded table: fixes the order of the columns, and those of files that are gone.
std::string no_rows_sql(const Dialect& dialect, const SourceFiles& survey) {
    std::string columns;
    for (const auto& column : survey.table)
        columns += fmt::format("{}{} AS {}", columns.empty() ? "" : ", ",
                               dialect.cast("NULL", column.type), dialect.quote(column.name));
    return "SELECT " + columns + " WHERE false";
}

std::string frozen_json_sql(const Dialect& dialect, const SourceFiles& survey,
                            const std::string& list) {
    std::string columns;
    for (const auto& column : survey.columns)
        columns += fmt::format("{}{}: {}", columns.empty() ? "" : ", ",
                               dialect.literal(column.name), dialect.literal(column.type));
    return fmt::format("SELECT * FROM read_json([{}], columns = {{{}}})", list, columns);
}

std::string frozen_parquet_sql(const Dialect& dialect, const SourceFiles& survey,
                               const std::string& list, bool several) {
    std::string columns;
    for (const auto& column : survey.columns) {
        const auto name = dialect.quote(column.name);
        columns += fmt::format("{}{} AS {}", columns.empty() ? "" : ", ",
                               dialect.cast(name, column.type), name);
    }
    return fmt::format("SELECT {} FROM read_parquet([{}]{})", columns, list,
                       several ? ", union_by_name = true" : "");
}

}  // namespace

SourceFiles survey_files(Connection& connection, const Dialect& dialect,
                         const model::Source& source, const fs::path& folder,
                         const std::string& table) {
    SourceFiles survey;
    for (const auto& file : find_files(connection, dialect, source, folder)) {
        const auto relative = file.lexically_relative(folder);
        const bool below = !relative.empty() && *relative.begin() != "..";
        survey.files.push_back(
            {file, below ? relative.generic_string() : file.filename().string(), {}});
    }
    for (const auto& path : source.paths) {
        auto& meant = survey.meant.emplace_back();
        for (const auto& file : find_files(connection, dialect, path, folder))
            for (std::size_t i = 0; i < survey.files.size(); ++i)
                if (survey.files[i].path == file) meant.push_back(i);
    }
    survey.table = connection.describe("SELECT * FROM " + table);
    if (source.format == model::FileFormat::csv) {
        for (auto& file : survey.files) file.csv = look_at(connection, dialect, source, file.path);
    } else {
        std::vector<fs::path> paths;
        for (const auto& file : survey.files) paths.push_back(file.path);
        survey.columns = connection.describe(read_files_sql(dialect, source, paths, false));
    }
    return survey;
}

std::string read_copies_sql(const Dialect& dialect, const model::Source& source,
                            const SourceFiles& survey,
                            const std::vector<std::optional<fs::path>>& copies) {
    for (std::size_t p = 0; p < survey.meant.size(); ++p)
        if (std::none_of(survey.meant[p].begin(), survey.meant[p].end(),
                         [&](std::size_t i) { return copies[i].has_value(); }))
            throw Error(ErrorKind::data, fmt::format("no file matches {}", source.paths[p]));
    std::vector<fs::path> files;
    std::string list;
    for (const auto& copy : copies) {
        if (!copy) continue;
        files.push_back(*copy);
        list += (list.empty() ? "" : ", ") + dialect.literal(copy->string());
    }
    const bool is_csv = source.format == model::FileFormat::csv;
    if (source.reader == model::Reader::sniff) {
        const auto select = read_files_sql(dialect, source, files, is_csv);
        return is_csv ? select : cast_columns_sql(dialect, source, select);
    }
    if (source.format == model::FileFormat::json)
        return cast_columns_sql(dialect, source, frozen_json_sql(dialect, survey, list));
    if (source.format == model::FileFormat::parquet)
        return cast_columns_sql(dialect, source,
                                frozen_parquet_sql(dialect, survey, list, survey.files.size() > 1));
    std::string select = no_rows_sql(dialect, survey);
    for (std::size_t i = 0; i < copies.size(); ++i)
        if (copies[i])
            select += "\nUNION ALL BY NAME " +
                      frozen_csv_sql(dialect, source, survey, survey.files[i].csv, *copies[i]);
    return select;
}

}  // namespace faultline::engine
