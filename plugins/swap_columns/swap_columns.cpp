#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// The cells of two columns change places: latitude and longitude, first and last name. Severity
/// scales in how many rows.
class SwapColumns {
  public:
    static constexpr const char* describe = R"json({
      "name": "swap_columns",
      "version": "1.0.0",
      "summary": "Exchanges the cells of two columns: latitude and longitude, net and gross",
      "keywords": ["column order", "wrong column", "transposed", "misaligned columns",
        "mapping error"],
      "group": "values",
      "dose": "continuous",
      "unit": "row",
      "scales": "fraction",
      "at_severity_1": "in the full fraction of rows the two cells are exchanged",
      "accepts": ["any"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {"type": "object", "properties": {}},
      "examples": [
        {"columns": ["region", "note"], "fraction": 0.2},
        {"columns": ["qty", "score"], "fraction": 0.6},
        {"columns": ["day", "at"], "fraction": 0.5, "exact": true}
      ]
    })json";

    explicit SwapColumns(const nlohmann::json& /*params*/) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        if (targets.size() != 2)
            throw ParamError("columns must be two, and here are " + std::to_string(targets.size()));
        const auto &a = targets[0], &b = targets[1];
        // A row whose cells do not both fit stays as it is: half an exchange would be another
        // fault. Each cell is read as the other's type once, for the question and for the answer.
        const auto for_a = call.quote("__fl_for_a"), for_b = call.quote("__fl_for_b");
        const auto fit = fits(b, a, for_a, call) + fits(a, b, for_b, call);
        const auto swapped = [&](const Column& column, const std::string& other) {
            return fit.empty() ? other
                               : "CASE WHEN TRUE" + fit + " THEN " + other + " ELSE " +
                                     call.quote(column) + " END";
        };
        return Projection(relation, call)
            .over("SELECT *, " + as(b, a, call) + " AS " + for_a + ", " + as(a, b, call) + " AS " +
                  for_b + " FROM " + relation.from())
            .replace(a, swapped(a, for_a))
            .replace(b, swapped(b, for_b))
            .build();
    }

  private:
    static std::string as(const Column& from, const Column& to, const Call& call) {
        const auto cell = call.quote(from);
        return from.type == to.type ? cell : call.try_cast(cell, to.type);
    }
    static std::string fits(const Column& from, const Column& to, const std::string& cast,
                            const Call& call) {
        // A DOUBLE has a value for every whole number.
        if (from.type == to.type ||
            (from.family == Family::integer && to.type == call.type_name(Family::floating)))
            return {};
        return " AND (" + cast + " IS NOT NULL OR " + call.quote(from) + " IS NULL)";
    }
};

}  // namespace

FAULTLINE_PLUGIN(SwapColumns)
