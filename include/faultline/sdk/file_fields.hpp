#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "faultline/sdk/file_records.hpp"

namespace faultline::sdk {

/// How a CSV file is written. Empty: there is none.
struct CsvStyle {
    std::string delimiter, quote, escape;

    static CsvStyle of(const File& file) { return {file.delimiter, file.quote, file.escape}; }
};

/// A field of a CSV record: as it stands there, and what it means.
struct Field {
    std::string_view raw;
    bool quoted = false;
    std::string value;  ///< without quotes and escapes
};

/// The fields of a record written in this style; at least one.
inline std::vector<Field> fields_of(std::string_view record, const CsvStyle& style) {
    std::vector<Field> out;
    const auto at_text = [&](std::size_t at, const std::string& text) {
        return !text.empty() && record.substr(at).starts_with(text);
    };
    std::size_t at = 0;
    for (;;) {
        Field field;
        const auto begin = at;
        if (at_text(at, style.quote)) {
            field.quoted = true;
            at += style.quote.size();
            while (at < record.size()) {
                const auto next = at + style.escape.size();
                const bool escapes = at_text(at, style.escape) && next < record.size() &&
                                     (style.escape != style.quote || at_text(next, style.quote));
                if (escapes) {
                    field.value += record[next];
                    at = next + 1;
                } else if (at_text(at, style.quote)) {
                    at += style.quote.size();
                    break;
                } else {
                    field.value += record[at++];
                }
            }
        }
        // What follows a closing quote belongs to the field, as lenient readers take it.
        while (at < record.size() && !at_text(at, style.delimiter)) field.value += record[at++];
        field.raw = record.substr(begin, at - begin);
        out.push_back(std::move(field));
        if (at >= record.size()) return out;
        at += style.delimiter.size();
        if (at == record.size()) {
            out.push_back({record.substr(at), false, ""});
            return out;
        }
    }
}

/// The field as a writer of this style writes it: quoted where it was, or where it has to be.
inline std::string written(const Field& field, const CsvStyle& style) {
    const auto has = [&](const std::string& text) {
        return !text.empty() && field.value.find(text) != std::string::npos;
    };
    const bool must = has(style.delimiter) || has(style.quote) || has("\n") || has("\r");
    if (style.quote.empty() || (!field.quoted && !must)) return field.value;
    std::string out = style.quote;
    for (const char c : field.value) {
        if (std::string(1, c) == style.quote || std::string(1, c) == style.escape)
            out += style.escape;
        out += c;
    }
    return out + style.quote;
}

}  // namespace faultline::sdk
