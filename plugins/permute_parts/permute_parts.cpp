#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// The parts of a text in another order: "Smith, Ann" for "Ann Smith". Severity scales how many
/// cells.
class PermuteParts {
  public:
    static constexpr const char* describe = R"json({
      "name": "permute_parts",
      "version": "1.0.0",
      "summary": "Puts the parts of a text in another order: family name first, house number before the street",
      "keywords": ["first name last name", "address parts", "swapped words"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "fraction",
      "at_severity_1": "the full fraction of texts has its parts in another order",
      "accepts": ["text"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "separator": {"type": "string", "minLength": 1, "maxLength": 100, "default": " ",
            "description": "what stands between two parts; a text without it stays"},
          "order": {"enum": ["reversed", "last_first", "first_last"], "default": "reversed",
            "description": "reversed: the last part first, and so on; last_first: the last part moves to the front; first_last: the first part moves to the end"},
          "joined_by": {"type": ["string", "null"], "maxLength": 100, "default": null,
            "description": "what stands between two parts afterwards; the separator unless stated"}
        }
      },
      "examples": [
        {"columns": ["note"]},
        {"columns": ["note"], "order": "last_first", "joined_by": ", ", "fraction": 0.4},
        {"columns": ["note", "region"], "separator": "o", "order": "first_last", "fraction": 0.5, "exact": true}
      ]
    })json";

    explicit PermuteParts(const nlohmann::json& params)
        : separator_(params.at("separator").get<std::string>()),
          order_(params.at("order").get<std::string>()),
          joint_(stated<std::string>(params, "joined_by").value_or(separator_)) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets()) {
            const auto text = call.quote(column);
            const auto parts = "string_split(" + text + ", " + call.text(separator_) + ")";
            // Whether there is a second part is seen without making them.
            const auto several = "contains(" + text + ", " + call.text(separator_) + ")";
            const auto moved = order_ == "reversed" ? "list_reverse(" + parts + ")"
                               : order_ == "last_first"
                                   ? "list_concat(" + parts + "[-1:], " + parts + "[:-2])"
                                   : "list_concat(" + parts + "[2:], " + parts + "[:1])";
            const auto joined = "array_to_string(" + moved + ", " + call.text(joint_) + ")";
            const auto now =
                column.type == call.type_name(Family::text)
                    ? joined
                    : "coalesce(" + call.try_cast(joined, column.type) + ", " + text + ")";
            out.replace(column, "CASE WHEN " + several + " THEN " + now + " ELSE " + text + " END");
        }
        return out.build();
    }

  private:
    std::string separator_, order_, joint_;
};

}  // namespace

FAULTLINE_PLUGIN(PermuteParts)
