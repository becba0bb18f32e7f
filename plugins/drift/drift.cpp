#include <cmath>
#include <optional>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Numbers that move as time goes on. Severity scales how far; the shape stays.
class Drift {
  public:
    static constexpr const char* describe = R"json({
      "name": "drift",
      "version": "1.0.0",
      "summary": "Adds a trend, step, ramp, spike or season along time to numbers",
      "group": "distribution",
      "dose": "continuous",
      "unit": "cell",
      "scales": "magnitude",
      "at_severity_1": "the shape has its full height",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "shape": {"enum": ["trend", "step", "ramp", "spike", "season"], "default": "ramp",
            "description": "trend: from nothing at the first time to full height at the last; step: nothing before start, full from there; ramp: nothing before start, full from end; spike: full between start and end; season: a sine wave of that many cycles, up and down"},
          "along": {"type": ["string", "null"], "minLength": 1, "default": null,
            "description": "the column that says when: a date, timestamp or number (not set: the batch column)"},
          "start": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5,
            "description": "where along the time from the first (0) to the last (1) the shape begins"},
          "end": {"type": "number", "minimum": 0, "maximum": 1, "default": 1,
            "description": "where it ends: ramp and spike"},
          "cycles": {"type": "number", "exclusiveMinimum": 0, "default": 4,
            "description": "season: how many waves between the first and the last time"},
          "delta": {"type": ["number", "null"], "default": null,
            "description": "the height, in the column's unit"},
          "relative": {"type": ["number", "null"], "default": null,
            "description": "the height, as a share of each value"},
          "sigmas": {"type": ["number", "null"], "default": null,
            "description": "the height, in the column's own standard deviations; 1 if no other is set"}
        }
      },
      "examples": [
        {"columns": ["price"], "relative": 0.5},
        {"columns": ["score"], "shape": "step", "start": 0.7, "delta": 100},
        {"columns": ["score", "qty"], "shape": "season", "along": "at", "sigmas": 2},
        {"columns": ["price"], "shape": "spike", "start": 0.4, "end": 0.6, "delta": 50, "fraction": 0.5},
        {"columns": ["score"], "shape": "trend", "along": "id"}
      ]
    })json";

    explicit Drift(const nlohmann::json& params)
        : shape_(params.at("shape").get<std::string>()),
          along_(params.value("along", "")),
          start_(params.at("start").get<double>()),
          end_(params.at("end").get<double>()),
          cycles_(params.at("cycles").get<double>()) {
        const auto read = [&](const char* name) {
            return params.contains(name) ? std::optional(params.at(name).get<double>())
                                         : std::nullopt;
        };
        delta_ = read("delta");
        relative_ = read("relative");
        sigmas_ = read("sigmas");
        if ((delta_ ? 1 : 0) + (relative_ ? 1 : 0) + (sigmas_ ? 1 : 0) > 1)
            throw ParamError("state one of delta, relative and sigmas");
        if ((shape_ == "ramp" || shape_ == "spike") && end_ <= start_)
            throw ParamError("a " + shape_ + " ends after it starts: end is not above start");
    }

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto& time = along_.empty() ? relation.batch() : relation.named(along_);
        const auto height =
            "coalesce(" + height_at(place(time, call), call) + ", " + call.number(0) + ")";
        Projection out(relation, call);
        for (const auto& column : relation.targets()) {
            const auto value = call.as_double(column);
            const auto full = call.number(call.severity() * size(column, call));
            const auto moved =
                relative_ ? value + " * (" + call.number(1) + " + " + full + " * " + height + ")"
                          : value + " + " + full + " * " + height;
            out.replace(column, call.back_to(column, moved));
        }
        auto rewrite = out.build();
        rewrite.identity = delta_ == 0.0 || relative_ == 0.0 || sigmas_ == 0.0;
        return rewrite;
    }

  private:
    [[nodiscard]] double size(const Column& column, const Call& call) const {
        if (delta_) return *delta_;
        if (relative_) return *relative_;
        return sigmas_.value_or(1) * call.deviation(column);
    }

    /// Where a row is between the first time (0) and the last (1), as first received.
    static std::string place(const Column& time, const Call& call) {
        std::string number;
        if (time.family == Family::date || time.family == Family::timestamp)
            number = call.cast("extract(epoch FROM " + call.quote(time) + ")",
                               call.type_name(Family::floating));
        else if (time.numeric())
            number = call.as_double(time);
        else
            throw ParamError("a drift goes along a date, a timestamp or a number, and " +
                             time.name + " is a " + time.type);
        const auto first = call.measure("min(" + number + ")").value_or(0),
                   last = call.measure("max(" + number + ")").value_or(0);
        const auto span = last > first ? last - first : 1;
        return "((" + number + " - " + call.number(first) + ") / " + call.number(span) + ")";
    }

    /// The shape at `x`: 1 is its full height.
    [[nodiscard]] std::string height_at(const std::string& x, const Call& call) const {
        const auto zero = call.number(0), one = call.number(1), start = call.number(start_);
        if (shape_ == "trend") return x;
        if (shape_ == "season")
            return "sin(" + x + " * " + call.number(cycles_ * 2 * std::acos(-1.0)) + ")";
        if (shape_ == "step") return "CASE WHEN " + x + " >= " + start + " THEN " + one + " END";
        if (shape_ == "spike")
            return "CASE WHEN " + x + " >= " + start + " AND " + x + " <= " + call.number(end_) +
                   " THEN " + one + " END";
        return "CASE WHEN " + x + " <= " + start + " THEN " + zero + " WHEN " + x +
               " >= " + call.number(end_) + " THEN " + one + " ELSE (" + x + " - " + start +
               ") / " + call.number(end_ - start_) + " END";
    }

    std::string shape_, along_;
    double start_, end_, cycles_;
    std::optional<double> delta_, relative_, sigmas_;
};

}  // namespace

FAULTLINE_PLUGIN(Drift)
