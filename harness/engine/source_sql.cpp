#include "engine/source_sql.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "core/error.h"

namespace faultline::engine {
namespace {

struct CsvOption {
    std::string_view key;     ///< in the document
    std::string_view option;  ///< of read_csv
};

constexpr std::array csv_options{
    CsvOption{"delimiter", "delim"},
    CsvOption{"quote", "quote"},
    CsvOption{"escape", "escape"},
    CsvOption{"header", "header"},
    CsvOption{"null", "nullstr"},
    CsvOption{"encoding", "encoding"},
    CsvOption{"skip", "skip"},
    CsvOption{"comment", "comment"},
    CsvOption{"decimal_separator", "decimal_separator"},
    CsvOption{"date_format", "dateformat"},
    CsvOption{"timestamp_format", "timestampformat"},
};

std::string option_value(const Dialect& dialect, const std::string& key, const model::Json& value) {
    if (value.is_string()) return dialect.literal(value.get<std::string>());
    if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
    if (value.is_number_integer()) return value.dump();
    if (value.is_array()) {
        std::string text;
        for (const auto& item : value)
            text += (text.empty() ? "" : ", ") + option_value(dialect, key, item);
        return "[" + text + "]";
    }
    throw Error(ErrorKind::user, fmt::format("csv option \"{}\" cannot be {}", key, value.dump()));
}

}  // namespace

std::string csv_arguments(const Dialect& dialect, const model::Source& source, bool typed) {
    std::string text;
    for (const auto& [key, value] : source.csv.items()) {
        const CsvOption* known = nullptr;
        std::vector<std::string> names;
        for (const auto& option : csv_options) {
            names.emplace_back(option.key);
            if (option.key == key) known = &option;
        }
        if (known == nullptr) {
            const std::string nearest = nearest_name(key, names);
            throw Error(ErrorKind::user,
                        fmt::format("unknown csv option \"{}\"{}", key,
                                    nearest.empty() ? "" : "; did you mean \"" + nearest + "\"?"));
        }
        text += fmt::format(", {} = {}", known->option, option_value(dialect, key, value));
    }
    std::string types;
    for (const auto& column : source.columns) {
        if (!typed || column.type.empty()) continue;
        types += fmt::format("{}{}: {}", types.empty() ? "" : ", ", dialect.literal(column.name),
                             dialect.literal(column.type));
    }
    if (!types.empty()) text += ", types = {" + types + "}";
    return text;
}

std::string read_files_sql(const Dialect& dialect, const model::Source& source,
                           const std::vector<std::filesystem::path>& files, bool typed) {
    std::string list;
    for (const auto& file : files)
        list += (list.empty() ? "" : ", ") + dialect.literal(file.string());
    const std::string by_name = files.size() > 1 ? ", union_by_name = true" : "";
    const std::string sample = source.reader == model::Reader::frozen ? ", sample_size = -1" : "";
    switch (source.format) {
        case model::FileFormat::csv:
            return fmt::format("SELECT * FROM read_csv([{}]{}{}{})", list, by_name, sample,
                               csv_arguments(dialect, source, typed));
        case model::FileFormat::json:
            return fmt::format("SELECT * FROM read_json([{}]{}{})", list, by_name, sample);
        case model::FileFormat::parquet:
            break;
    }
    return fmt::format("SELECT * FROM read_parquet([{}]{})", list, by_name);
}

std::string cast_columns_sql(const Dialect& dialect, const model::Source& source,
                             const std::string& select) {
    std::string casts;
    for (const auto& column : source.columns) {
        if (column.type.empty()) continue;
        const std::string name = dialect.quote(column.name);
        casts += fmt::format("{}{} AS {}", casts.empty() ? "" : ", ",
                             dialect.cast(name, column.type), name);
    }
    if (casts.empty()) return select;
    return fmt::format("SELECT * REPLACE ({}) FROM ({})", casts, select);
}

}  // namespace faultline::engine
