#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Rows whose time lies before that of rows which came earlier.
class OutOfOrder {
  public:
    static constexpr const char* describe = R"json({
      "name": "out_of_order",
      "version": "1.0.0",
      "summary": "Sets times back by a drawn delay, so that rows are out of order",
      "keywords": ["unordered", "disorder", "event time", "watermark", "clock skew", "late data"],
      "group": "batches",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of the times is set back",
      "accepts": ["date", "timestamp"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "hours": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000000, "default": 24,
            "description": "the longest delay; each is drawn evenly between nothing and this, in whole seconds, of dates in whole days, upwards"}
        }
      },
      "examples": [
        {"columns": ["at"], "fraction": 0.3},
        {"columns": ["at", "day"], "hours": 72, "exact": true, "fraction": 0.25}
      ]
    })json";

    explicit OutOfOrder(const nlohmann::json& params) : hours_(params.at("hours").get<double>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        // One delay a row: it is the row that was late, whatever times it has.
        const auto delay = [&](double longest) {
            return "-ceil(" + call.uniform(0) + " * " + call.number(longest) + ")";
        };
        for (const auto& column : relation.targets())
            out.replace_by_other(  // at least a second, or a day, before what it was
                column,
                column.family == Family::date
                    ? call.moved(column, call.quote(column), delay(hours_ / 24), "day")
                    : call.moved(column, call.quote(column), delay(hours_ * 3600), "second"),
                call.selected(), "coalesce(isfinite(" + call.quote(column) + "), FALSE)");
        return out.build();
    }

  private:
    double hours_;
};

}  // namespace

FAULTLINE_PLUGIN(OutOfOrder)
