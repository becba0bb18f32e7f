#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A quiet day: a batch with fewer rows than others, and nothing wrong with it.
class Holiday {
  public:
    static constexpr const char* describe = R"json({
      "name": "holiday",
      "version": "1.0.0",
      "summary": "Makes some batches low, as a holiday does",
      "keywords": ["low volume", "weekend", "quiet day", "seasonality"],
      "group": "benign twins",
      "dose": "continuous",
      "unit": "batch",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "keep", "from": 1, "measure": "share"}],
      "doses_rows": true,
      "at_severity_1": "of every batch hit only the share \"keep\" is left",
      "keeps": ["schema", "order"],
      "benign": true,
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "keep": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.6,
            "description": "the share of its rows that a batch hit has still, about: each row is drawn"}
        }
      },
      "examples": [{}, {"keep": 0.3, "fraction": 0.05, "sampling": "latest"}]
    })json";

    explicit Holiday(const nlohmann::json& params) : keep_(params.at("keep").get<double>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto lost = call.doses_rows() ? call.uniform(0) + " < " + call.dosed(1 - keep_)
                                            : call.below(0, call.severity() * (1 - keep_));
        // An engine may ask the parts of an OR in any order, and would draw for every row.
        auto rewrite =
            Projection(relation, call)
                .keep("CASE WHEN " + call.selected() + " THEN NOT " + lost + " ELSE TRUE END")
                .build();
        rewrite.identity = keep_ == 1;
        return rewrite;
    }

  private:
    double keep_;
};

}  // namespace

FAULTLINE_PLUGIN(Holiday)
