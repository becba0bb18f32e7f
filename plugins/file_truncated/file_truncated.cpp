#include <cmath>
#include <cstdint>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_text.hpp"

namespace {

using namespace faultline::sdk;

/// A copy that broke off: the end of the file is missing. Severity scales how much.
class FileTruncated {
  public:
    static constexpr const char* describe = R"json({
      "name": "file_truncated",
      "version": "1.0.0",
      "summary": "Cuts the end of the file off, in the middle of a record or after one",
      "keywords": ["partial upload", "incomplete file", "interrupted transfer", "truncation",
        "corrupt file"],
      "group": "files",
      "dose": "continuous",
      "unit": "file",
      "scales": "magnitude",
      "amounts": [{"param": "lost", "measure": "share"}],
      "at_severity_1": "the full `lost` share of the file's bytes is missing at its end",
      "params": {
        "type": "object",
        "properties": {
          "lost": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 0.5,
            "description": "the share of the bytes that is missing; severity scales it"},
          "at": {"enum": ["byte", "line"], "default": "byte",
            "description": "byte: cut wherever that is, mostly in the middle of a record; line: after the last whole line before it"}
        }
      },
      "examples": [
        {"lost": 0.5},
        {"lost": 0.3, "at": "line"},
        {"lost": 1}
      ]
    })json";

    explicit FileTruncated(const nlohmann::json& params)
        : lost_(params.at("lost").get<double>()), by_line_(params.at("at") == "line") {}

    void file(const File& file, const Call& call) const {
        auto text = read_file(file.in);
        const auto size = static_cast<double>(text.size());
        auto kept = text.size() - static_cast<std::size_t>(
                                      std::llround(std::min(size, size * lost_ * call.severity())));
        if (by_line_ && kept < text.size() && kept > 0) {
            const auto end = text.rfind('\n', kept - 1);
            kept = end == std::string::npos ? 0 : end + 1;
        }
        call.count("bytes", static_cast<std::int64_t>(text.size() - kept));
        if (kept == text.size()) call.count("identity", 1);
        text.resize(kept);
        write_file(file.out, text);
    }

  private:
    double lost_;
    bool by_line_;
};

}  // namespace

FAULTLINE_PLUGIN(FileTruncated)
