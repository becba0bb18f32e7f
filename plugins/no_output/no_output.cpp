#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A step that reports success and has written nothing: the columns are there, the rows are not.
class NoOutput {
  public:
    static constexpr const char* describe = R"json({
      "name": "no_output",
      "version": "1.0.0",
      "summary": "Hands on no rows at all, with the right columns, as if all were well",
      "keywords": ["empty result", "zero rows", "silent failure"],
      "group": "process",
      "dose": "binary",
      "unit": "row",
      "scales": "nothing",
      "at_severity_1": "there is no row (from severity 0.5 on)",
      "selects": false,
      "keeps": ["schema", "order"],
      "params": {"type": "object", "properties": {}},
      "examples": [{}]
    })json";

    explicit NoOutput(const nlohmann::json& /*params*/) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        return Projection(relation, call).keep("FALSE").build();
    }
};

}  // namespace

FAULTLINE_PLUGIN(NoOutput)
