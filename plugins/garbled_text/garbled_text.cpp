#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../mojibake/code_page.h"
#include "faultline/plugin.hpp"
#include "faultline/sdk/text_patches.hpp"

namespace {

using namespace faultline::sdk;
using namespace faultline::mojibake;

/// Single cells whose letters beyond ASCII went through the wrong encoding on their way. Severity
/// scales how many cells.
class GarbledText {
  public:
    static constexpr const char* describe = R"json({
      "name": "garbled_text",
      "version": "1.0.0",
      "summary": "Garbles letters beyond ASCII in single cells: é as Ã©, as a question mark, or gone",
      "keywords": ["encoding", "charset", "UTF-8", "UTF8", "Latin-1", "Unicode", "diacritics",
        "umlauts", "replacement character", "mojibake"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of texts that hold such letters is garbled",
      "accepts": ["text"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "as": {"enum": ["mojibake", "question_mark", "replacement", "lost"], "default": "mojibake",
            "description": "mojibake: the two to four letters that its bytes are in the code page; question_mark: ?, as where an encoding has no such letter; replacement: U+FFFD, as a reader writes that could not decode it; lost: nothing"},
          "code_page": {"enum": ["windows-1252", "latin-1"], "default": "windows-1252",
            "description": "mojibake: the encoding that UTF-8 was taken for"},
          "letters": {"type": ["string", "null"], "minLength": 1, "maxLength": 1000, "default": null,
            "description": "only these; every one beyond ASCII unless stated. Letters of ASCII may be among them"}
        }
      },
      "examples": [
        {"columns": ["note"]},
        {"columns": ["note"], "code_page": "latin-1", "fraction": 0.5, "exact": true},
        {"columns": ["note", "region"], "as": "question_mark", "letters": "éo", "fraction": 0.4},
        {"columns": ["region"], "as": "replacement", "letters": "r", "fraction": 0.5, "exact": true},
        {"columns": ["region"], "as": "lost", "letters": "s", "where": "flag"}
      ]
    })json";

    explicit GarbledText(const nlohmann::json& params)
        : as_(params.at("as").get<std::string>()),
          windows_(params.at("code_page") == "windows-1252"),
          letters_(stated<std::string>(params, "letters")) {}

    void transform(const Relation& relation, const Call& call, ArrowReader& in,
                   ArrowWriter& out) const {
        const auto selected = in.index_of("__fl_selected");
        for (const auto& target : relation.targets())
            if (!holds_text(in, in.index_of(target.name)))
                throw ParamError("column " + target.name + " is a " + target.type +
                                 ", which holds only the values of its list");
        std::int64_t rows = 0;
        while (auto batch = in.next()) {
            if (call.cancelled()) throw Cancelled();
            const auto hit = rows_where_true(batch->column(selected));
            std::vector<bool> changed(hit.size());
            for (const auto& target : relation.targets()) {
                const auto at = in.index_of(target.name);
                const auto column = batch->column(at);
                std::vector<TextPatch> patches;
                for (std::size_t i = 0; i < hit.size(); ++i) {
                    if (column.is_null(hit[i])) continue;
                    const auto text = column.text(hit[i]);
                    auto now = garbled(text);
                    if (now == text) continue;
                    patches.push_back({hit[i], std::move(now)});
                    changed[i] = true;
                }
                if (patches.empty()) continue;
                call.count("cells:" + target.name, static_cast<std::int64_t>(patches.size()));
                batch->replace(at, patched(column, patches));
            }
            rows += std::count(changed.begin(), changed.end(), true);
            out.write(std::move(*batch));
        }
        call.count("rows_changed", rows);
    }

  private:
    [[nodiscard]] bool is_meant(std::string_view letter) const {
        return letters_ ? letters_->find(letter) != std::string::npos
                        : static_cast<unsigned char>(letter[0]) >= 0x80;
    }
    [[nodiscard]] std::string garbled(std::string_view text) const {
        std::string out;
        for (std::size_t at = 0; at < text.size();) {
            const auto letter = text.substr(at, length_at(text, at));
            at += letter.size();
            if (!is_meant(letter))
                out += letter;
            else if (as_ == "question_mark")
                out += '?';
            else if (as_ == "replacement")
                out += "\xEF\xBF\xBD";
            else if (as_ == "mojibake")
                for (const char byte : letter)
                    out += utf8(decoded(static_cast<unsigned char>(byte), windows_));
        }
        return out;
    }

    std::string as_;
    bool windows_;
    std::optional<std::string> letters_;
};

}  // namespace

FAULTLINE_PLUGIN(GarbledText)
