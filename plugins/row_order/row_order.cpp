#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// The same rows in another order, which a relation does not have.
class RowOrder {
  public:
    static constexpr const char* describe = R"json({
      "name": "row_order",
      "version": "1.0.0",
      "summary": "Hands the same rows on in another order",
      "keywords": ["unordered", "reordering", "sorting", "order by"],
      "group": "benign twins",
      "dose": "binary",
      "unit": "row",
      "draws": true,
      "scales": "nothing",
      "at_severity_1": "the rows come in another order (from severity 0.5 on)",
      "selects": false,
      "keeps": ["schema", "rows"],
      "benign": true,
      "params": {
        "type": "object",
        "properties": {
          "order": {"enum": ["shuffled", "reversed"], "default": "shuffled",
            "description": "shuffled: every order as likely as the next; reversed: by the key, downwards"}
        }
      },
      "examples": [{}, {"order": "reversed"}]
    })json";

    explicit RowOrder(const nlohmann::json& params) : shuffled_(params.at("order") == "shuffled") {}

    [[nodiscard]] bool draws(double /*severity*/) const { return shuffled_; }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        auto out = Projection(relation, call).build();
        out.select += " ORDER BY " +
                      (shuffled_ ? call.uniform(0) + ", " + call.key() : call.rank() + " DESC");
        out.identity = true;  // of no value
        return out;
    }

  private:
    bool shuffled_;
};

}  // namespace

FAULTLINE_PLUGIN(RowOrder)
