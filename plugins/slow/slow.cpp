#include <algorithm>
#include <cmath>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A node that takes longer than it should. Severity scales how much longer; the draw of a call is
/// the same at every severity.
class Slow {
  public:
    static constexpr const char* describe = R"json({
      "name": "slow",
      "version": "1.0.0",
      "summary": "Makes a node wait before it runs",
      "keywords": ["latency", "delay", "timeout", "SLA", "performance", "throttling",
        "late data"],
      "group": "process",
      "dose": "continuous",
      "unit": "call",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "seconds", "measure": "seconds"}],
      "at_severity_1": "the node waits for the full time",
      "selects": false,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "seconds": {"type": "number", "minimum": 0, "maximum": 86400, "default": 1,
            "description": "how long: exactly, on average (exponential), or at most (uniform, from 0)"},
          "distribution": {"enum": ["fixed", "exponential", "uniform"], "default": "fixed",
            "description": "fixed: the same each time; exponential: mostly short, now and then long; uniform: anything up to seconds"},
          "seconds_per_million_rows": {"type": "number", "minimum": 0, "maximum": 86400, "default": 0,
            "description": "added for every million rows that the node gives on the unperturbed data"}
        }
      },
      "examples": [
        {"seconds": 0.01},
        {"seconds": 0.005, "distribution": "exponential"},
        {"seconds": 0, "seconds_per_million_rows": 0.01}
      ]
    })json";

    explicit Slow(const nlohmann::json& params)
        : seconds_(params.at("seconds").get<double>()),
          per_million_(params.at("seconds_per_million_rows").get<double>()),
          distribution_(params.at("distribution").get<std::string>()) {}

    [[nodiscard]] bool draws(double /*severity*/) const {
        return distribution_ != "fixed" && seconds_ > 0;
    }

    void before_run(const Execution& execution, const Call& call) const {
        const auto rows = static_cast<double>(std::max<std::int64_t>(0, execution.rows));
        const double full =
            seconds_ * factor(call.draw(execution.call, 0)) + per_million_ * rows / 1e6;
        // Counted first: a time-out ends the wait, and it has been disturbed all the same.
        call.count(full > 0 ? "calls" : "identity", 1);
        call.wait(call.severity() * full);
    }

  private:
    [[nodiscard]] double factor(double u) const {
        if (distribution_ == "exponential") return -std::log(u);
        return distribution_ == "uniform" ? u : 1;
    }

    double seconds_, per_million_;
    std::string distribution_;
};

}  // namespace

FAULTLINE_PLUGIN(Slow)
