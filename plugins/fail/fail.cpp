#include <cstdint>
#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A step that does not come to its end. Severity scales how likely that is; a call that fails at
/// some severity fails at every higher one.
class Fail {
  public:
    static constexpr const char* describe = R"json({
      "name": "fail",
      "version": "1.0.0",
      "summary": "Makes a node fail: always, on certain calls, or by chance",
      "keywords": ["crash", "error", "exception", "outage", "retry", "unavailable",
        "out of memory", "OOM"],
      "group": "process",
      "dose": "continuous",
      "unit": "call",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "probability", "measure": "share"}],
      "at_severity_1": "a call fails with the full probability",
      "selects": false,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "probability": {"type": "number", "minimum": 0, "maximum": 1, "default": 1,
            "description": "how likely it is that a call fails, of those that can"},
          "call": {"type": ["integer", "null"], "minimum": 1, "default": null,
            "description": "only this call can fail; calls are the replicates, from 1. Not set: every call can"},
          "every": {"type": ["integer", "null"], "minimum": 1, "default": null,
            "description": "only each so-manieth call can fail"},
          "message": {"type": "string", "minLength": 1, "maxLength": 1000, "default": "the step failed (injected)",
            "description": "what the failure says"}
        }
      },
      "examples": [
        {},
        {"probability": 0.3, "message": "connection reset by peer"},
        {"call": 3},
        {"every": 2}
      ]
    })json";

    explicit Fail(const nlohmann::json& params)
        : probability_(params.at("probability").get<double>()),
          call_(stated<std::int64_t>(params, "call")),
          every_(stated<std::int64_t>(params, "every")),
          message_(params.at("message").get<std::string>()) {
        if (call_ && every_) throw ParamError("state one of call and every");
    }

    [[nodiscard]] bool draws(double severity) const {
        const auto chance = severity * probability_;
        return chance > 0 && (chance < 1 || call_ || every_.value_or(1) > 1);
    }

    void before_run(const Execution& execution, const Call& call) const {
        const bool its_turn =
            (!call_ || execution.call == *call_) && (!every_ || execution.call % *every_ == 0);
        if (!its_turn || call.draw(execution.call, 0) >= call.severity() * probability_) {
            call.count("identity", 1);  // this time it works
            return;
        }
        call.count("calls", 1);
        throw StepFailure(message_);
    }

  private:
    double probability_;
    std::optional<std::int64_t> call_, every_;
    std::string message_;
};

}  // namespace

FAULTLINE_PLUGIN(Fail)
