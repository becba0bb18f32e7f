#include <cstdint>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Text that stands where a value should: "N/A", "#REF!", "11teen", "C100". Severity scales how
/// many cells.
class JunkToken {
  public:
    static constexpr const char* describe = R"json({
      "name": "junk_token",
      "version": "1.0.0",
      "summary": "Writes junk into text: N/A, #REF!, 11teen, or a letter before or after what was there (C100)",
      "keywords": ["garbage", "placeholder", "Excel error", "corrupt text", "extraneous"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of texts is junk",
      "accepts": ["text"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.05},
      "params": {
        "type": "object",
        "properties": {
          "mode": {"enum": ["replace", "prefix", "suffix"], "default": "replace",
            "description": "replace: the token instead of the text; prefix: before it (C100 for 100); suffix: after it"},
          "tokens": {"type": "array", "minItems": 1, "items": {"type": "string"},
            "default": ["N/A", "n/a", "-", "?", "#REF!", "TBD", "11teen", "C100", "nan", "undefined"],
            "description": "what is written, each as likely"}
        }
      },
      "examples": [
        {"columns": ["note"], "fraction": 0.2},
        {"columns": ["region", "note"], "mode": "prefix", "tokens": ["C", "x-"], "fraction": 0.4, "exact": true},
        {"columns": ["note"], "mode": "suffix", "tokens": ["teen"], "fraction": 0.1, "where": "flag"}
      ]
    })json";

    explicit JunkToken(const nlohmann::json& params)
        : mode_(params.at("mode").get<std::string>()),
          tokens_(params.at("tokens").get<std::vector<std::string>>()) {
        for (const auto& token : tokens_)
            if (token.empty() && mode_ != "replace")
                throw ParamError("tokens holds an empty one, which changes nothing as a " + mode_);
    }

    [[nodiscard]] bool draws(double /*severity*/) const { return tokens_.size() > 1; }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        std::vector<std::string> texts;
        for (const auto& token : tokens_) texts.push_back(call.text(token));
        std::uint32_t index = 0;
        for (const auto& column : relation.targets()) {
            const auto cell = call.quote(column);
            const auto token = call.chosen(index++, texts);
            const auto when = call.selected() + " AND " + cell + " IS NOT NULL";
            const auto text = mode_ == "replace"  ? token
                              : mode_ == "prefix" ? token + " || " + cell
                                                  : cell + " || " + token;
            // What is longer is another text, and so is a token that the column does not have.
            if (column.type == call.type_name(Family::text) &&
                (mode_ != "replace" || !has_a_token(column, texts, relation, call)))
                out.replace_by_other(column, text, when);
            else
                out.replace(column,
                            "coalesce(" + call.try_cast(text, column.type) + ", " + cell + ")",
                            when);
        }
        return out.build();
    }

  private:
    static bool has_a_token(const Column& column, const std::vector<std::string>& texts,
                            const Relation& relation, const Call& call) {
        std::string list;
        for (const auto& text : texts) list += (list.empty() ? "" : ", ") + text;
        return call
            .value("SELECT 'one' FROM " + relation.from() + " WHERE " + call.quote(column) +
                   " IN (" + list + ") LIMIT 1")
            .has_value();
    }

    std::string mode_;
    std::vector<std::string> tokens_;
};

}  // namespace

FAULTLINE_PLUGIN(JunkToken)
