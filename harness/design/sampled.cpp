#include "design/sampled.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/repeated_looks.h"
#include "design/method.h"

namespace faultline::design {
namespace {

/// A budget that nobody stated: enough for six looks.
constexpr std::uint64_t default_chunks = 32;

class SampledDesign : public Design {
  public:
    SampledDesign(const model::DesignSpec& spec, std::vector<Factor> factors, SampledMethod method)
        : spec_(spec), factors_(std::move(factors)), method_(std::move(method)) {}

    [[nodiscard]] std::vector<Trial> next(const History& history) const override {
        if (method_.players.empty()) return {};
        if (history.trials.empty()) return trials_of(0, 1);
        if (!spec_.stop) return {};
        const std::uint64_t done = history.trials.size() / method_.runs;
        if (done >= most_chunks() || !too_wide(history, done)) return {};
        return trials_of(done, std::min(done, most_chunks() - done));
    }

    [[nodiscard]] std::optional<std::uint64_t> size() const override {
        if (method_.players.empty()) return 0;
        return spec_.stop ? std::nullopt : std::optional(method_.runs);
    }

    [[nodiscard]] std::optional<std::uint64_t> most() const override {
        return spec_.stop && !method_.players.empty() ? most_chunks() * method_.runs : *size();
    }

    [[nodiscard]] std::vector<std::string> explain(const History& history) const override {
        std::vector<std::string> sentences;
        std::size_t unseen = 0;
        for (const auto& factor : factors_) unseen += factor.reaches ? 0 : 1;
        if (unseen > 0)
            sentences.push_back(fmt::format(
                "{} of {} perturbations can reach no metric: their indices are 0 and cost no run",
                unseen, factors_.size()));
        if (!spec_.stop || method_.players.empty()) return sentences;
        if (history.trials.empty()) {
            sentences.push_back(fmt::format(
                "looks after 1, 2, 4, … times {} trials, until every interval is at most {:g} wide "
                "or {} trials are spent{}; intervals hold at all looks together",
                method_.runs, *spec_.stop->width, *most(),
                spec_.budget ? ""
                             : fmt::format(", which is {} times the first look since no "
                                           "budget is stated",
                                           default_chunks)));
            return sentences;
        }
        const std::uint64_t done = history.trials.size() / method_.runs;
        const double width = widest_of(history, done);
        sentences.push_back(
            fmt::format("{} after {} looks and {} trials: the widest interval is {:.3g} wide, {} "
                        "was asked for; intervals hold at all looks together",
                        !(width > *spec_.stop->width) ? "narrow enough" : "the budget is spent",
                        looks_after(done), history.trials.size(), width, *spec_.stop->width));
        return sentences;
    }

  private:
    [[nodiscard]] std::uint64_t most_chunks() const {
        return spec_.budget ? std::max<std::uint64_t>(1, *spec_.budget / method_.runs)
                            : default_chunks;
    }

    [[nodiscard]] std::vector<Trial> trials_of(std::uint64_t first, std::uint64_t chunks) const {
        std::vector<Trial> trials;
        trials.reserve(chunks * method_.runs);
        for (std::uint64_t chunk = first; chunk < first + chunks; ++chunk) {
            const Sample sample = method_.sample(chunk);
            for (std::uint64_t run = 0; run < method_.runs; ++run)
                trials.push_back({chunk * method_.runs + run, chunk,
                                  chunk * method_.replicates + method_.part(run),
                                  severities_of(method_.players, factors_,
                                                sample.row(static_cast<Eigen::Index>(run)))});
        }
        return trials;
    }

    [[nodiscard]] double widest_of(const History& history, std::uint64_t chunks) const {
        const auto runs = static_cast<Eigen::Index>(chunks * method_.runs);
        std::vector<Trial> trials;
        std::size_t width = history.base.size();
        for (const auto& finished : history.trials) {
            trials.push_back(finished.trial);
            width = std::max(width, finished.metrics.size());
        }
        trials.resize(static_cast<std::size_t>(runs));
        Eigen::ArrayXXd outputs = Eigen::ArrayXXd::Constant(
            runs, static_cast<Eigen::Index>(width), std::numeric_limits<double>::quiet_NaN());
        for (Eigen::Index run = 0; run < runs; ++run) {
            const auto& values = history.trials[static_cast<std::size_t>(run)].metrics;
            for (std::size_t s = 0; s < values.size(); ++s)
                if (values[s]) outputs(run, static_cast<Eigen::Index>(s)) = *values[s];
        }
        return widest(method_, method_.estimate(inputs_of(method_.players, factors_, trials),
                                                outputs, confidence_after(spec_, chunks)));
    }

    [[nodiscard]] bool too_wide(const History& history, std::uint64_t chunks) const {
        return widest_of(history, chunks) > *spec_.stop->width;
    }

    model::DesignSpec spec_;
    std::vector<Factor> factors_;
    SampledMethod method_;
};

}  // namespace

std::uint64_t looks_after(std::uint64_t chunks) {
    std::uint64_t looks = 1;
    for (std::uint64_t at = 1; at < chunks; at *= 2) ++looks;
    return looks;
}

double confidence_after(const model::DesignSpec& spec, std::uint64_t chunks) {
    if (!spec.stop) return spec.confidence;
    return analysis::confidence_at_look(spec.confidence, looks_after(chunks));
}

double widest(const SampledMethod& method, const std::vector<IndexEstimates>& indices) {
    double width = std::numeric_limits<double>::quiet_NaN();
    for (const auto& index : indices) {
        if (!method.counts_for_width(index)) continue;
        for (Eigen::Index s = 0; s < index.estimates.estimate.size(); ++s) {
            // Too little survived to say anything: more of the same may change that.
            const double mine = std::isnan(index.estimates.estimate(s))
                                    ? std::numeric_limits<double>::infinity()
                                    : index.estimates.high(s) - index.estimates.low(s);
            width = std::isnan(width) ? mine : std::max(width, mine);
        }
    }
    return width;
}

std::unique_ptr<Design> make_sampled_design(const model::DesignSpec& spec,
                                            const std::vector<Factor>& factors,
                                            SampledMethod method) {
    return std::make_unique<SampledDesign>(spec, factors, std::move(method));
}

std::optional<SampledPart> sampled_part(const model::DesignSpec& spec,
                                        const std::vector<Factor>& factors,
                                        const History& history) {
    for (const auto& method : methods())
        if (spec.method == method.name && method.sampled != nullptr)
            return method.sampled(spec, factors, history);
    return std::nullopt;
}

}  // namespace faultline::design
