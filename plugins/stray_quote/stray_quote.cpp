#include <algorithm>
#include <cstdint>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_fields.hpp"

namespace {

using namespace faultline::sdk;

/// A quote where none belongs: an inch mark, or one that is never closed. Severity scales how many
/// records.
class StrayQuote {
  public:
    static constexpr const char* describe = R"json({
      "name": "stray_quote",
      "version": "1.0.0",
      "summary": "Puts a quote where none belongs: one that is never closed, or one inside a field",
      "keywords": ["unbalanced quote", "unescaped quote", "malformed CSV", "parse error"],
      "group": "files",
      "dose": "continuous",
      "unit": "record",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of records has a quote too many",
      "defaults": {"fraction": 0.01},
      "formats": ["csv"],
      "params": {
        "type": "object",
        "properties": {
          "place": {"enum": ["begin", "inside", "end"], "default": "begin",
            "description": "begin: before the first character of a field that is not quoted, so that it never closes; inside: somewhere in a field; end: after its last character, as 5\""},
          "quote": {"type": ["string", "null"], "minLength": 1, "maxLength": 1, "default": null,
            "description": "which character; the file's own quote unless stated, or \" where it has none"}
        }
      },
      "examples": [
        {"fraction": 0.1},
        {"place": "inside", "fraction": 0.3, "exact": true},
        {"place": "end", "quote": "'", "fraction": 0.5}
      ]
    })json";

    explicit StrayQuote(const nlohmann::json& params)
        : place_(params.at("place").get<std::string>()),
          quote_(stated<std::string>(params, "quote")) {}

    void file(const File& file, const Call& call) const {
        const Records records(file);
        const auto style = CsvStyle::of(file);
        const auto quote = quote_.value_or(style.quote.empty() ? "\"" : style.quote);
        const Hits hits(file, call, records.data_count());
        Rewritten out(records);
        std::int64_t unit = 0;
        bool any = false, header = records.has_header();
        for (const auto& record : records.all()) {
            if (call.cancelled()) throw Cancelled();
            const bool hit = !header && hits(unit);
            any = any || hit;
            if (hit)
                out.replace(record, with_quote(record, style, quote, call, unit));
            else
                out.keep(record);
            if (!header) ++unit;
            header = false;
        }
        out.write(file, call, any);
    }

  private:
    [[nodiscard]] std::string with_quote(const Record& record, const CsvStyle& style,
                                         const std::string& quote, const Call& call,
                                         std::int64_t unit) const {
        std::vector<std::string_view> plain;
        for (const auto& field : fields_of(record.text, style))
            if (!field.quoted && !field.raw.empty()) plain.push_back(field.raw);
        if (plain.empty()) return std::string(record.text);
        const auto field =
            plain[static_cast<std::size_t>(call.draw(unit, 1) * static_cast<double>(plain.size()))];
        auto at = static_cast<std::size_t>(field.data() - record.text.data());
        if (place_ == "end") at += field.size();
        if (place_ == "inside") {
            at += std::min(field.size(),
                           1 + static_cast<std::size_t>(call.draw(unit, 2) *
                                                        static_cast<double>(field.size())));
            // Not in the middle of a character.
            while (at < record.text.size() && (record.text[at] & 0xC0) == 0x80) ++at;
        }
        return std::string(record.text.substr(0, at)) + quote + std::string(record.text.substr(at));
    }

    std::string place_;
    std::optional<std::string> quote_;
};

}  // namespace

FAULTLINE_PLUGIN(StrayQuote)
