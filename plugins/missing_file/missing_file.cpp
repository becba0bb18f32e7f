#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A file that is not there. Severity scales how many of the source's files.
class MissingFile {
  public:
    static constexpr const char* describe = R"json({
      "name": "missing_file",
      "version": "1.0.0",
      "summary": "Takes files away: one of several, or the only one",
      "keywords": ["file not found", "missing partition", "late file", "deleted file", "absent"],
      "group": "files",
      "dose": "continuous",
      "unit": "file",
      "scales": "fraction",
      "at_severity_1": "the full fraction of the source's files is not there",
      "params": {"type": "object", "properties": {}},
      "examples": [
        {},
        {"files": "*"}
      ]
    })json";

    explicit MissingFile(const nlohmann::json& /*params*/) {}

    void file(const File& file, const Call& call) const {
        // No copy is written: that is the fault.
        call.count("bytes", file.bytes);
    }
};

}  // namespace

FAULTLINE_PLUGIN(MissingFile)
