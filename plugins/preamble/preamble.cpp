#include <cmath>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_records.hpp"

namespace {

using namespace faultline::sdk;

/// Lines around the table that are no part of it. Severity scales how many.
class Preamble {
  public:
    static constexpr const char* describe = R"json({
      "name": "preamble",
      "version": "1.0.0",
      "summary": "Puts lines that are no data before the table (a title, a date) or after it (a footnote, a total)",
      "keywords": ["title row", "comment lines", "metadata rows", "totals row", "Excel export"],
      "group": "files",
      "dose": "continuous",
      "unit": "file",
      "scales": "magnitude",
      "at_severity_1": "the full number of lines",
      "formats": ["csv", "json"],
      "params": {
        "type": "object",
        "properties": {
          "place": {"enum": ["before", "after"], "default": "before",
            "description": "before: a preamble; after: a footnote"},
          "lines": {"type": "integer", "minimum": 1, "maximum": 100000, "default": 2,
            "description": "how many; severity scales it, rounded up"},
          "text": {"type": "string", "default": "Report for internal use only",
            "description": "what each says; it may hold delimiters"}
        }
      },
      "examples": [
        {},
        {"place": "after", "lines": 1, "text": "Total,,,"},
        {"lines": 4, "text": ""}
      ]
    })json";

    explicit Preamble(const nlohmann::json& params)
        : before_(params.at("place") == "before"),
          lines_(params.at("lines").get<std::int64_t>()),
          text_(params.at("text").get<std::string>()) {}

    void file(const File& file, const Call& call) const {
        const Records records(file);
        const auto count =
            static_cast<std::int64_t>(std::ceil(static_cast<double>(lines_) * call.severity()));
        const auto end = file.format == "csv" ? std::string(records.line_end()) : std::string("\n");
        std::string lines;
        for (std::int64_t i = 0; i < count; ++i) lines += text_ + end;
        const auto text = read_file(file.in);
        // A mark of the encoding stays the first thing in the file.
        const std::size_t begin = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
        const bool open = !before_ && !text.empty() && text.back() != '\n' && text.back() != '\r';
        if (open) lines = end + lines;
        write_file(file.out,
                   before_ ? text.substr(0, begin) + lines + text.substr(begin) : text + lines);
        call.count("bytes", static_cast<std::int64_t>(lines.size()));
        call.count("records", count);
    }

  private:
    bool before_;
    std::int64_t lines_;
    std::string text_;
};

}  // namespace

FAULTLINE_PLUGIN(Preamble)
