#include <cstdint>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_text.hpp"

namespace {

using namespace faultline::sdk;

/// A file that is there and has nothing in it, or a header only.
class EmptyFile {
  public:
    static constexpr const char* describe = R"json({
      "name": "empty_file",
      "version": "1.0.0",
      "summary": "Leaves a file with no bytes, or with its header alone",
      "keywords": ["zero bytes", "0 bytes", "header only", "no data"],
      "group": "files",
      "dose": "continuous",
      "unit": "file",
      "scales": "fraction",
      "at_severity_1": "the full fraction of the source's files is empty",
      "params": {
        "type": "object",
        "properties": {
          "keep": {"enum": ["nothing", "header"], "default": "nothing",
            "description": "nothing: zero bytes; header: of a csv file its first line, which an empty batch has"}
        }
      },
      "examples": [
        {},
        {"keep": "header", "files": "*"}
      ]
    })json";

    explicit EmptyFile(const nlohmann::json& params) : header_(params.at("keep") == "header") {}

    void file(const File& file, const Call& call) const {
        const auto text = read_file(file.in);
        std::size_t kept = 0;
        if (header_ && file.format == "csv" && file.header)
            for (std::int64_t line = 0; line <= file.skip && kept < text.size(); ++line) {
                const auto end = text.find('\n', kept);
                kept = end == std::string::npos ? text.size() : end + 1;
            }
        write_file(file.out, text.substr(0, kept));
        call.count("bytes", static_cast<std::int64_t>(text.size() - kept));
        if (kept == text.size()) call.count("identity", 1);
    }

  private:
    bool header_;
};

}  // namespace

FAULTLINE_PLUGIN(EmptyFile)
