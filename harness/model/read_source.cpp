#include "model/read_source.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/read_columns.h"
#include "model/rules.h"

namespace faultline::model {
namespace {

const OneOf<FileFormat> file_format{
    {{"csv", FileFormat::csv}, {"json", FileFormat::json}, {"parquet", FileFormat::parquet}}};
const OneOf<Reader> reader_name{{{"frozen", Reader::frozen}, {"sniff", Reader::sniff}}};

const char* name_of(FileFormat format) {
    if (format == FileFormat::csv) return "csv";
    return format == FileFormat::json ? "json" : "parquet";
}

/// One character, or none: how a quote is turned off.
bool at_most_one_character(const Place& place, std::string& target) {
    if (!text(place, target)) return false;
    return target.size() <= 1 || place.refuse("one ASCII character, or \"\" for none");
}

bool delimiter(const Place& place, std::string& target) {
    if (!text(place, target)) return false;
    return (!target.empty() && target.size() <= 4) || place.refuse("1 to 4 bytes");
}

bool null_text(const Place& place, std::vector<std::string>& target) {
    return one_or_many(text)(place, target);
}

const OneOf<char> decimal_separator{{{".", '.'}, {",", ','}}};

/// Checks the reader's options and keeps them as they are written.
bool read_csv_options(const Place& place, Json& options) {
    std::string word;
    std::vector<std::string> words;
    bool yes = false;
    std::uint64_t count = 0;
    char separator = '.';
    ObjectReader object(place);
    object.optional("delimiter", word, delimiter);
    object.optional("quote", word, at_most_one_character);
    object.optional("escape", word, at_most_one_character);
    object.optional("header", yes, flag);
    object.optional("null", words, null_text);
    object.optional("encoding", word, filled_text);
    object.optional("skip", count, WholeNumber{0, 1000000000});
    object.optional("decimal_separator", separator, decimal_separator);
    object.optional("date_format", word, filled_text);
    object.optional("timestamp_format", word, filled_text);
    object.optional("comment", word, at_most_one_character);
    object.close();
    if (object.is_object()) options = place.value();
    return object.is_object();
}

/// The one format that all paths name.
void infer_format(const Place& path, Source& source) {
    std::optional<FileFormat> common;
    for (const auto& name : source.paths) {
        const auto format = format_of_path(name);
        if (!format) {
            path.refuse(
                "an extension that names the format (.csv, .tsv, .json, .jsonl, .ndjson, "
                ".parquet), or the key \"format\" beside it");
            return;
        }
        if (common && *common != *format) {
            path.report(fmt::format("both {} and {} files", name_of(*common), name_of(*format)),
                        "files of one format");
            return;
        }
        common = format;
    }
    source.format = common.value_or(FileFormat::csv);
}

/// The name without case and without what says how it is compressed.
std::string uncompressed_name(const std::string& path) {
    std::string_view name = path;
    const std::string folded = fold_case(path);
    for (const std::string_view compressed : {".gz", ".zst"})
        if (folded.ends_with(compressed)) name.remove_suffix(compressed.size());
    return fold_case(name);
}

bool is_tab_separated(const std::string& path) {
    return uncompressed_name(path).ends_with(".tsv");
}

}  // namespace

std::optional<FileFormat> format_of_path(const std::string& path) {
    const std::string name = uncompressed_name(path);
    const bool is_plain = name.size() == path.size();
    if (name.ends_with(".csv") || name.ends_with(".tsv")) return FileFormat::csv;
    if (name.ends_with(".json") || name.ends_with(".jsonl") || name.ends_with(".ndjson"))
        return FileFormat::json;
    if (name.ends_with(".parquet") && is_plain) return FileFormat::parquet;
    return std::nullopt;
}

bool read_source(const Place& place, Source& source) {
    ObjectReader object(place);
    if (!object.is_object()) return false;
    object.exactly_one_of({"path", "sql"});
    object.optional("sql", source.sql, filled_text);
    if (object.has("sql") && !object.has("path")) {
        for (const char* key : {"format", "csv", "columns", "reader"})
            object.only(key, "beside \"path\"");
        object.close();
        return true;
    }
    const bool has_paths = object.optional("path", source.paths, one_or_many(filled_text));
    if (!object.optional("format", source.format, file_format) && !object.has("format") &&
        has_paths)
        infer_format(place.member("path"), source);
    object.optional("csv", source.csv, read_csv_options);
    object.optional("columns", source.columns, Columns{.type_required = true});
    object.optional("reader", source.reader, reader_name);
    if (object.has("csv") && source.format != FileFormat::csv)
        place.member("csv").report(fmt::format("csv options for {} files", name_of(source.format)),
                                   "them only where the format is csv");
    object.close();
    // A .tsv says what separates its fields; left to be guessed, one long text column confuses it.
    if (source.format == FileFormat::csv && !source.paths.empty() &&
        std::all_of(source.paths.begin(), source.paths.end(), is_tab_separated) &&
        !source.csv.contains("delimiter"))
        source.csv["delimiter"] = "\t";
    return true;
}

}  // namespace faultline::model
