#include "findings/resilience.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "findings/breaches.h"
#include "findings/wording.h"

namespace faultline::findings {
namespace {

/// How well one trial was borne by one metric: it held; it did not but somebody hears of it; it did
/// not and nobody does.
double borne(const journal::TrialRecord& trial, const Breaches& breaches, std::size_t metric) {
    if (trial.outcome == journal::Outcome::not_applied) return 0;
    if (broke_down(trial)) return 0.5;
    if (!breaches.metrics.contains(metric)) return 1;
    return trial.fired.empty() ? 0 : 0.5;
}

/// Of a fault and a metric the best that any dose shows: to have borne half the dose is worth half.
class BestDose {
  public:
    void consider(double severity, double credit, double trials, bool deterministic,
                  double confidence) {
        const auto rate = analysis::clopper_pearson_of_shares(credit, trials, confidence);
        best_.credit = std::max(best_.credit, severity * rate.estimate);
        best_.low = std::max(best_.low, severity * (deterministic ? rate.estimate : rate.low));
        best_.high = std::max(best_.high, severity * (deterministic ? rate.estimate : rate.high));
    }
    void silent() { best_.silent = true; }
    [[nodiscard]] Borne best(RestsOn pair) const {
        Borne answer = best_;
        answer.pair = pair;
        return answer;
    }

  private:
    Borne best_;
};

std::vector<std::size_t> outputs_of(const Evidence& evidence) {
    std::vector<std::size_t> outputs;
    const auto add = [&](std::size_t node) {
        if (std::find(outputs.begin(), outputs.end(), node) == outputs.end())
            outputs.push_back(node);
    };
    for (const auto& name : evidence.pipeline.outputs)
        if (const auto node = evidence.pipeline.find(name)) add(*node);
    if (outputs.empty())
        for (const std::size_t node : evidence.output_of) add(node);
    return outputs;
}

/// "a, b, c and 4 more"
std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t most = 4;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
        text += (text.empty() ? "" : ", ") + names[i];
    return text +
           and_more(static_cast<std::int64_t>(names.size()) - static_cast<std::int64_t>(most));
}

std::string text_of(const Resilience& resilience) {
    std::string text =
        fmt::format("{} of {} pairs of a node and an output that rests on it were tried",
                    resilience.tested_pairs, resilience.pairs);
    if (resilience.silent_pairs > 0)
        text += fmt::format("; in {} of them harm came through unseen", resilience.silent_pairs);
    if (!resilience.untested.empty())
        text += "; nothing was tried on " + listed(resilience.untested);
    if (!resilience.unmeasured.empty())
        text += "; no metric looks at " + listed(resilience.unmeasured);
    return text;
}

}  // namespace

double shown(double answers) {
    return answers / (answers + 1);
}

Resilience resilience_of(const std::vector<RestsOn>& pairs, const std::vector<Borne>& answers) {
    struct Sum {
        double credit = 0, low = 0, high = 0;
        bool silent = false;
    };
    std::map<std::pair<std::size_t, std::size_t>, Sum> sums;
    for (const auto& answer : answers) {
        Sum& sum = sums[{answer.pair.node, answer.pair.output}];
        sum.credit += answer.credit;
        sum.low += answer.low;
        sum.high += answer.high;
        sum.silent = sum.silent || answer.silent;
    }
    Resilience result;
    result.pairs = pairs.size();
    if (pairs.empty()) return result;
    double score = 0, low = 0, high = 0;
    for (const auto& pair : pairs) {
        const auto sum = sums.find({pair.node, pair.output});
        if (sum == sums.end()) continue;
        ++result.tested_pairs;
        result.silent_pairs += sum->second.silent ? 1 : 0;
        score += shown(sum->second.credit);
        low += shown(sum->second.low);
        high += shown(sum->second.high);
    }
    const auto all = static_cast<double>(pairs.size());
    result.score = score / all;
    result.low = low / all;
    result.high = high / all;
    return result;
}

std::vector<RestsOn> resting_pairs(const Evidence& evidence) {
    std::vector<RestsOn> pairs;
    for (const std::size_t output : outputs_of(evidence)) {
        const auto above = evidence.dag.ancestors(output);
        for (std::size_t node = 0; node < above.size(); ++node)
            if (above[node]) pairs.push_back({node, output});
    }
    return pairs;
}

std::vector<Borne> answers_of(const Evidence& evidence) {
    const double confidence = evidence.scenario.design.confidence;
    std::map<std::pair<std::size_t, std::size_t>, BestDose> best;  // by fault and metric
    for (const auto& dose : evidence.doses) {
        if (evidence.is_benign(dose.perturbation)) continue;
        const auto below = evidence.dag.descendants(evidence.first_seen(dose.perturbation));
        std::map<std::size_t, double> credits;
        for (const auto* trial : dose.trials) {
            const Breaches breaches = breaches_of(evidence, *trial);
            for (std::size_t metric = 0; metric < evidence.output_of.size(); ++metric) {
                if (!below[evidence.output_of[metric]]) continue;
                credits[metric] += borne(*trial, breaches, metric);
                if (trial->outcome == journal::Outcome::silent && breaches.metrics.contains(metric))
                    best[{dose.perturbation, metric}].silent();
            }
        }
        for (const auto& [metric, credit] : credits)
            best[{dose.perturbation, metric}].consider(dose.severity, credit,
                                                       static_cast<double>(dose.trials.size()),
                                                       dose.deterministic, confidence);
    }
    std::vector<Borne> answers;
    for (const auto& [of, dose] : best)
        answers.push_back(dose.best({evidence.sites[of.first], evidence.output_of[of.second]}));
    return answers;
}

Resilience resilience(const Evidence& evidence) {
    const auto pairs = resting_pairs(evidence);
    const auto answers = answers_of(evidence);
    Resilience result = resilience_of(pairs, answers);
    for (std::size_t node = 0; node < evidence.pipeline.nodes.size(); ++node) {
        const auto here = [&](const auto& pair) { return pair.node == node; };
        if (std::any_of(pairs.begin(), pairs.end(), here) &&
            std::none_of(answers.begin(), answers.end(),
                         [&](const Borne& answer) { return here(answer.pair); }))
            result.untested.push_back(evidence.pipeline.nodes[node].name);
    }
    for (const std::size_t output : outputs_of(evidence))
        if (std::find(evidence.output_of.begin(), evidence.output_of.end(), output) ==
            evidence.output_of.end())
            result.unmeasured.push_back(evidence.pipeline.nodes[output].name);
    if (evidence.doses.empty() && !evidence.journal.trials.empty()) {
        // A design that varies everything at once says nothing of any fault alone.
        result.score = result.low = result.high = std::nullopt;
        result.untested.clear();
        result.text = "no fault was tried alone, so no pair of a node and an output can be judged";
    } else {
        result.text = text_of(result);
    }
    return result;
}

}  // namespace faultline::findings
