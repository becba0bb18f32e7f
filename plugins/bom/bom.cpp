#include <map>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_text.hpp"

namespace {

using namespace faultline::sdk;

/// Bytes before the first character that say how a file is encoded.
class Bom {
  public:
    static constexpr const char* describe = R"json({
      "name": "bom",
      "version": "1.0.0",
      "summary": "Puts a byte-order mark before the file, or takes it away",
      "keywords": ["encoding", "UTF-8", "UTF8", "Excel export"],
      "group": "files",
      "dose": "binary",
      "unit": "file",
      "scales": "nothing",
      "at_severity_1": "the mark is there (or gone)",
      "formats": ["csv", "json"],
      "params": {
        "type": "object",
        "properties": {
          "mark": {"enum": ["utf-8", "utf-8-twice", "utf-16le", "utf-16be", "none"], "default": "utf-8",
            "description": "utf-8: the mark that spreadsheets write; utf-8-twice: it stands there twice, as when a file with a mark was written again; utf-16le, utf-16be: of another encoding than the text is in; none: a mark that was there is taken away"}
        }
      },
      "examples": [
        {},
        {"mark": "utf-8-twice"},
        {"mark": "utf-16le"}
      ]
    })json";

    explicit Bom(const nlohmann::json& params) : mark_(params.at("mark").get<std::string>()) {}

    void file(const File& file, const Call& call) const {
        static const std::string utf8 = "\xEF\xBB\xBF";
        static const std::map<std::string, std::string> marks = {{"utf-8", utf8},
                                                                 {"utf-8-twice", utf8 + utf8},
                                                                 {"utf-16le", "\xFF\xFE"},
                                                                 {"utf-16be", "\xFE\xFF"},
                                                                 {"none", ""}};
        const auto text = read_file(file.in);
        const std::string now = text.starts_with(utf8) ? utf8 : "";
        const auto& mark = marks.at(mark_);
        write_file(file.out, mark + text.substr(now.size()));
        call.count("bytes", bytes_between(now, mark));
        // To take away what was never there is a mistake; to add what is there changes nothing.
        if (now == mark && mark_ != "none") call.count("identity", 1);
    }

  private:
    std::string mark_;
};

}  // namespace

FAULTLINE_PLUGIN(Bom)
