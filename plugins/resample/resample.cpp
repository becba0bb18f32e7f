#include <algorithm>
#include <cmath>
#include <string>

#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Another mix of rows: a segment that grew or shrank, a sample that favours some. The segment is
/// what the selection hits. Severity scales its weight from 1 to the full one.
class Resample {
  public:
    static constexpr const char* describe = R"json({
      "name": "resample",
      "version": "1.0.0",
      "summary": "Makes a segment's share of the rows larger or smaller",
      "keywords": ["data skew", "skewed", "class imbalance", "hot key", "sampling bias",
        "selection bias", "survivorship", "segment mix", "covariate shift",
        "training serving skew", "deleted rows"],
      "group": "distribution",
      "dose": "continuous",
      "unit": "row",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "weight_factor", "from": 1, "measure": "times"}],
      "doses_rows": true,
      "at_severity_1": "the rows hit have their full weight",
      "keeps": ["schema"],
      "params": {
        "type": "object",
        "required": ["weight_factor"],
        "properties": {
          "weight_factor": {"type": "number", "minimum": 0, "maximum": 100,
            "description": "how many times as often the rows hit are there: 2 is twice, 0 is never"},
          "total": {"enum": ["changes", "kept"], "default": "changes",
            "description": "changes: all other rows stay; kept: they become fewer, or more, so that the number of rows stays about the same"},
          "keys": {"enum": ["new", "same"], "default": "new",
            "description": "new: rows that come have a key of their own; same: that of the row they copy"}
        }
      },
      "examples": [
        {"weight_factor": 2.5, "where": "region = 'north'"},
        {"weight_factor": 0.2, "where": "flag", "keys": "same"},
        {"weight_factor": 2, "where": "region = 'east'", "total": "kept"},
        {"weight_factor": 0, "fraction": 0.3, "mechanism": "at_random_given", "given": "price"}
      ]
    })json";

    explicit Resample(const nlohmann::json& params)
        : factor_(params.value("weight_factor", 1.0)),
          keeps_total_(params.at("total") == "kept"),
          new_keys_(params.at("keys") == "new") {}

    [[nodiscard]] Rewrite rewrite(const Relation& relation, const Call& call) const {
        const auto factor = 1 + call.severity() * (factor_ - 1);
        const auto weight = Multiplied::factor(factor_ - 1, call);
        auto times = "CASE WHEN " + call.selected() + " THEN " +
                     Multiplied::about_factor(factor_ - 1, call, 0) + " ELSE " +
                     (keeps_total_ ? Multiplied::about(others(weight, relation, call), call, 0)
                                   : std::string("1")) +
                     " END";
        const auto most =
            std::max(static_cast<int>(std::ceil(factor)), keeps_total_ ? most_others : 1);
        Multiplied out(relation, call, std::move(times), most,
                       factor_ >= 1 && !keeps_total_ ? 1 : 0);
        if (factor_ > 1 && factor <= 2 && !keeps_total_)
            out.twice_where("CASE WHEN " + call.selected() + " THEN " +
                            Multiplied::about_two(factor_ - 1, call, 0) + " ELSE FALSE END");
        if (new_keys_ && (factor_ > 1 || keeps_total_)) out.with_new_keys();
        auto rewrite = out.build();
        rewrite.identity = factor_ == 1;
        return rewrite;
    }

  private:
    // A segment of 99 % that vanishes would need the rest a hundredfold; ten is the end of it.
    static constexpr int most_others = 10;

    /// The weight of the rows not hit, with which the total stays: (n − Σ of the weights of the k
    /// that are hit) / (n − k).
    static std::string others(const std::string& weight, const Relation& relation,
                              const Call& call) {
        const auto floating = call.type_name(Family::floating);
        const auto hit = "sum(CASE WHEN " + call.selected() + " THEN 1 ELSE 0 END)";
        const auto rest = call.cast("count(*) - " + hit, floating);
        // In order where weights differ, since a floating sum depends on it.
        const auto each = "CASE WHEN " + call.selected() + " THEN " + weight + " END";
        const auto left = call.cast("count(*)", floating) + " - " +
                          (call.doses_rows() ? "coalesce(sum(" + each + " ORDER BY " + each +
                                                   "), " + call.number(0) + ")"
                                             : weight + " * " + call.cast(hit, floating));
        return "(SELECT CASE WHEN " + rest + " > 0 THEN least(" + call.number(most_others) +
               ", greatest(" + call.number(0) + ", (" + left + ") / " + rest + ")) ELSE " +
               call.number(1) + " END FROM " + relation.from() + ")";
    }

    double factor_;
    bool keeps_total_, new_keys_;
};

}  // namespace

FAULTLINE_PLUGIN(Resample)
