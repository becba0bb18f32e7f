#include <cmath>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Batches of another size: a campaign, a bot, a half-filled queue. Severity scales the size from
/// as it is to the full factor.
class BatchVolume {
  public:
    static constexpr const char* describe = R"json({
      "name": "batch_volume",
      "version": "1.0.0",
      "summary": "Makes batches a factor larger or smaller",
      "keywords": ["traffic spike", "surge", "load", "volume anomaly", "row count"],
      "group": "batches",
      "dose": "continuous",
      "unit": "batch",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "factor", "from": 1, "measure": "times"}],
      "doses_rows": true,
      "at_severity_1": "every batch hit has the full factor of rows",
      "keeps": ["schema"],
      "defaults": {"fraction": 0.2},
      "params": {
        "type": "object",
        "properties": {
          "factor": {"type": "number", "minimum": 0, "maximum": 1000, "default": 3,
            "description": "how many times as many rows a batch hit has; below 1: fewer"},
          "keys": {"enum": ["new", "same"], "default": "new",
            "description": "new: rows that come have a key of their own; same: that of the row they copy"}
        }
      },
      "examples": [
        {"fraction": 0.3},
        {"factor": 2.5, "keys": "same", "sampling": "latest", "fraction": 0.1},
        {"factor": 0.4, "fraction": 0.5, "where": "region = 'north'"}
      ]
    })json";

    explicit BatchVolume(const nlohmann::json& params)
        : factor_(params.at("factor").get<double>()), new_keys_(params.at("keys") == "new") {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto factor = 1 + call.severity() * (factor_ - 1);
        Multiplied out(relation, call,
                       "CASE WHEN " + call.selected() + " THEN " +
                           Multiplied::about_factor(factor_ - 1, call, 0) + " ELSE 1 END",
                       static_cast<int>(std::ceil(factor)), factor_ >= 1 ? 1 : 0);
        if (factor_ > 1 && factor <= 2)
            out.twice_where("CASE WHEN " + call.selected() + " THEN " +
                            Multiplied::about_two(factor_ - 1, call, 0) + " ELSE FALSE END");
        else if (factor_ > 1 && std::floor(factor) == factor && !call.doses_rows())
            out.most_where(call.selected());
        if (new_keys_ && factor_ > 1) out.with_new_keys();
        auto rewrite = out.build();
        rewrite.identity = factor_ == 1;
        return rewrite;
    }

  private:
    double factor_;
    bool new_keys_;
};

}  // namespace

FAULTLINE_PLUGIN(BatchVolume)
