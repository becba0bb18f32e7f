#include <cstdint>
#include <string>
#include <string_view>

#include "../mojibake/code_page.h"
#include "faultline/plugin.hpp"
#include "faultline/sdk/file_text.hpp"

namespace {

using namespace faultline::sdk;
using namespace faultline::mojibake;

/// A whole file in another encoding, correctly written: "Unicode text" as a spreadsheet saves it.
class FileEncoding {
  public:
    static constexpr const char* describe = R"json({
      "name": "file_encoding",
      "version": "1.0.0",
      "summary": "Writes whole files in UTF-16 or UTF-32, with or without their byte-order mark",
      "keywords": ["charset", "code page", "Unicode", "Excel export"],
      "group": "files",
      "dose": "binary",
      "unit": "file",
      "scales": "nothing",
      "at_severity_1": "the file is in the other encoding",
      "formats": ["csv", "json"],
      "params": {
        "type": "object",
        "properties": {
          "to": {"enum": ["utf-16le", "utf-16be", "utf-32le", "utf-32be"], "default": "utf-16le",
            "description": "the encoding; for code pages of one byte a letter see mojibake"},
          "mark": {"type": "boolean", "default": true,
            "description": "does it begin with a byte-order mark?"}
        }
      },
      "examples": [
        {},
        {"to": "utf-16be", "mark": false},
        {"to": "utf-32le"}
      ]
    })json";

    explicit FileEncoding(const nlohmann::json& params)
        : width_(params.at("to").get<std::string>().starts_with("utf-16") ? 2 : 4),
          big_(params.at("to").get<std::string>().ends_with("be")),
          mark_(params.at("mark").get<bool>()) {}

    void file(const File& file, const Call& call) const {
        const auto text = read_file(file.in);
        std::string_view rest = text;
        if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
        std::string out;
        out.reserve((rest.size() + 1) * static_cast<std::size_t>(width_));
        if (mark_) append(out, 0xFEFF);
        auto bytes = bytes_between(text.substr(0, text.size() - rest.size()), out);
        while (!rest.empty()) {
            const auto letter = rest.substr(0, length_at(rest, 0));
            rest.remove_prefix(letter.size());
            const auto begin = out.size();
            append(out, character_of(letter));
            bytes += bytes_between(letter, std::string_view(out).substr(begin));
        }
        write_file(file.out, out);
        call.count("bytes", bytes);
        if (bytes == 0) call.count("identity", 1);
    }

  private:
    void append(std::string& out, char32_t character) const {
        if (width_ == 2 && character >= 0x10000) {
            const auto beyond = character - 0x10000;
            unit(out, 0xD800 + (beyond >> 10));
            unit(out, 0xDC00 + (beyond & 0x3FF));
        } else {
            unit(out, character);
        }
    }
    void unit(std::string& out, char32_t value) const {
        for (int i = 0; i < width_; ++i) {
            const int shift = 8 * (big_ ? width_ - 1 - i : i);
            out += static_cast<char>((value >> shift) & 0xFF);
        }
    }

    int width_;
    bool big_, mark_;
};

}  // namespace

FAULTLINE_PLUGIN(FileEncoding)
