#include <cmath>
#include <cstdint>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_text.hpp"

namespace {

using namespace faultline::sdk;

/// NUL bytes where data should be: space that was reserved and never written. Severity scales how
/// many.
class NulPadding {
  public:
    static constexpr const char* describe = R"json({
      "name": "nul_padding",
      "version": "1.0.0",
      "summary": "Adds NUL bytes to the file, or has them in place of its end, as a crash before the last write does",
      "keywords": ["null bytes", "zero bytes", "disk full", "corrupt file"],
      "group": "files",
      "dose": "continuous",
      "unit": "file",
      "scales": "magnitude",
      "amounts": [{"param": "share", "measure": "share"}],
      "at_severity_1": "the full `share` of the file's size in NUL bytes",
      "params": {
        "type": "object",
        "properties": {
          "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 10, "default": 0.1,
            "description": "how many NUL bytes, as a share of the file's size; severity scales it"},
          "place": {"enum": ["after", "instead"], "default": "after",
            "description": "after: they follow the file, as padding to whole blocks; instead: they stand where its end should be"}
        }
      },
      "examples": [
        {"share": 0.05},
        {"share": 0.2, "place": "instead"}
      ]
    })json";

    explicit NulPadding(const nlohmann::json& params)
        : share_(params.at("share").get<double>()), instead_(params.at("place") == "instead") {}

    void file(const File& file, const Call& call) const {
        auto text = read_file(file.in);
        const auto size = static_cast<double>(text.size());
        auto count = static_cast<std::size_t>(std::ceil(size * share_ * call.severity()));
        if (instead_) {
            count = std::min(count, text.size());
            std::int64_t changed = 0;
            for (auto at = text.size() - count; at < text.size(); ++at)
                changed += text[at] == '\0' ? 0 : 1;
            text.replace(text.size() - count, count, count, '\0');
            call.count("bytes", changed);
        } else {
            text.append(count, '\0');
            call.count("bytes", static_cast<std::int64_t>(count));
        }
        if (count == 0) call.count("identity", 1);
        write_file(file.out, text);
    }

  private:
    double share_;
    bool instead_;
};

}  // namespace

FAULTLINE_PLUGIN(NulPadding)
