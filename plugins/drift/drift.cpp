#include "faultline/plugin.hpp"
#include "faultline/sdk/amount.hpp"

namespace {

using namespace faultline::sdk;

/// Numbers that move as time goes on: a shift whose `along` is set from the start. The host gives
/// each row its dose; severity scales how far it moves.
class Drift {
  public:
    static constexpr const char* describe = R"json({
      "name": "drift",
      "version": "2.0.0",
      "summary": "Adds a trend, step, ramp, spike or season along time to numbers",
      "keywords": ["data drift", "sensor drift", "seasonality", "regime change", "change point",
        "level shift"],
      "group": "distribution",
      "dose": "continuous",
      "unit": "cell",
      "scales": "magnitude",
      "amounts": [{"param": "relative", "measure": "share"}, {"param": "delta"},
        {"param": "sigmas", "measure": "standard deviations", "otherwise": 1}],
      "doses_rows": true,
      "at_severity_1": "the shape has its full height",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"along": {"shape": "ramp"}},
      "params": {
        "type": "object",
        "properties": {
          "delta": {"type": ["number", "null"], "default": null,
            "description": "the height, in the column's unit"},
          "relative": {"type": ["number", "null"], "default": null,
            "description": "the height, as a share of each value"},
          "sigmas": {"type": ["number", "null"], "default": null,
            "description": "the height, in the column's own standard deviations; 1 if no other is set"}
        }
      },
      "examples": [
        {"columns": ["price"], "relative": 0.5},
        {"columns": ["score"], "delta": 100, "along": {"shape": "step", "start": "2024-01-20"}},
        {"columns": ["score", "qty"], "sigmas": 2, "along": {"shape": "season", "column": "at"}},
        {"columns": ["price"], "delta": 50, "along": {"shape": "spike", "start": 0.4, "end": 0.6}, "fraction": 0.5},
        {"columns": ["score"], "along": {"shape": "trend", "column": "id"}}
      ]
    })json";

    explicit Drift(const nlohmann::json& params) : height_(params, "delta", "relative", "sigmas") {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets())
            out.replace(column, call.computed(column, height_.moved(column, call)));
        auto rewrite = out.build();
        rewrite.identity = height_.is_zero();
        return rewrite;
    }

  private:
    Amount height_;
};

}  // namespace

FAULTLINE_PLUGIN(Drift)
