#include <cmath>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/amount.hpp"

namespace {

using namespace faultline::sdk;

/// Adds random numbers of mean 0. Severity scales their standard deviation; rows and draws stay the
/// same, so a row's error at severity 0.5 is half its error at 1.
class Noise {
  public:
    static constexpr const char* describe = R"json({
      "name": "noise",
      "version": "1.0.0",
      "summary": "Adds random errors of mean 0 to numbers",
      "keywords": ["jitter", "measurement error", "sensor noise", "Gaussian", "perturbed values"],
      "group": "values",
      "dose": "continuous",
      "unit": "cell",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "relative_std", "measure": "share"}, {"param": "std"},
        {"param": "sigma_std", "measure": "standard deviations", "otherwise": 1}],
      "doses_rows": true,
      "at_severity_1": "the errors have the full standard deviation",
      "accepts": ["numeric"],
      "needs_columns": true,
      "keeps": ["schema", "rows", "order"],
      "params": {
        "type": "object",
        "properties": {
          "distribution": {"enum": ["gaussian", "laplace", "uniform"], "default": "gaussian",
            "description": "the shape of the errors; each is scaled to the standard deviation asked for"},
          "std": {"type": ["number", "null"], "minimum": 0, "default": null,
            "description": "the errors' standard deviation, in the column's unit"},
          "relative_std": {"type": ["number", "null"], "minimum": 0, "default": null,
            "description": "the errors' standard deviation, as a share of each value"},
          "sigma_std": {"type": ["number", "null"], "minimum": 0, "default": null,
            "description": "the errors' standard deviation, in the column's own; 1 if no other is set"}
        }
      },
      "examples": [
        {"columns": ["score"], "std": 0.5},
        {"columns": {"type": "numeric"}, "relative_std": 0.3, "distribution": "laplace", "fraction": 0.4},
        {"columns": ["price", "qty"], "sigma_std": 1, "distribution": "uniform", "exact": true, "fraction": 0.25}
      ]
    })json";

    explicit Noise(const nlohmann::json& params)
        : distribution_(params.at("distribution").get<std::string>()),
          deviation_(params, "std", "relative_std", "sigma_std") {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        Projection out(relation, call);
        std::uint32_t index = 0;
        for (const auto& column : relation.targets()) {
            const auto value = call.as_double(column);
            const auto error = this->error(deviation_.full(column, call), index++, call);
            const auto noisy = deviation_.is_relative()
                                   ? value + " * (" + call.number(1) + " + " + error + ")"
                                   : value + " + " + error;
            const auto now = call.computed(column, noisy);
            const auto sure = relation.targets().size() == 1 ? moves_every(column, call) : "";
            if (sure.empty())
                out.replace(column, now);
            else
                out.replace_by_other(column, now, call.selected(),
                                     "CASE WHEN " + sure + " THEN TRUE ELSE " +
                                         call.differs(column, call.quote(column), now) + " END");
        }
        auto rewrite = out.build();
        rewrite.identity = deviation_.is_zero();
        return rewrite;
    }

  private:
    /// SQL of a condition under which an error is never lost in rounding, where it holds in every
    /// row as first received, so that the engine knows it from its statistics and has nothing to
    /// compute again to count what differs; else empty.
    ///
    /// A uniform is at least 2^-33 from the middle, and the errors there at least 1.4 * 2^-33 of
    /// their deviation d, in each of the three shapes. A DOUBLE of size x moves for sure by more
    /// than x * 2^-53: half of the distance to the next. So errors count where |x| <= 2^19 d, and
    /// relative ones, whose 1 + error is rounded as well, where d >= 2^-16 and x is a normal
    /// number.
    [[nodiscard]] std::string moves_every(const Column& column, const Call& call) const {
        if (column.type != call.type_name(Family::floating) || call.doses_rows()) return {};
        const double d = call.severity() * deviation_.full(column, call);
        double low = -0x1p19 * d, high = 0x1p19 * d;
        if (deviation_.is_relative()) {
            low = 1e-290;
            high = 1e300;
        }
        if (!(d >= (deviation_.is_relative() ? 0x1p-16 : 1e-290))) return {};
        const auto of_all = [&](const std::string& aggregate) {
            const auto x = call.finite(column);
            return call.measure("CASE WHEN count(*) = count(" + x + ") THEN " + aggregate + "(" +
                                x + ") END");
        };
        const auto smallest = of_all("min"), largest = of_all("max");
        if (!smallest || !largest || *smallest < low || *largest > high) return {};
        const auto x = call.quote(column);
        return x + " >= " + call.number(low) + " AND " + x + " <= " + call.number(high);
    }
    /// Mean 0 and standard deviation `full`, at the row's severity.
    [[nodiscard]] std::string error(double full, std::uint32_t index, const Call& call) const {
        if (distribution_ == "gaussian" && !call.doses_rows())
            return call.normal(index, call.severity() * full);
        return "(" + call.dosed(full) + " * " + unit_error(index, call) + ")";
    }
    /// Mean 0 and standard deviation 1; every column has a draw of its own.
    [[nodiscard]] std::string unit_error(std::uint32_t index, const Call& call) const {
        if (distribution_ == "gaussian") return call.normal(index);
        const auto u = call.uniform(index);
        const auto half = call.number(0.5);
        if (distribution_ == "uniform")  // variance 1/12
            return "((" + u + " - " + half + ") * " + call.number(std::sqrt(12.0)) + ")";
        // Laplace by inversion; its variance is twice its scale squared.
        return "((CASE WHEN " + u + " < " + half + " THEN ln(2 * " + u + ") ELSE -ln(2 * (1 - " +
               u + ")) END) * " + call.number(std::sqrt(0.5)) + ")";
    }

    std::string distribution_;
    Amount deviation_;
};

}  // namespace

FAULTLINE_PLUGIN(Noise)
