#include "findings/attribute.h"

#include "findings/finite.h"

namespace faultline::findings {
namespace {

/// Writes the rows of one perturbation.
class Rows {
  public:
    Rows(const Evidence& evidence, std::size_t perturbation, std::vector<Attribution>& rows)
        : evidence_(evidence), perturbation_(perturbation), rows_(rows) {}

    void add(const DoseEstimates& of_dose) {
        severity_ = of_dose.dose->severity;
        add_estimates(of_dose, of_dose.effect, "effect", "metric");
        add_estimates(of_dose, of_dose.damage, "damage", "tolerance");
        const auto survivors = static_cast<std::int64_t>(of_dose.dose->survivors.size());
        const bool conditional = survivors < static_cast<std::int64_t>(of_dose.dose->trials.size());
        const auto& reached = evidence_.reached[of_dose.dose->perturbation];
        for (std::size_t i = 0; i < reached.size(); ++i) {
            const auto& series = evidence_.series[static_cast<std::size_t>(reached[i])];
            const auto at = static_cast<Eigen::Index>(i);
            if (of_dose.lost(at) > 0)
                add_rate(of_dose, series, "lost_rate", of_dose.lost(at), survivors, conditional);
            if (of_dose.appeared(at) > 0)
                add_rate(of_dose, series, "new_rate", of_dose.appeared(at), survivors, conditional);
        }
        for (const auto& fresh : of_dose.fresh)
            add_rate(of_dose, fresh.series, "new_rate", fresh.trials, survivors, conditional);
        add_rate(of_dose, {"", nullptr}, "crash_rate", of_dose.crashed,
                 static_cast<std::int64_t>(of_dose.dose->trials.size()), false);
    }

    /// No trial of it has run: nothing is known, and the row says so.
    void add_untried() {
        const analysis::Rate rate;
        Attribution& row = start({"", nullptr}, "crash_rate", "share of trials", false);
        row.low = rate.low;
        row.high = rate.high;
    }

  private:
    Attribution& start(const journal::Series& series, const char* index, const char* unit,
                       bool conditional) {
        Attribution row;
        row.metric = series.metric;
        row.segment = series.segment;
        row.node = evidence_.node_of(perturbation_);
        row.perturbation = evidence_.scenario.perturbations[perturbation_].id;
        row.index = index;
        row.confidence = evidence_.scenario.design.confidence;
        row.unit = unit;
        row.conditional = conditional;
        row.severity = severity_;
        return rows_.emplace_back(std::move(row));
    }

    void add_estimates(const DoseEstimates& of_dose, const analysis::Estimates& estimates,
                       const char* index, const char* unit) {
        const auto& reached = evidence_.reached[of_dose.dose->perturbation];
        const auto trials = static_cast<std::int64_t>(of_dose.dose->trials.size());
        std::size_t next = 0;
        for (std::size_t s = 0; s < evidence_.series.size(); ++s) {
            if (next == reached.size() || static_cast<std::size_t>(reached[next]) != s) {
                Attribution& row = start(evidence_.series[s], index, unit, false);
                row.estimate = row.low = row.high = 0.0;
                continue;
            }
            const auto at = static_cast<Eigen::Index>(next++);
            Attribution& row =
                start(evidence_.series[s], index, unit, estimates.count(at) < trials);
            row.estimate = finite(estimates.estimate(at));
            row.low = finite(estimates.low(at));
            row.high = finite(estimates.high(at));
        }
    }

    void add_rate(const DoseEstimates& of_dose, const journal::Series& series, const char* index,
                  std::int64_t hits, std::int64_t trials, bool conditional) {
        const analysis::Rate rate = rate_of(evidence_, *of_dose.dose, hits, trials);
        Attribution& row = start(series, index, "share of trials", conditional);
        row.estimate = rate.estimate;
        row.low = rate.low;
        row.high = rate.high;
    }

    const Evidence& evidence_;
    std::size_t perturbation_;
    std::vector<Attribution>& rows_;
    std::optional<double> severity_;
};

}  // namespace

std::vector<Attribution> attribute(const Evidence& evidence,
                                   const std::vector<DoseEstimates>& estimates) {
    std::vector<Attribution> rows;
    auto next = estimates.begin();
    for (std::size_t p = 0; p < evidence.scenario.perturbations.size(); ++p) {
        Rows of_perturbation(evidence, p, rows);
        if (next == estimates.end() || next->dose->perturbation != p) of_perturbation.add_untried();
        for (; next != estimates.end() && next->dose->perturbation == p; ++next)
            of_perturbation.add(*next);
    }
    return rows;
}

}  // namespace faultline::findings
