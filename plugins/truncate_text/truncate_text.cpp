#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Text that did not fit: its end is lost. Severity scales how many cells.
class TruncateText {
  public:
    static constexpr const char* describe = R"json({
      "name": "truncate_text",
      "version": "1.0.0",
      "summary": "Truncates text: a field too narrow, a message cut off",
      "keywords": ["cut off", "truncation", "VARCHAR length", "field width", "shortened"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of texts is cut",
      "accepts": ["text"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "length": {"type": ["integer", "null"], "minimum": 0, "default": null,
            "description": "characters left; shorter texts stay"},
          "share": {"type": ["number", "null"], "minimum": 0, "maximum": 1, "default": null,
            "description": "the share of its characters that is left of each text, rounded down; 0.5 if length is not set"}
        }
      },
      "examples": [
        {"columns": ["note"], "length": 6},
        {"columns": ["region", "note"], "share": 0.7, "fraction": 0.3, "exact": true}
      ]
    })json";

    explicit TruncateText(const nlohmann::json& params)
        : length_(stated<int>(params, "length")), share_(stated<double>(params, "share")) {
        if (length_ && share_) throw ParamError("state one of length and share");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets()) {
            const auto text = call.quote(column);
            const auto length = length_ ? std::to_string(*length_)
                                        : call.cast("floor(length(" + text + ") * " +
                                                        call.number(share_.value_or(0.5)) + ")",
                                                    call.type_name(Family::integer));
            const auto cut = call.try_cast("substr(" + text + ", 1, " + length + ")", column.type);
            // Who is longer than what is left of it is another: nothing is cut to count that.
            if (column.type == call.type_name(Family::text))
                out.replace_by_other(column, "substr(" + text + ", 1, " + length + ")",
                                     call.selected(),
                                     "coalesce(length(" + text + ") > " + length + ", FALSE)");
            else
                out.replace(column, "coalesce(" + cut + ", " + text + ")");
        }
        auto rewrite = out.build();
        rewrite.identity = share_ == 1.0;
        return rewrite;
    }

  private:
    std::optional<int> length_;
    std::optional<double> share_;
};

}  // namespace

FAULTLINE_PLUGIN(TruncateText)
