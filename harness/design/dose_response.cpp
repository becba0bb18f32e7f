#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "design/dose_search.h"
#include "design/method.h"

namespace faultline::design {

extern const Method one_at_a_time;

namespace {

/// Closer where small doses are: that is where a tolerance is left.
const std::vector<double> curve{0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0};
/// Ends of a bracket that differ by less are told apart by nobody.
constexpr double default_precision = 0.05;

DoseSearch search_of(const model::DesignSpec& spec, const std::vector<Factor>& factors) {
    DoseSearch::Options options;
    options.coarse = curve;
    options.replicates = spec.replicates;
    options.confidence = spec.confidence;
    options.precision = spec.stop && spec.stop->width ? *spec.stop->width : default_precision;
    if (spec.budget) options.most_trials = *spec.budget;
    std::vector<std::size_t> all(factors.size());
    std::iota(all.begin(), all.end(), 0);
    return {factors, all, options};
}

std::vector<Problem> dose_response_problems(const model::DesignSpec& spec,
                                            const std::vector<Factor>& factors) {
    if (!spec.levels.empty()) return one_at_a_time.problems(spec, factors);
    auto problems = refuse_keys(spec, "dose_response", {Key::rows, Key::groups, Key::second_order});
    if (spec.replicates == 0) return problems;  // reported already
    auto unlimited = spec;
    unlimited.budget.reset();
    unlimited.confidence = 0.95;  // an impossible one is reported by itself
    const auto first = search_of(unlimited, factors).first();
    const auto most = spec.budget.value_or(DoseSearch::Options{}.most_trials);
    if (first > most)
        problems.push_back(
            {"", spec.budget ? "/design/budget" : "/design/replicates",
             fmt::format("{}", spec.budget ? most : spec.replicates),
             spec.budget ? fmt::format("at least {} trials: each perturbation at {} doses", first,
                                       curve.size())
                         : fmt::format("so many that the design has at most {} trials", most),
             ""});
    return problems;
}

/// A coarse curve of every factor, then bisection where it crosses something.
class DoseResponse : public Design {
  public:
    DoseResponse(const model::DesignSpec& spec, const std::vector<Factor>& factors)
        : search_(search_of(spec, factors)),
          precision_(spec.stop && spec.stop->width ? *spec.stop->width : default_precision) {}

    [[nodiscard]] std::vector<Trial> next(const History& history) const override {
        return search_.next(history, history.trials.size());
    }
    [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
    [[nodiscard]] std::optional<std::uint64_t> most() const override { return search_.most(); }
    [[nodiscard]] std::vector<std::string> explain(const History& history) const override {
        std::vector<std::string> said{fmt::format(
            "each perturbation alone at {} doses, then bisection for the smallest dose that does "
            "harm and the smallest that a check notices, to within {:.3g} %",
            curve.size(), precision_ * 100)};
        if (!history.trials.empty() && !search_.next(history, history.trials.size()).empty())
            said.emplace_back("the run ended before every bisection had");
        return said;
    }

  private:
    DoseSearch search_;
    double precision_;
};

}  // namespace

extern const Method dose_response;
const Method dose_response{"dose_response", dose_response_problems,
                           [](const model::DesignSpec& spec,
                              const std::vector<Factor>& factors) -> std::unique_ptr<Design> {
                               if (!spec.levels.empty()) return one_at_a_time.make(spec, factors);
                               return std::make_unique<DoseResponse>(spec, factors);
                           }};

}  // namespace faultline::design
