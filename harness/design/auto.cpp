#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "design/dose_search.h"
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
    return spec.budget.value_or(shares_wanted(spec) ? default_budget : most_trials_of_a_design);
}

std::vector<Problem> automatic_problems(const model::DesignSpec& spec,
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

std::vector<Trial> trials_of(const SampledPart& part, const std::vector<Factor>& factors,
                             std::uint64_t block) {
    const Sample sample = part.method.sample(0);
    std::vector<Trial> trials;
    for (std::uint64_t run = 0; run < part.method.runs; ++run)
        trials.push_back({part.first + run, block, part.method.part(run),
                          severities_of(part.method.players, factors,
                                        sample.row(static_cast<Eigen::Index>(run)))});
    return trials;
}

/// Doses of these many are searched for: the most harmful.
constexpr std::size_t most_dosed = 6;
/// Six streams are the fewest that give an interval at 95 %.
constexpr std::uint64_t dose_replicates = 6;
constexpr double dose_precision = 0.1;
/// After alone, in company and in pairs, some of which may be left out.
constexpr std::uint64_t first_dose_block = 3;

/// Which doses of the most harmful perturbations begin to do harm, and to be noticed: where there
/// is harm at full dose. With shares to come it may take a quarter of what is left.
DoseSearch dose_search(const model::DesignSpec& spec, const std::vector<Factor>& factors,
                       const Screening& screening, const History& history, std::size_t spent) {
    std::vector<std::size_t> which;
    for (const std::size_t p : screening.judge(history).active) {
        const auto& members = screening.players()[p].members;
        if (members.size() == 1 && !factors[members.front()].binary && which.size() < most_dosed)
            which.push_back(members.front());
    }
    std::sort(which.begin(), which.end());
    DoseSearch::Options options;
    options.replicates = std::min(dose_replicates, screening.replicates());
    options.confidence = spec.confidence;
    options.precision = dose_precision;
    options.bounds = false;
    options.only_where_harmful = true;
    options.first_block = first_dose_block;
    options.most_trials = budget_of(spec);
    if (shares_wanted(spec)) options.most_trials = spent + (budget_of(spec) - spent) / 4;
    return {factors, which, options};
}

/// The blocks before the last, as far as the history tells them; a block that the budget does not
/// reach for is left out.
struct Stages {
    std::size_t alone = 0;
    std::vector<Trial> company, pairs;
    std::vector<Trial> doses;  ///< the block that is due, where the history ends before it
    std::size_t dosed = 0;     ///< trials of the blocks of doses that the history has
    bool known = false;        ///< the history has them all
    [[nodiscard]] std::size_t paired() const { return alone + company.size() + pairs.size(); }
    [[nodiscard]] std::size_t screened() const { return paired() + dosed; }
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
    if (history.trials.size() < stages.paired()) return stages;
    const auto search = dose_search(spec, screening.factors(), screening, history, stages.paired());
    while (true) {
        stages.doses = search.next(history, stages.screened());
        if (stages.doses.empty() || history.trials.size() < stages.screened() + stages.doses.size())
            break;
        stages.dosed += stages.doses.size();
    }
    stages.known = stages.doses.empty();
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
        if (done == stages.screened() && !stages.doses.empty()) return stages.doses;
        if (done != stages.screened() || !stages.known) return {};
        const auto plan = quantify(spec_, factors_, screening_, history, done);
        const std::uint64_t block =
            std::max(first_dose_block, history.trials.back().trial.block + 1);
        return plan.part ? trials_of(*plan.part, factors_, block) : std::vector<Trial>{};
    }

    [[nodiscard]] std::optional<std::uint64_t> size() const override { return std::nullopt; }
    [[nodiscard]] std::optional<std::uint64_t> most() const override {
        if (shares_wanted(spec_)) return budget_of(spec_);
        return std::min(budget_of(spec_), screening_.most() + most_of_doses());
    }

    [[nodiscard]] std::vector<std::string> explain(const History& history) const override;

  private:
    [[nodiscard]] std::uint64_t most_of_doses() const {
        DoseSearch::Options options;
        options.replicates = std::min(dose_replicates, screening_.replicates());
        options.precision = dose_precision;
        options.bounds = false;
        // Those that draw cost the most, so they are the ones to reckon with.
        std::vector<std::size_t> which;
        for (const bool draws : {true, false})
            for (std::size_t f = 0; f < factors_.size(); ++f)
                if (factors_[f].reaches && !factors_[f].binary && factors_[f].draws == draws &&
                    which.size() < most_dosed)
                    which.push_back(f);
        return DoseSearch(factors_, which, options).most();
    }
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
    sentences.push_back(
        fmt::format("chosen by itself{}: each perturbation alone at full dose ({} trials, up to {} "
                    "replicates), "
                    "then all at once with each taken away in turn, then those that matter two at "
                    "a time, then the doses at which the most harmful begin to "
                    "do harm and to be noticed{}",
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
const Method automatic{"auto", automatic_problems,
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
