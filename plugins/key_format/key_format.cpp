#include <cstdint>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// The same key written otherwise: it still reads as the same to people and joins to nothing.
class KeyFormat {
  public:
    static constexpr const char* describe = R"json({
      "name": "key_format",
      "version": "1.0.0",
      "summary": "Writes keys otherwise: padded, cased, prefixed, as text, zeros lost",
      "keywords": ["leading zeros", "id format", "join key mismatch", "prefix",
        "system migration", "casing"],
      "group": "keys",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of the keys is written otherwise",
      "accepts": ["integer", "text"],
      "keeps": ["rows", "order"],
      "params": {
        "type": "object",
        "required": ["mode"],
        "properties": {
          "mode": {"enum": ["zeros", "zeros_lost", "upper", "lower", "prefix", "space", "decimal", "text"],
            "description": "zeros: 7 as 0000000007, -7 as -000000007; zeros_lost: 007 as 7; upper, lower: the case of letters; prefix: 7 as ID-7; space: a blank at the end; decimal: 7 as 7.0; text: whole numbers become text, each as it is"},
          "width": {"goes_with": {"mode": ["zeros"]}, "type": "integer", "minimum": 1, "maximum": 100, "default": 10,
            "description": "zeros: how many characters the key has at least"},
          "prefix": {"goes_with": {"mode": ["prefix"]}, "type": "string", "minLength": 1, "default": "ID-",
            "description": "prefix: what comes in front"}
        }
      },
      "examples": [
        {"mode": "zeros"},
        {"mode": "prefix", "columns": ["id"], "fraction": 0.5},
        {"mode": "upper", "columns": ["region"], "fraction": 0.3, "exact": true},
        {"mode": "decimal", "columns": ["qty", "region"], "fraction": 0.4}
      ]
    })json";

    explicit KeyFormat(const nlohmann::json& params)
        : mode_(params.value("mode", "")),
          width_(params.at("width").get<std::int64_t>()),
          prefix_(params.at("prefix").get<std::string>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto columns = relation.targets_or_key();
        Projection out(relation, call);
        bool numbers = false;
        for (const auto& column : columns) {
            check(column);
            const auto text = call.cast(call.quote(column), call.type_name(Family::text));
            const auto otherwise = written(text, column.family == Family::integer, call);
            numbers = numbers || column.family == Family::integer;
            if (column.family == Family::integer)
                out.retyped_as(column, "CASE WHEN " + call.selected() + " THEN " + otherwise +
                                           " ELSE " + text + " END");
            else if (column.type == call.type_name(Family::text) && lengthens())
                out.replace_by_other(column, otherwise,
                                     call.selected() + " AND " + text + " IS NOT NULL");
            else
                out.replace(column, "coalesce(" + call.try_cast(otherwise, column.type) + ", " +
                                        call.quote(column) + ")");
        }
        auto rewrite = out.build();
        if (numbers) rewrite.answer_key = written_otherwise(columns, relation, call);
        return rewrite;
    }

  private:
    /// Counts the cells whose text is another. (That 0000000007 can be read back as 7 is no comfort
    /// to a join.)
    [[nodiscard]] std::string written_otherwise(const std::vector<Column>& columns,
                                                const Relation& relation, const Call& call) const {
        std::string any, cells;
        for (const auto& column : columns) {
            const auto text = call.cast(call.quote(column), call.type_name(Family::text));
            auto now = written(text, column.family == Family::integer, call);
            if (column.family != Family::integer)  // what its type does not hold stays
                now = call.cast(
                    "coalesce(" + call.try_cast(now, column.type) + ", " + call.quote(column) + ")",
                    call.type_name(Family::text));
            const auto differs = call.differs(text, now);
            any += (any.empty() ? "" : " OR ") + differs;
            cells += ", count(CASE WHEN " + differs + " THEN 1 END) AS " +
                     call.quote("cells:" + column.name);
        }
        return "SELECT 0 AS rows_added, 0 AS rows_removed, count(CASE WHEN " + any +
               " THEN 1 END) AS rows_changed" + cells + " FROM " + relation.from() + " WHERE " +
               call.selected();
    }

    /// Is what is written always longer than what was there?
    [[nodiscard]] bool lengthens() const {
        return mode_ == "space" || mode_ == "decimal" || (mode_ == "prefix" && !prefix_.empty());
    }
    void check(const Column& column) const {
        const bool whole = column.family == Family::integer;
        if (!whole && column.family != Family::text)
            throw ParamError("the key " + column.name + " is a " + column.type +
                             ": only whole numbers and text are written otherwise");
        if (whole && (mode_ == "upper" || mode_ == "lower" || mode_ == "zeros_lost"))
            throw ParamError("a whole number such as " + column.name + " has no " +
                             (mode_ == "zeros_lost" ? "leading zeros" : "letters"));
        if (!whole && mode_ == "text") throw ParamError(column.name + " is text already");
    }

    [[nodiscard]] std::string written(const std::string& text, bool whole, const Call& call) const {
        if (mode_ == "upper" || mode_ == "lower") return mode_ + "(" + text + ")";
        if (mode_ == "prefix") return call.text(prefix_) + " || " + text;
        if (mode_ == "space") return text + " || ' '";
        if (mode_ == "decimal") return text + " || '.0'";
        if (mode_ == "zeros") {
            const auto width = std::to_string(width_);
            const auto zeros = "repeat('0', " + width + " - length(" + text + "))";
            const auto padded = whole ? "CASE WHEN " + text + " LIKE '-%' THEN '-' || " + zeros +
                                            " || substr(" + text + ", 2) ELSE " + zeros + " || " +
                                            text + " END"
                                      : zeros + " || " + text;
            return "CASE WHEN length(" + text + ") < " + width + " THEN " + padded + " ELSE " +
                   text + " END";
        }
        if (mode_ == "zeros_lost")  // a zero alone stays one
            return "CASE WHEN " + text + " <> '' AND ltrim(" + text +
                   ", '0') = '' THEN '0' ELSE "
                   "ltrim(" +
                   text + ", '0') END";
        return text;
    }

    std::string mode_;
    std::int64_t width_;
    std::string prefix_;
};

}  // namespace

FAULTLINE_PLUGIN(KeyFormat)
