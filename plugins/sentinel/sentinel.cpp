#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Missing values written as if they were values: -999, "NULL", 1970-01-01. Severity scales how
/// many cells.
class Sentinel {
  public:
    static constexpr const char* describe = R"json({
      "name": "sentinel",
      "version": "1.0.0",
      "summary": "Writes a sentinel where a value should be or where NULL was: -999, \"NULL\", 1970-01-01",
      "keywords": ["placeholder", "magic number", "disguised missing", "empty string", "redacted",
        "masked", "anonymised", "PII", "epoch"],
      "group": "missing",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of cells holds the sentinel",
      "accepts": ["numeric", "text", "date", "timestamp"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "replaces": {"enum": ["values", "nulls", "both"], "default": "values",
            "description": "values: a value is lost and the sentinel stands for it; nulls: what was NULL is written as the sentinel, as some exports do; both"},
          "number": {"type": "number", "default": -999,
            "description": "the sentinel of numeric columns"},
          "text": {"type": "string", "default": "NULL",
            "description": "the sentinel of text columns; \"\" is the empty string"},
          "time": {"type": "string", "default": "1970-01-01",
            "description": "the sentinel of dates and timestamps"}
        }
      },
      "examples": [
        {"columns": ["score", "price"], "fraction": 0.1},
        {"columns": ["note"], "replaces": "nulls", "text": "", "fraction": 1},
        {"columns": ["day", "at"], "time": "9999-12-31", "fraction": 0.3, "exact": true},
        {"columns": ["region", "qty"], "replaces": "both", "number": 0, "fraction": 0.5}
      ]
    })json";

    explicit Sentinel(const nlohmann::json& params)
        : replaces_(params.at("replaces").get<std::string>()),
          number_(params.at("number").dump()),
          text_(params.at("text").get<std::string>()),
          time_(params.at("time").get<std::string>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets()) {
            const auto value = column.numeric() ? call.constant(column, number_, "number")
                               : column.family == Family::text
                                   ? call.constant(column, text_, "text")
                                   : call.constant(column, time_, "time");
            const auto cell = call.quote(column);
            out.replace(column, value,
                        call.selected() + (replaces_ == "values"  ? " AND " + cell + " IS NOT NULL"
                                           : replaces_ == "nulls" ? " AND " + cell + " IS NULL"
                                                                  : ""));
        }
        return out.build();
    }

  private:
    std::string replaces_, number_, text_, time_;
};

}  // namespace

FAULTLINE_PLUGIN(Sentinel)
