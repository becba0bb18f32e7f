#include <algorithm>
#include <cstdint>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_records.hpp"
#include "members.h"

namespace {

using namespace faultline::sdk;
using namespace faultline::json_poisoned;

/// Records that are no JSON, or not the JSON that was agreed on. Severity scales how many.
class JsonPoisoned {
  public:
    static constexpr const char* describe = R"json({
      "name": "json_poisoned",
      "version": "1.0.0",
      "summary": "Breaks JSON records: cut in two, unclosed, a comma too many, a key twice, a value of another type",
      "keywords": ["malformed JSON", "invalid JSON", "corrupt", "NDJSON", "parse error",
        "poison pill", "dead letter"],
      "group": "files",
      "dose": "continuous",
      "unit": "record",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of records is poisoned",
      "defaults": {"fraction": 0.01},
      "formats": ["json"],
      "params": {
        "type": "object",
        "properties": {
          "kind": {"enum": ["wrong_type", "duplicate_key", "missing_key", "trailing_comma", "unclosed", "cut"],
            "description": "wrong_type: text where a number was and the other way round; duplicate_key: one of the keys stands there twice, the second time with null; missing_key: one of the keys is gone; trailing_comma: a comma after the last member; unclosed: the last brace is missing; cut: the record ends in the middle"}
        },
        "required": ["kind"]
      },
      "examples": [
        {"kind": "wrong_type", "fraction": 0.2},
        {"kind": "duplicate_key", "fraction": 0.3, "exact": true},
        {"kind": "missing_key", "fraction": 0.3},
        {"kind": "trailing_comma", "fraction": 0.2},
        {"kind": "unclosed", "fraction": 0.1, "exact": true},
        {"kind": "cut", "fraction": 0.1, "exact": true}
      ]
    })json";

    explicit JsonPoisoned(const nlohmann::json& params)
        : kind_(params.at("kind").get<std::string>()) {}
    [[nodiscard]] bool draws(double /*severity*/) const {
        return kind_ != "trailing_comma" && kind_ != "unclosed";
    }

    void file(const File& file, const Call& call) const {
        const Records records(file);
        const Hits hits(file, call, static_cast<std::int64_t>(records.all().size()));
        Rewritten out(records);
        std::int64_t unit = 0;
        bool any = false;
        for (const auto& record : records.all()) {
            if (call.cancelled()) throw Cancelled();
            const bool hit = hits(unit);
            any = any || hit;
            if (hit)
                out.replace(record, poisoned(record.text, call, unit));
            else
                out.keep(record);
            ++unit;
        }
        out.write(file, call, any);
    }

  private:
    [[nodiscard]] std::string poisoned(std::string_view text, const Call& call,
                                       std::int64_t unit) const {
        const auto members = members_of(text);
        if (members.empty()) return std::string(text);
        const auto draw = [&](std::size_t n) {
            return static_cast<std::size_t>(call.draw(unit, 1) * static_cast<double>(n));
        };
        const auto part = [&](std::size_t from, std::size_t to) {
            return std::string(text.substr(from, to - from));
        };
        const auto& drawn = members[draw(members.size())];
        const auto last = members.back().value_end;
        if (kind_ == "wrong_type")
            return part(0, drawn.value) + other_type(part(drawn.value, drawn.value_end)) +
                   part(drawn.value_end, text.size());
        if (kind_ == "duplicate_key")
            return part(0, last) + ", " + part(drawn.key, drawn.key_end) + ": null" +
                   part(last, text.size());
        if (kind_ == "missing_key") return without(text, members, draw(members.size()));
        if (kind_ == "trailing_comma") return part(0, last) + "," + part(last, text.size());
        if (kind_ == "unclosed") return part(0, text.rfind('}'));
        // Within the members, so that there is something before the cut and something lost.
        return part(0, members.front().key + 1 + draw(last - members.front().key));
    }
    static std::string without(std::string_view text, const std::vector<Member>& members,
                               std::size_t gone) {
        const bool is_last = gone + 1 == members.size();
        const auto from = is_last && gone > 0 ? members[gone - 1].value_end : members[gone].key;
        const auto to = is_last ? members[gone].value_end : members[gone + 1].key;
        return std::string(text.substr(0, from)) + std::string(text.substr(to));
    }
    static std::string other_type(const std::string& value) {
        const char c = value.empty() ? 'n' : value.front();
        if (c == '"') return "0";
        if (c == '{' || c == '[') return "\"\"";
        if (c == 't' || c == 'f') return "\"" + value + "?\"";
        if (c == 'n') return "\"null?\"";
        return "\"" + value + " units\"";
    }

    std::string kind_;
};

}  // namespace

FAULTLINE_PLUGIN(JsonPoisoned)
