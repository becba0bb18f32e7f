#include <cstdint>
#include <optional>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/categories.hpp"

namespace {

using namespace faultline::sdk;

/// Codes and names from a list go wrong: another entry, one that is not on it, or the same one
/// spelt differently. Severity scales how many cells.
class Category {
  public:
    static constexpr const char* describe = R"json({
      "name": "category",
      "version": "1.0.0",
      "summary": "Changes categories: to another existing one, to a new one, or in upper and lower case or white space",
      "keywords": ["enum", "unknown code", "unseen category", "casing", "capitalisation",
        "whitespace", "trailing blanks", "trim"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of cells holds the wrong category",
      "accepts": ["text", "integer", "boolean"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "mode": {"enum": ["other", "new", "case", "whitespace"], "default": "other",
            "description": "other: one of the column's other values, each as likely; new: a value it never had; case: the same text in upper case, lower case or capitalised; whitespace: a space before, after or twice within"},
          "value": {"type": ["string", "number", "null"], "default": null,
            "description": "new: the value; if not set, 'unseen' in text columns and one above the largest in whole numbers"}
        }
      },
      "examples": [
        {"columns": ["region"], "fraction": 0.2},
        {"columns": ["region", "qty"], "mode": "new", "fraction": 0.3},
        {"columns": ["note"], "mode": "case", "fraction": 0.4, "exact": true},
        {"columns": ["region", "note"], "mode": "whitespace", "fraction": 0.5},
        {"columns": ["flag", "qty"], "mode": "other", "where": "region = 'east'", "fraction": 0.5}
      ]
    })json";

    explicit Category(const nlohmann::json& params)
        : mode_(params.at("mode").get<std::string>()), value_(stated_value(params, "value")) {
        if (value_ && mode_ != "new") throw ParamError("value goes with mode new");
    }

    [[nodiscard]] bool draws(double /*severity*/) const { return mode_ != "new"; }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        Categories categories(relation, call);
        std::uint32_t index = 0;
        for (const auto& column : relation.targets()) {
            const auto draw = call.uniform(index++);
            const auto hit = call.selected() + " AND " + call.quote(column) + " IS NOT NULL";
            if (mode_ == "other") {
                categories.read(column);
                const auto other = categories.another(column, draw);
                if (categories.has_others(column))
                    out.replace_by_other(column, other, hit);
                else
                    out.replace(column, other);
                continue;
            }
            if (mode_ != "new" && column.family != Family::text)
                throw ParamError("mode " + mode_ + " is for text; column " + column.name +
                                 " is a " + column.type);
            const auto now = mode_ == "new"    ? unseen(column, call)
                             : mode_ == "case" ? recased(column, draw, call)
                                               : spaced(column, draw, call);
            out.replace(
                column,
                "coalesce(" + call.try_cast(now, column.type) + ", " + call.quote(column) + ")",
                hit);
        }
        if (mode_ == "other") out.over(categories.select());
        return out.build();
    }

  private:
    [[nodiscard]] std::string unseen(const Column& column, const Call& call) const {
        if (value_) return call.constant(column, *value_, "value");
        if (column.family == Family::text) return call.constant(column, "unseen", "value");
        if (column.family == Family::boolean)
            throw ParamError("column " + column.name + " is a " + column.type +
                             ", which has no third value");
        return call.number(call.largest(column).value_or(0) + 1);
    }

    /// Of the three spellings, the first from a drawn one on that differs.
    static std::string recased(const Column& column, const std::string& draw, const Call& call) {
        const auto c = call.quote(column);
        const auto upper = "upper(" + c + ")", lower = "lower(" + c + ")",
                   capital = "upper(substr(" + c + ", 1, 1)) || lower(substr(" + c + ", 2))";
        const auto below = [&](double share) { return draw + " < " + call.number(share); };
        return "CASE WHEN " + below(1.0 / 3) + " AND " + upper + " <> " + c + " THEN " + upper +
               " WHEN " + below(2.0 / 3) + " AND " + lower + " <> " + c + " THEN " + lower +
               " WHEN " + capital + " <> " + c + " THEN " + capital + " WHEN " + upper + " <> " +
               c + " THEN " + upper + " ELSE " + lower + " END";
    }

    static std::string spaced(const Column& column, const std::string& draw, const Call& call) {
        const auto c = call.quote(column);
        const auto space = call.text(" ");
        return "CASE WHEN " + draw + " < " + call.number(1.0 / 3) + " THEN " + space + " || " + c +
               " WHEN " + draw + " < " + call.number(2.0 / 3) + " OR replace(" + c + ", " + space +
               ", " + call.text("  ") + ") = " + c + " THEN " + c + " || " + space +
               " ELSE replace(" + c + ", " + space + ", " + call.text("  ") + ") END";
    }

    std::string mode_;
    std::optional<std::string> value_;
};

}  // namespace

FAULTLINE_PLUGIN(Category)
