#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A node that never comes back. Whoever waits for it needs a time-out, which is what it tests.
class Hang {
  public:
    static constexpr const char* describe = R"json({
      "name": "hang",
      "version": "1.0.0",
      "summary": "Makes a node hang until its time-out ends it",
      "keywords": ["timeout", "deadlock", "unresponsive", "stuck job"],
      "group": "process",
      "dose": "binary",
      "unit": "call",
      "scales": "nothing",
      "at_severity_1": "the node never comes back (from severity 0.5 on)",
      "selects": false,
      "hangs": true,
      "keeps": ["schema", "rows", "order"],
      "params": {"type": "object", "properties": {}},
      "examples": [{}]
    })json";

    explicit Hang(const nlohmann::json& /*params*/) {}

    void before_run(const Execution& /*execution*/, const Call& call) const {
        call.count("calls", 1);
        for (;;) call.wait(3600);  // throws when its time is up
    }
};

}  // namespace

FAULTLINE_PLUGIN(Hang)
