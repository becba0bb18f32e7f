#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "design/method.h"
#include "design/sampled_rules.h"
#include "design/screening.h"

namespace faultline::design {

extern const Method sobol;

namespace {

constexpr std::uint64_t default_budget = 2000;
/// Fewer base rows than this give no interval worth printing.
constexpr std::uint64_t least_rows = 128;
constexpr std::uint64_t parts = 8;

/// Who names neither a method nor a budget wants an answer, not a bill: shares of the variance take
/// many times what the screening takes, and are left to those who ask.
bool shares_wanted(const model::DesignSpec& spec) {
    return spec.method_stated || spec.budget;
}

std::uint64_t budget_of(const model::DesignSpec& spec) {
    constexpr std::uint64_t most_trials = 10'000'000;
    return spec.budget.value_or(shares_wanted(spec) ? default_budget : most_trials);
}

std::vector<Problem> problems_of(const model::DesignSpec& spec,
                                 const std::vector<Factor>& factors) {
    auto problems =
        refuse_keys(spec, "auto", {Key::rows, Key::levels, Key::stop, Key::second_order});
    const auto least = Screening(spec, factors, budget_of(spec)).alone().size();
    if (least > budget_of(spec))
        problems.push_back({"", "/design/budget", fmt::format("{}", budget_of(spec)),
                            fmt::format("at least {} trials: each perturbation alone", least), ""});
    return problems;
}

/// What is done once the screening is over: how the players that matter share the variance, and
/// which of them act together.
struct Quantify {
    Screening::Found found;
    std::vector<std::size_t> players;  ///< those that the budget allows, the most harmful first
    std::uint64_t rows = 0;            ///< 0: no room
    std::optional<SampledPart> part;
};

Quantify quantify(const model::DesignSpec& spec, const std::vector<Factor>& factors,
                  const Screening& screening, const History& history, std::uint64_t spent) {
    Quantify plan;
    plan.found = screening.judge(history);
    if (!shares_wanted(spec)) return plan;
    plan.players = plan.found.active;
    const std::uint64_t left = budget_of(spec) > spent ? budget_of(spec) - spent : 0;
    const auto rows_for = [&](std::size_t players) {
        return left / (2 * players + 2) / parts * parts;
    };
    while (plan.players.size() > 2 && rows_for(plan.players.size()) < least_rows)
        plan.players.pop_back();
    if (plan.players.size() < 2 || rows_for(plan.players.size()) < least_rows) {
        plan.players.clear();
        return plan;
    }
    plan.rows = rows_for(plan.players.size());
    auto chosen = factors;
    for (auto& factor : chosen) factor.reaches = false;
    for (const std::size_t p : plan.players)
        for (const std::size_t member : screening.players()[p].members)
            chosen[member].reaches = true;
    model::DesignSpec sobol_spec = spec;
    sobol_spec.method = sobol.name;
    sobol_spec.rows = plan.rows;
    sobol_spec.budget.reset();
    sobol_spec.second_order = true;
    plan.part = sobol.sampled(sobol_spec, chosen, {});
    plan.part->first = spent;
    return plan;
}

std::vector<Trial> trials_of(const SampledPart& part, const std::vector<Factor>& factors) {
    const Sample sample = part.method.sample(0);
    std::vector<Trial> trials;
    for (std::uint64_t run = 0; run < part.method.runs; ++run)
        trials.push_back({part.first + run, 3, part.method.part(run),
                          severities_of(part.method.players, factors,
                                        sample.row(static_cast<Eigen::Index>(run)))});
    return trials;
}

/// The blocks before the last, as far as the history tells them; a block that the budget does not
/// reach for is left out.
struct Stages {
    std::size_t alone = 0;
    std::vector<Trial> company, pairs;
    bool known = false;  ///< the history has them all
    [[nodiscard]] std::size_t screened() const { return alone + company.size() + pairs.size(); }
};

Stages stages_of(const model::DesignSpec& spec, const Screening& screening,
                 const History& history) {
    Stages stages;
    stages.alone = screening.alone().size();
    if (stages.alone == 0 || history.trials.size() < stages.alone) return stages;
    stages.company = screening.in_company(history);
    if (stages.screened() > budget_of(spec)) stages.company.clear();
    if (history.trials.size() < stages.screened()) return stages;
    stages.pairs = screening.pairs(history, stages.screened());
    if (stages.screened() > budget_of(spec)) stages.pairs.clear();
    stages.known = history.trials.size() >= stages.screened();
    return stages;
}

/// How many trials came before the last block, in a history that has them all.
std::optional<std::uint64_t> screened(const model::DesignSpec& spec, const Screening& screening,
                                      const History& history) {
    const Stages stages = stages_of(spec, screening, history);
    return stages.known ? std::optional<std::uint64_t>(stages.screened()) : std::nullopt;
}

class Auto : public Design {
  public:
    Auto(const model::DesignSpec& spec, const std::vector<Factor>& factors)
        : spec_(spec), factors_(factors), screening_(spec, factors, budget_of(spec)) {}

