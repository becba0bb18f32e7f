#include <map>
#include <optional>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_fields.hpp"

namespace {

using namespace faultline::sdk;

/// The other side writes its CSV otherwise from today on, or one of several writers does. Severity
/// scales how many records.
class CsvDialect {
  public:
    static constexpr const char* describe = R"json({
      "name": "csv_dialect",
      "version": "1.0.0",
      "summary": "Writes records with another delimiter, quote, escape or record end",
      "keywords": ["separator", "semicolon", "tab", "newline", "CRLF", "quoting", "Excel export"],
      "group": "files",
      "dose": "continuous",
      "unit": "record",
      "scales": "fraction",
      "at_severity_1": "the full fraction of records is written the other way; where that is all, the header too",
      "formats": ["csv"],
      "params": {
        "type": "object",
        "properties": {
          "delimiter": {"type": ["string", "null"], "minLength": 1, "maxLength": 4, "default": null,
            "description": "what separates fields from now on"},
          "quote": {"type": ["string", "null"], "maxLength": 1, "default": null,
            "description": "what encloses fields from now on; empty: nothing does"},
          "escape": {"type": ["string", "null"], "maxLength": 1, "default": null,
            "description": "what stands before a quote inside a field from now on"},
          "record_end": {"enum": ["lf", "crlf", "cr", null], "default": null,
            "description": "what ends a record from now on"}
        },
        "anyOf": [{"required": ["delimiter"]}, {"required": ["quote"]}, {"required": ["escape"]},
                  {"required": ["record_end"]}]
      },
      "examples": [
        {"delimiter": ";"},
        {"quote": "'", "fraction": 0.5, "exact": true},
        {"escape": "\\"},
        {"record_end": "crlf"},
        {"record_end": "cr", "fraction": 0.3},
        {"delimiter": "\t", "quote": "", "fraction": 0.6}
      ]
    })json";

    explicit CsvDialect(const nlohmann::json& params)
        : delimiter_(stated<std::string>(params, "delimiter")),
          quote_(stated<std::string>(params, "quote")),
          escape_(stated<std::string>(params, "escape")) {
        static const std::map<std::string, std::string> ends = {
            {"lf", "\n"}, {"crlf", "\r\n"}, {"cr", "\r"}};
        if (const auto end = stated<std::string>(params, "record_end")) end_ = ends.at(*end);
    }

    void file(const File& file, const Call& call) const {
        const auto old = CsvStyle::of(file);
        CsvStyle now = old;
        if (delimiter_) now.delimiter = *delimiter_;
        if (quote_) now.quote = *quote_;
        // A quote that is doubled stays one that is doubled.
        if (quote_ && old.escape == old.quote) now.escape = now.quote;
        if (escape_) now.escape = *escape_;
        if (!end_ && now.delimiter == old.delimiter && now.quote == old.quote &&
            now.escape == old.escape)
            throw ParamError(file.node + "'s files are already written so");
        const Records records(file);
        const Hits hits(file, call, records.data_count());
        Rewritten out(records);
        std::int64_t unit = 0;
        bool any = false, first = records.has_header();
        for (const auto& record : records.all()) {
            if (call.cancelled()) throw Cancelled();
            const bool hit = first ? file.share >= 1 : hits(unit++);
            first = false;
            if (!hit) {
                out.keep(record);
                continue;
            }
            any = true;
            std::string text;
            bool begun = false;
            for (const auto& field : fields_of(record.text, old)) {
                if (begun) text += now.delimiter;
                begun = true;
                text += written(field, now);
            }
            out.replace(record, text, end_ && !record.end.empty() ? *end_ : record.end);
        }
        out.write(file, call, any);
    }

  private:
    std::optional<std::string> delimiter_, quote_, escape_, end_;
};

}  // namespace

FAULTLINE_PLUGIN(CsvDialect)
