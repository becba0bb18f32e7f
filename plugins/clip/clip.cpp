#include <limits>
#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// A gauge that saturates: what lies beyond a limit is cut to it. Severity moves the limits in, so
/// what is cut at a lower severity is cut further at a higher one.
class Clip {
  public:
    static constexpr const char* describe = R"json({
      "name": "clip",
      "version": "1.0.0",
      "summary": "Clips numbers to limits (saturation, winsorising): what lies beyond is cut to the limit",
      "keywords": ["censoring", "top-coding", "cap", "ceiling", "floor", "saturated sensor"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "scales": "magnitude",
      "doses_rows": true,
      "at_severity_1": "values are cut to the full limits, or the full share of them at each end",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "tail": {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": 0.5, "default": null,
            "description": "the share of the values cut at each end; 0.05 if no limit is set"},
          "side": {"enum": ["both", "upper", "lower"], "default": "both",
            "description": "tail: at which ends"},
          "lower": {"type": ["number", "null"], "default": null,
            "description": "a lower limit, in the column's unit; with severity it comes up from the smallest value"},
          "upper": {"type": ["number", "null"], "default": null,
            "description": "an upper limit, in the column's unit; with severity it comes down from the largest value"}
        }
      },
      "examples": [
        {"columns": ["score"], "tail": 0.1},
        {"columns": {"type": "numeric"}, "tail": 0.25, "side": "upper", "fraction": 0.5},
        {"columns": ["price"], "lower": 100, "upper": 800, "where": "flag"}
      ]
    })json";

    explicit Clip(const nlohmann::json& params)
        : tail_(stated<double>(params, "tail")),
          lower_(stated<double>(params, "lower")),
          upper_(stated<double>(params, "upper")),
          side_(params.at("side").get<std::string>()) {
        if (tail_ && (lower_ || upper_)) throw ParamError("state tail, or lower and upper");
        if (lower_ && upper_ && *lower_ > *upper_) throw ParamError("lower is above upper");
        if ((lower_ || upper_) && side_ != "both")
            throw ParamError("side goes with tail; state only the limit that is wanted");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        for (const auto& column : relation.targets()) {
            const auto low = limit(column, call, false), high = limit(column, call, true);
            if (!low && !high) continue;
            const auto x = call.as_double(column);
            if (column.type == call.type_name(Family::floating)) {
                out.replace(column, call.clamped(x, low.value_or(call.number(-infinity)),
                                                 high.value_or(call.number(infinity))));
                continue;
            }
            // Of another type only what is cut is written back: it may not survive the way.
            std::string cut = "CASE";
            if (high)  // NaN sorts above every number, and is no measurement to be cut
                cut += " WHEN " + x + " > " + *high + " AND " + x + " <= " + call.number(infinity) +
                       " THEN " + call.back_to(column, *high);
            if (low) cut += " WHEN " + x + " < " + *low + " THEN " + call.back_to(column, *low);
            out.replace(column, cut + " ELSE " + call.quote(column) + " END");
        }
        return out.build();
    }

  private:
    static constexpr double infinity = std::numeric_limits<double>::infinity();

    /// Where the limit stands at this severity, as SQL. For a row of a smaller dose it is that much
    /// nearer to the largest value there is, or the smallest, which is where it cuts nothing.
    [[nodiscard]] std::optional<std::string> limit(const Column& column, const Call& call,
                                                   bool upper) const {
        const auto most = full(column, call, upper);
        if (!most || !call.doses_rows())
            return most ? std::optional(call.number(*most)) : std::nullopt;
        const auto end = upper ? call.largest(column) : call.smallest(column);
        if (!end) return std::nullopt;
        return "(" + call.number(*end) + " + " + call.dose() + " * " + call.number(*most - *end) +
               ")";
    }

    [[nodiscard]] std::optional<double> full(const Column& column, const Call& call,
                                             bool upper) const {
        if (lower_ || upper_) {
            const auto full = upper ? upper_ : lower_,
                       end = upper ? call.largest(column) : call.smallest(column);
            if (!full || !end) return std::nullopt;
            return *end + call.severity() * (*full - *end);
        }
        if (side_ == (upper ? "lower" : "upper")) return std::nullopt;
        const auto share = call.severity() * tail_.value_or(0.05);
        return call.quantile(column, upper ? 1 - share : share);
    }

    std::optional<double> tail_, lower_, upper_;
    std::string side_;
};

}  // namespace

FAULTLINE_PLUGIN(Clip)
