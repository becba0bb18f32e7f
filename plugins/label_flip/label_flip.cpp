#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/categories.hpp"

namespace {

using namespace faultline::sdk;

/// Labels of a class go wrong, in the ways that the literature on label noise tells apart.
/// Severity scales how many rows are hit, so that the chance of going from one class to another is
/// severity x fraction x the matrix.
class LabelFlip {
  public:
    static constexpr const char* describe = R"json({
      "name": "label_flip",
      "version": "1.0.0",
      "summary": "Flips class labels: completely at random (NCAR), by class with a transition matrix (NAR), or by other columns (NNAR)",
      "keywords": ["label noise", "mislabelled", "wrong labels", "annotation error",
        "confusion matrix"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "fraction",
      "at_severity_1": "the full fraction of labels is flipped, each as the pattern or the matrix says",
      "accepts": ["text", "integer", "boolean"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "defaults": {"fraction": 0.1},
      "params": {
        "type": "object",
        "properties": {
          "pattern": {"goes_with": {"to": [null], "matrix": [null]}, "enum": ["uniform", "next"], "default": "uniform",
            "description": "uniform: to any other class of the column, each as likely; next: to the class that follows in order, from the last to the first"},
          "to": {"type": ["string", "number", "boolean", "null"], "default": null,
            "description": "the class that every flipped label gets, instead of pattern"},
          "matrix": {"type": ["object", "null"], "default": null,
            "description": "of the selected rows, the share that goes from one class to another, instead of pattern: {\"cat\": {\"dog\": 0.3}}; what is left of 1 stays, and so do classes that are not named"}
        }
      },
      "examples": [
        {"columns": ["flag"], "fraction": 0.1, "exact": true},
        {"columns": ["region"], "pattern": "next", "fraction": 0.3},
        {"columns": ["qty"], "to": 3, "fraction": 0.2, "mechanism": "at_random_given", "given": "score"},
        {"columns": ["region"], "matrix": {"north": {"south": 0.4, "east": 0.2}, "west": {"east": 1}}, "fraction": 1}
      ]
    })json";

    explicit LabelFlip(const nlohmann::json& params)
        : next_(params.at("pattern") == "next"), to_(stated_value(params, "to")) {
        if (!params.contains("matrix")) return;
        if (to_) throw ParamError("state one of to and matrix");
        const auto shares = [](const std::string& from, const nlohmann::json& row) {
            std::map<std::string, double> out;
            double sum = 0;
            if (!row.is_object()) throw ParamError("matrix/" + from + " must be an object");
            for (const auto& [to, share] : row.items()) {
                if (!share.is_number() || share < 0 || share > 1)
                    throw ParamError("matrix/" + from + "/" + to + " must be a share from 0 to 1");
                sum += out[to] = share.get<double>();
            }
            if (sum > 1 + 1e-9)
                throw ParamError("the shares of matrix/" + from + " are more than 1 together");
            return out;
        };
        for (const auto& [from, row] : params.at("matrix").items())
            matrix_[from] = shares(from, row);
        if (matrix_.empty()) throw ParamError("matrix names no class");
    }

    [[nodiscard]] bool draws(double /*severity*/) const {
        return !matrix_.empty() || (!to_ && !next_);
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        Categories categories(relation, call);
        std::uint32_t index = 0;
        for (const auto& column : relation.targets()) {
            const auto draw = call.uniform(index++);
            if (!matrix_.empty()) {
                out.replace(column, by_matrix(column, draw, call));
            } else if (to_) {
                out.replace(column, known_class(column, *to_, "to", call),
                            call.selected() + " AND " + call.quote(column) + " IS NOT NULL");
            } else {
                categories.read(column);
                const auto other =
                    next_ ? categories.next(column) : categories.another(column, draw);
                if (categories.has_others(column))
                    out.replace_by_other(
                        column, other,
                        call.selected() + " AND " + call.quote(column) + " IS NOT NULL");
                else
                    out.replace(column, other);
            }
        }
        if (matrix_.empty() && !to_) out.over(categories.select());
        return out.build();
    }

  private:
    /// A class as a literal. One that the column does not have is a slip of the pen; with no rows
    /// at all nobody knows.
    static std::string known_class(const Column& column, const std::string& value,
                                   const std::string& param, const Call& call) {
        const auto literal = call.constant(column, value, "a class of " + param);
        if (call.measure("CASE WHEN count(*) > 0 AND coalesce(sum(CASE WHEN " + call.quote(column) +
                         " = " + literal + " THEN 1 ELSE 0 END), 0) = 0 THEN 1 ELSE 0 END") == 1.0)
            throw ParamError(param + " names class \"" + value + "\", which column " + column.name +
                             " does not have");
        return literal;
    }

    [[nodiscard]] std::string by_matrix(const Column& column, const std::string& draw,
                                        const Call& call) const {
        const auto cell = call.quote(column);
        std::string out = "CASE";
        for (const auto& [from, row] : matrix_) {
            const auto is = cell + " = " + known_class(column, from, "matrix", call);
            out += " WHEN " + is + " THEN CASE";
            double below = 0;
            for (const auto& [to, share] : row)
                out += " WHEN " + draw + " < " + call.number(below += share) + " THEN " +
                       known_class(column, to, "matrix", call);
            out += (row.empty() ? " WHEN FALSE THEN " + cell : "") + " ELSE " + cell + " END";
        }
        return out + " ELSE " + cell + " END";
    }

    bool next_;
    std::optional<std::string> to_;
    std::map<std::string, std::map<std::string, double>> matrix_;
};

}  // namespace

FAULTLINE_PLUGIN(LabelFlip)
