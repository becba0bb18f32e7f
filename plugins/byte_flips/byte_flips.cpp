#include <cstdint>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_text.hpp"

namespace {

using namespace faultline::sdk;

/// Bits that flip on a disk or on the way. Severity scales how many bytes.
class ByteFlips {
  public:
    static constexpr const char* describe = R"json({
      "name": "byte_flips",
      "version": "1.0.0",
      "summary": "Flips bits in a share of the file's bytes, as bad disks and bad lines do",
      "keywords": ["bit rot", "bit flip", "corruption", "corrupt file", "checksum"],
      "group": "files",
      "dose": "continuous",
      "unit": "byte",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of bytes has one bit the other way round",
      "defaults": {"fraction": 0.001},
      "params": {
        "type": "object",
        "properties": {
          "from": {"type": "integer", "minimum": 0, "default": 0,
            "description": "how many bytes at the beginning stay as they are"}
        }
      },
      "examples": [
        {"fraction": 0.05},
        {"fraction": 0.02, "exact": true, "from": 40}
      ]
    })json";

    explicit ByteFlips(const nlohmann::json& params)
        : from_(params.at("from").get<std::int64_t>()) {}

    void file(const File& file, const Call& call) const {
        auto text = read_file(file.in);
        const auto size = static_cast<std::int64_t>(text.size());
        const auto count = std::max<std::int64_t>(0, size - from_);
        const Hits hits(file, call, count);
        std::int64_t flipped = 0;
        for (std::int64_t unit = 0; unit < count; ++unit) {
            if ((unit & 0xFFFFF) == 0 && call.cancelled()) throw Cancelled();
            if (!hits(unit)) continue;
            auto& byte = text[static_cast<std::size_t>(from_ + unit)];
            const auto bit = static_cast<unsigned>(call.draw(unit, 1) * 8);
            byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1u << bit));
            ++flipped;
        }
        write_file(file.out, text);
        call.count("bytes", flipped);
        if (flipped == 0) call.count("identity", 1);
    }

  private:
    std::int64_t from_;
};

}  // namespace

FAULTLINE_PLUGIN(ByteFlips)