    [[nodiscard]] std::vector<Trial> next(const History& history) const override {
        const std::size_t done = history.trials.size();
        if (done == 0) return screening_.alone();
        const Stages stages = stages_of(spec_, screening_, history);
        if (done == stages.alone && !stages.company.empty()) return stages.company;
        if (done == stages.alone + stages.company.size() && !stages.pairs.empty())
            return stages.pairs;
        if (done != stages.screened()) return {};
        const auto plan = quantify(spec_, factors_, screening_, history, done);
        return plan.part ? trials_of(*plan.part, factors_) : std::vector<Trial>{};
    }

    [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
    [[nodiscard]] std::optional<std::uint64_t> most() const override {
        return shares_wanted(spec_) ? budget_of(spec_)
                                    : std::min(budget_of(spec_), screening_.most());
    }

    [[nodiscard]] std::vector<std::string> explain(const History& history) const override;

  private:
    [[nodiscard]] std::string names(const std::vector<std::size_t>& players) const {
        std::vector<std::string> all;
        for (const std::size_t p : players) all.push_back(screening_.players()[p].name);
        return fmt::format("{}", fmt::join(all, ", "));
    }

    model::DesignSpec spec_;
    std::vector<Factor> factors_;
    Screening screening_;
};

std::vector<std::string> Auto::explain(const History& history) const {
    std::vector<std::string> sentences;
    std::size_t unseen = 0;
    for (const auto& factor : factors_) unseen += factor.reaches ? 0 : 1;
    sentences.push_back(fmt::format(
        "chosen by itself{}: each perturbation alone at full dose ({} trials, up to {} "
        "replicates), "
        "then all at once with each taken away in turn, then those that matter two at a time{}",
        shares_wanted(spec_) ? fmt::format(", within {} trials", budget_of(spec_)) : "",
        screening_.alone().size(), screening_.replicates(),
        shares_wanted(spec_) ? ", then their shares of the variance" : ""));
    if (unseen > 0)
        sentences.push_back(fmt::format(
            "{} of {} perturbations can reach no metric; beyond their checks they cost no run",
            unseen, factors_.size()));
    const auto spent = screened(spec_, screening_, history);
    if (!spent) return sentences;
    const auto plan = quantify(spec_, factors_, screening_, history, *spent);
    if (!shares_wanted(spec_)) {
        if (!plan.found.breaking.empty())
            sentences.push_back("kept out of the company because the pipeline breaks on them: " +
                                names(plan.found.breaking));
        sentences.push_back(fmt::format(
            "{} of {} factors matter, alone or in company; their shares of the variance would be "
            "looked at with a \"budget\" (such as {}) in the scenario's \"design\"",
            plan.found.active.size(), screening_.players().size(), default_budget));
        return sentences;
    }
    if (!plan.found.breaking.empty())
        sentences.push_back("left out of the shares because the pipeline breaks on them: " +
                            names(plan.found.breaking));
    if (!plan.found.idle.empty())
        sentences.push_back(
            "left out of the shares because they hardly move anything, alone or in company: " +
            names(plan.found.idle));
    if (plan.part)
        sentences.push_back(fmt::format(
            "shares and interactions of {} from {} rows of {} trials (Sobol', second order)",
            names(plan.players), plan.rows, 2 * plan.players.size() + 2));
    else if (plan.found.active.size() < 2)
        sentences.push_back("no shares were asked for: fewer than two factors matter");
    else
        sentences.push_back(fmt::format(
            "no shares were asked for: the budget leaves fewer than {} rows", least_rows));
    if (plan.part && plan.players.size() < plan.found.active.size())
        sentences.push_back(fmt::format(
            "the budget did not reach for the shares of {}",
            names({plan.found.active.begin() + static_cast<std::ptrdiff_t>(plan.players.size()),
                   plan.found.active.end()})));
    return sentences;
}

}  // namespace

extern const Method automatic;
const Method automatic{"auto", problems_of,
                       [](const model::DesignSpec& spec,
                          const std::vector<Factor>& factors) -> std::unique_ptr<Design> {
                           return std::make_unique<Auto>(spec, factors);
                       },
                       [](const model::DesignSpec& spec, const std::vector<Factor>& factors,
                          const History& history) -> std::optional<SampledPart> {
                           const Screening screening(spec, factors, budget_of(spec));
                           const auto spent = screened(spec, screening, history);
                           // Before the shares there is nothing to read back but single faults.
                           SampledPart none;
                           none.first = std::numeric_limits<std::uint64_t>::max();
                           if (!spent) return none;
                           const auto plan = quantify(spec, factors, screening, history, *spent);
                           return plan.part ? plan.part : none;
                       }};

}  // namespace faultline::design
