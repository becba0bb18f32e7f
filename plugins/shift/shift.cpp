#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"
#include "faultline/sdk/amount.hpp"

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
      "keywords": ["offset", "bias", "calibration", "off by one", "covariate shift",
        "level shift"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "magnitude",
      "amounts": [{"param": "relative", "measure": "share"}, {"param": "delta"},
        {"param": "sigmas", "measure": "standard deviations"},
        {"param": "days", "measure": "days", "otherwise": 1}],
      "doses_rows": true,
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
        : amount_(params, "delta", "relative", "sigmas"), days_(stated<double>(params, "days")) {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto targets = relation.targets();
        check(targets);
        Projection out(relation, call);
        bool moves = false;
        for (const auto& column : targets) {
            moves = moves || (column.numeric() ? !amount_.is_zero() : days_ != 0.0);
            out.replace(column, column.numeric()
                                    ? call.computed(column, amount_.moved(column, call))
                                    : moved_time(column, call));
        }
        auto rewrite = out.build();
        rewrite.identity = !moves;
        return rewrite;
    }

  private:
    /// An amount that fits none of the columns is a slip of the pen.
    void check(const std::vector<Column>& targets) const {
        bool numbers = false, times = false;
        for (const auto& column : targets) (column.numeric() ? numbers : times) = true;
        const bool sized = amount_.is_stated();
        if (sized && !numbers)
            throw ParamError("delta, relative and sigmas move numbers; state days");
        if (days_ && !times)
            throw ParamError("days moves dates and timestamps; state delta, relative or sigmas");
        if (times && sized && !days_)
            throw ParamError("state days as well: among the columns are dates or timestamps");
    }

    [[nodiscard]] std::string moved_time(const Column& column, const Call& call) const {
        const bool whole_days = column.family == Family::date;
        if (call.doses_rows())
            return whole_days ? call.moved(column, call.quote(column),
                                           "round(" + call.dosed(days_.value_or(1)) + ")", "day")
                              : call.moved(column, call.quote(column),
                                           call.dosed(days_.value_or(1) * 86'400), "second");
        const auto days = call.severity() * days_.value_or(1);
        const auto whole = whole_days
                               ? std::to_string(std::llround(days)) + " days"
                               : std::to_string(std::llround(days * 86'400e6)) + " microseconds";
        const auto interval = call.cast(call.text(whole), call.type_name(Family::interval));
        return call.cast(call.quote(column) + " + " + interval, column.type);
    }

    Amount amount_;
    std::optional<double> days_;
};

}  // namespace

FAULTLINE_PLUGIN(Shift)
