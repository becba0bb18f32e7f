#include <optional>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/sorted_by.hpp"

namespace {

using namespace faultline::sdk;

/// A step that died half-way, and whose half-written output was taken for the whole. Severity
/// scales what is missing.
class PartialOutput {
  public:
    static constexpr const char* describe = R"json({
      "name": "partial_output",
      "version": "1.0.0",
      "summary": "Hands on only a part of the rows, as a step does that died while it wrote",
      "keywords": ["partial write", "partial load", "incomplete load", "killed job",
        "interrupted"],
      "group": "process",
      "dose": "continuous",
      "unit": "row",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "keep", "from": 1, "measure": "share"}],
      "at_severity_1": "only the share keep of the rows is there",
      "selects": false,
      "keeps": ["schema"],
      "params": {
        "type": "object",
        "properties": {
          "keep": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5,
            "description": "the share of the rows that had been written, rounded down to whole rows"},
          "part": {"enum": ["prefix", "random"], "default": "prefix",
            "description": "prefix: the first ones; random: any, as where many workers write at once"},
          "order_by": {"type": ["string", "null"], "default": null,
            "description": "prefix: the column in whose order the step writes; not set: the order of the key"}
        }
      },
      "examples": [
        {},
        {"keep": 0.25, "order_by": "at"},
        {"keep": 0.8, "part": "random"}
      ]
    })json";

    explicit PartialOutput(const nlohmann::json& params)
        : keep_(params.at("keep").get<double>()),
          random_(params.at("part") == "random"),
          order_by_(stated<std::string>(params, "order_by")) {
        if (random_ && order_by_) throw ParamError("a random part has no order_by");
    }

    [[nodiscard]] bool draws(double /*severity*/) const { return random_ && keep_ < 1; }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        std::string first = call.rank();
        if (random_) first = call.uniform(0) + ", " + call.key();
        if (order_by_) {
            const auto& column = relation.named(*order_by_);
            if (column.family == Family::nested)
                throw ParamError("order_by is " + column.name + ", a " + column.type +
                                 ", which has no order");
            first = sorted_by(call, column) + " NULLS LAST, " + call.key();
        }
        Projection out(relation, call);
        // A hair more than the product, so that 0.3 of 10 rows is 3 whatever binary makes of 0.3.
        const double share = 1 - call.severity() * (1 - keep_);
        const auto part = "floor(" + call.number(share) + " * ";
        const auto hair = " + " + call.number(1e-9) + ")";
        // In the order of the key a row's rank says where it is, unless earlier faults added some.
        const auto first_of_all =
            "(SELECT " + call.cast(part + "count(*)" + hair, call.type_name(Family::integer)) +
            " FROM " + relation.from() + ")";
        const Column number{"", call.type_name(Family::integer), Family::integer};
        if (!random_ && !order_by_ &&
            call.value("SELECT CASE WHEN count(*) = " + first_of_all + " THEN 'so' END FROM " +
                       relation.from() + " WHERE " + call.rank() + " < " + first_of_all)) {
            out.keep(call.rank() + " < " + call.looked_up(number, "SELECT " + first_of_all));
        } else {
            out.over("SELECT *, row_number() OVER (ORDER BY " + first +
                     ") AS \"__fl_nth\", count(*) OVER () AS \"__fl_of\" FROM " + relation.from());
            out.keep("\"__fl_nth\" <= " + part + "\"__fl_of\"" + hair);
        }
        auto rewrite = out.build();
        rewrite.identity = keep_ == 1;
        return rewrite;
    }

  private:
    double keep_;
    bool random_;
    std::optional<std::string> order_by_;
};

}  // namespace

FAULTLINE_PLUGIN(PartialOutput)
