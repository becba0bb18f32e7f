#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Moves values by a constant: a sensor that drifted, a price list in another currency, a clock
/// that is off. Severity scales the constant; the rows stay the same.
class Shift {
  public:
    static constexpr const char* describe = R"json({
      "name": "shift",
      "version": "1.0.0",
      "summary": "Adds a constant to numbers, or days to dates and timestamps",
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "magnitude",
      "at_severity_1": "every selected value is moved by the full amount",
      "accepts": ["numeric", "date", "timestamp"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "delta": {"type": ["number", "null"], "default": null,
            "description": "what is added, in the column's unit"},
          "relative": {"type": ["number", "null"], "default": null,
            "description": "what is added, as a share of each value (0.1: ten per cent more)"},
          "sigmas": {"type": ["number", "null"], "default": null,
            "description": "what is added, in the column's own standard deviations; 1 if neither delta nor relative is set"},
          "days": {"type": ["number", "null"], "default": null,
            "description": "what is added to dates (whole days) and timestamps; 1 if not set"}
        }
      },
      "examples": [
        {"columns": ["score"], "delta": 2.5},
        {"columns": {"type": "numeric"}, "relative": -0.2, "fraction": 0.3},
        {"columns": ["qty", "price"], "sigmas": 2, "where": "region = 'north'"},
        {"columns": ["day", "at"], "days": 3, "fraction": 0.5, "exact": true}
      ]
    })json";

    explicit Shift(const nlohmann::json& params)
        : delta_(number(params, "delta")),
          relative_(number(params, "relative")),
          sigmas_(number(params, "sigmas")),
          days_(number(params, "days")) {
        if ((delta_ ? 1 : 0) + (relative_ ? 1 : 0) + (sigmas_ ? 1 : 0) > 1)
            throw ParamError("state one of delta, relative and sigmas");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        check(targets);
        Projection out(relation, call);
        bool moves = false;
        for (const auto& column : targets) {
            const auto amount =
                call.severity() * (column.numeric() ? size(column, call) : days_.value_or(1));
            moves = moves || amount != 0 || (sigmas() && !delta_);
            out.replace(column, column.numeric() ? moved_number(column, amount, call)
                                                 : moved_time(column, amount, call));
        }
        auto rewrite = out.build();
        rewrite.identity = !moves;
        return rewrite;
    }

  private:
    static std::optional<double> number(const nlohmann::json& params, const char* name) {
        return params.contains(name) ? std::optional(params.at(name).get<double>()) : std::nullopt;
    }
    [[nodiscard]] bool sigmas() const { return !delta_ && !relative_ && sigmas_.value_or(1) != 0; }

    /// An amount that fits none of the columns is a slip of the pen.
    void check(const std::vector<Column>& targets) const {
        bool numbers = false, times = false;
        for (const auto& column : targets) (column.numeric() ? numbers : times) = true;
        const bool sized = delta_ || relative_ || sigmas_;
        if (sized && !numbers)
            throw ParamError("delta, relative and sigmas move numbers; state days");
        if (days_ && !times)
            throw ParamError("days moves dates and timestamps; state delta, relative or sigmas");
        if (times && sized && !days_)
            throw ParamError("state days as well: among the columns are dates or timestamps");
    }

    [[nodiscard]] double size(const Column& column, const Call& call) const {
        if (delta_) return *delta_;
        if (relative_) return *relative_;
        return sigmas_.value_or(1) * call.deviation(column);
    }

    [[nodiscard]] std::string moved_number(const Column& column, double amount,
                                           const Call& call) const {
        const auto value = call.as_double(column);
        const auto moved = relative_ ? value + " * " + call.number(1 + amount)
                                     : value + " + " + call.number(amount);
        return call.back_to(column, moved);
    }

    static std::string moved_time(const Column& column, double days, const Call& call) {
        const auto whole = column.family == Family::date
                               ? std::to_string(std::llround(days)) + " days"
                               : std::to_string(std::llround(days * 86'400e6)) + " microseconds";
        const auto interval = call.cast(call.text(whole), call.type_name(Family::interval));
        return call.cast(call.quote(column) + " + " + interval, column.type);
    }

    std::optional<double> delta_, relative_, sigmas_, days_;
};

}  // namespace

FAULTLINE_PLUGIN(Shift)
