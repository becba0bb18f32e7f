#include <cstdint>
#include <string>

#include "code_page.h"
#include "faultline/plugin.hpp"
#include "faultline/sdk/file_records.hpp"

namespace {

using namespace faultline::sdk;
using namespace faultline::mojibake;

/// Text that was taken for another encoding than it is in, by who wrote it or by who passed it on.
/// Severity scales how many records.
class Mojibake {
  public:
    static constexpr const char* describe = R"json({
      "name": "mojibake",
      "version": "1.0.0",
      "summary": "Writes letters beyond ASCII in another encoding, or as the two or three letters that their bytes would be",
      "keywords": ["charset", "Latin-1", "Windows-1252", "UTF-8", "UTF8", "umlauts", "garbled"],
      "group": "files",
      "dose": "continuous",
      "unit": "record",
      "scales": "fraction",
      "at_severity_1": "the full fraction of records is in the wrong encoding",
      "formats": ["csv", "json"],
      "params": {
        "type": "object",
        "properties": {
          "side": {"enum": ["sender", "receiver"], "default": "receiver",
            "description": "sender: UTF-8 was promised and the code page is written, é is one byte that no reader of UTF-8 can decode, and what the code page lacks is a question mark; receiver: somebody on the way took UTF-8 for the code page, and Ã© stands where é was"},
          "code_page": {"enum": ["windows-1252", "latin-1"], "default": "windows-1252",
            "description": "the encoding that UTF-8 was taken for"}
        }
      },
      "examples": [
        {},
        {"side": "sender"},
        {"side": "receiver", "code_page": "latin-1", "fraction": 0.5}
      ]
    })json";

    explicit Mojibake(const nlohmann::json& params)
        : sender_(params.at("side") == "sender"),
          windows_(params.at("code_page") == "windows-1252") {}

    void file(const File& file, const Call& call) const {
        const Records records(file);
        const Hits hits(file, call, static_cast<std::int64_t>(records.all().size()));
        Rewritten out(records);
        std::int64_t unit = 0;
        bool any = false;
        for (const auto& record : records.all()) {
            if (call.cancelled()) throw Cancelled();
            const bool hit = hits(unit++);
            any = any || hit;
            if (hit)
                out.replace(record, taken_for_another(record.text));
            else
                out.keep(record);
        }
        out.write(file, call, any);
    }

  private:
    [[nodiscard]] std::string taken_for_another(std::string_view text) const {
        std::string out;
        for (std::size_t at = 0; at < text.size();) {
            const auto bytes = text.substr(at, length_at(text, at));
            at += bytes.size();
            if (static_cast<unsigned char>(bytes[0]) < 0x80 || (sender_ && bytes.size() == 1)) {
                out += bytes;
            } else if (sender_) {
                out += static_cast<char>(encoded(character_of(bytes), windows_)
                                             .value_or(static_cast<unsigned char>('?')));
            } else {
                for (const char byte : bytes)
                    out += utf8(decoded(static_cast<unsigned char>(byte), windows_));
            }
        }
        return out;
    }

    bool sender_, windows_;
};

}  // namespace

FAULTLINE_PLUGIN(Mojibake)
