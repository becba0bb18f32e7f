#include <cstdint>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_fields.hpp"

namespace {

using namespace faultline::sdk;

/// Records with fewer or more fields than the header names. Severity scales how many.
class RaggedRecords {
  public:
    static constexpr const char* describe = R"json({
      "name": "ragged_records",
      "version": "1.0.0",
      "summary": "Gives records too few or too many fields",
      "keywords": ["missing fields", "extra fields", "malformed rows", "column count",
        "unescaped delimiter", "parse error"],
      "group": "files",
      "dose": "continuous",
      "unit": "record",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of records has too few or too many fields",
      "defaults": {"fraction": 0.01},
      "formats": ["csv"],
      "params": {
        "type": "object",
        "properties": {
          "kind": {"enum": ["fewer", "more", "any"], "default": "any",
            "description": "fewer: the last fields are missing; more: there are further ones; any: one of these by lot"},
          "fields": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1,
            "description": "by how many; one field always remains"},
          "value": {"type": "string", "default": "",
            "description": "more: what stands in a further field"}
        }
      },
      "examples": [
        {"fraction": 0.3},
        {"kind": "fewer", "fields": 2, "fraction": 0.2, "exact": true},
        {"kind": "more", "value": "n/a", "fraction": 0.5}
      ]
    })json";

    explicit RaggedRecords(const nlohmann::json& params)
        : kind_(params.at("kind").get<std::string>()),
          fields_(params.at("fields").get<std::size_t>()),
          value_(params.at("value").get<std::string>()) {}
    [[nodiscard]] bool draws(double /*severity*/) const { return kind_ == "any"; }

    void file(const File& file, const Call& call) const {
        const Records records(file);
        const auto style = CsvStyle::of(file);
        const Hits hits(file, call, records.data_count());
        Rewritten out(records);
        std::int64_t unit = 0;
        bool any = false, header = records.has_header();
        for (const auto& record : records.all()) {
            if (call.cancelled()) throw Cancelled();
            const bool hit = !header && hits(unit);
            // A field alone cannot be missing: where there is a choice, more follow it.
            const bool fewer = kind_ == "fewer" || (kind_ == "any" && call.draw(unit, 1) < 0.5 &&
                                                    fields_of(record.text, style).size() > 1);
            if (!header) ++unit;
            header = false;
            any = any || hit;
            if (!hit)
                out.keep(record);
            else
                out.replace(record, fewer ? shortened(record, style) : lengthened(record, style));
        }
        out.write(file, call, any);
    }

  private:
    [[nodiscard]] std::string shortened(const Record& record, const CsvStyle& style) const {
        const auto fields = fields_of(record.text, style);
        const auto kept = fields.size() > fields_ ? fields.size() - fields_ : std::size_t{1};
        const auto& last = fields[kept - 1].raw;
        const auto end = static_cast<std::size_t>(last.data() + last.size() - record.text.data());
        return std::string(record.text.substr(0, end));
    }
    [[nodiscard]] std::string lengthened(const Record& record, const CsvStyle& style) const {
        std::string text(record.text);
        for (std::size_t i = 0; i < fields_; ++i) text += style.delimiter + value_;
        return text;
    }

    std::string kind_;
    std::size_t fields_;
    std::string value_;
};

}  // namespace

FAULTLINE_PLUGIN(RaggedRecords)
