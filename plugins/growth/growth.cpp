#include <cmath>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Somewhat more rows, spread as they were: business is good.
class Growth {
  public:
    static constexpr const char* describe = R"json({
      "name": "growth",
      "version": "1.0.0",
      "summary": "Adds a plausible share of new rows like those there are",
      "keywords": ["organic growth", "more rows", "volume", "business as usual"],
      "group": "benign twins",
      "dose": "continuous",
      "unit": "row",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "more", "measure": "share"}],
      "doses_rows": true,
      "at_severity_1": "the rows hit are more by the full share",
      "keeps": ["schema"],
      "benign": true,
      "params": {
        "type": "object",
        "properties": {
          "more": {"type": "number", "minimum": 0, "maximum": 10, "default": 0.1,
            "description": "how many more rows there are, as a share: 0.1 is ten per cent"}
        }
      },
      "examples": [{}, {"more": 0.25, "sampling": "latest", "fraction": 0.5}]
    })json";

    explicit Growth(const nlohmann::json& params) : more_(params.at("more").get<double>()) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto most = static_cast<int>(std::ceil(1 + call.severity() * more_));
        Multiplied out(relation, call,
                       "CASE WHEN " + call.selected() + " THEN " +
                           Multiplied::about_factor(more_, call, 0) + " ELSE 1 END",
                       most, 1);
        if (most == 2)
            out.twice_where("CASE WHEN " + call.selected() + " THEN " +
                            Multiplied::about_two(more_, call, 0) + " ELSE FALSE END");
        // Keys that repeat would be no growth but a fault, so that there is no parameter for it.
        try {
            out.with_new_keys();
        } catch (const ParamError&) {
            throw ParamError(
                "new rows need a key, and no part of the declared one is a whole number or text: "
                "batch_volume and resample repeat keys with \"keys\": \"same\"");
        }
        auto rewrite = out.build();
        rewrite.identity = more_ == 0;
        return rewrite;
    }

  private:
    double more_;
};

}  // namespace

FAULTLINE_PLUGIN(Growth)
