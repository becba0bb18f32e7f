#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Times that have not been yet: a clock that is wrong, a year mistyped.
class FutureTimestamps {
  public:
    static constexpr const char* describe = R"json({
      "name": "future_timestamps",
      "version": "1.0.0",
      "summary": "Sets times beyond the latest one there is",
      "keywords": ["clock skew", "wrong year", "watermark", "event time"],
      "group": "batches",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of the times lies in the future",
      "accepts": ["date", "timestamp"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.05},
      "params": {
        "type": "object",
        "properties": {
          "days": {"type": "number", "exclusiveMinimum": 0, "maximum": 100000, "default": 30,
            "description": "how far beyond the column's latest value at most; each is drawn evenly up to this, in whole seconds, of dates in whole days, upwards"}
        }
      },
      "examples": [
        {"columns": ["at"], "fraction": 0.2},
        {"columns": ["day", "at"], "days": 3650, "exact": true, "fraction": 0.1}
      ]
    })json";

    explicit FutureTimestamps(const nlohmann::json& params)
        : days_(params.at("days").get<double>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        const auto ahead = [&](double most) {
            return "ceil(" + call.uniform(0) + " * " + call.number(most) + ")";
        };
        for (const auto& column : relation.targets()) {
            const auto name = call.quote(column);
            const auto latest =
                call.looked_up(column, "SELECT max(" + name + ") FROM " + relation.from());
            const auto then = column.family == Family::date
                                  ? call.moved(column, latest, ahead(days_), "day")
                                  : call.moved(column, latest, ahead(days_ * 86400), "second");
            const auto when = call.selected() + " AND " + name + " IS NOT NULL";
            // What is beyond the latest is another time than any there is.
            if (latest.find("infinity") == std::string::npos)
                out.replace_by_other(column, then, when);
            else
                out.replace(column, then, when);
        }
        return out.build();
    }

  private:
    double days_;
};

}  // namespace

FAULTLINE_PLUGIN(FutureTimestamps)
