#include "findings/attribute.h"
#include "findings/describe_structure.h"
#include "findings/discoveries.h"
#include "findings/dose_response.h"
#include "findings/guard_search.h"
#include "findings/interactions.h"
#include "findings/measured.h"
#include "findings/profiles.h"
#include "findings/rank.h"
#include "findings/result.h"
#include "findings/score_checks.h"
#include "findings/silent.h"
#include "findings/tallies.h"
#include "findings/travels.h"
#include "findings/verdict.h"
#include "findings/warnings.h"

namespace faultline::findings {

Result conclude(const journal::Journal& journal) {
    const Evidence evidence(journal);
    const std::vector<DoseEstimates> estimates = estimate_all(evidence);
    const std::optional<Sampled> sampled = read_sampled(evidence);

    Result result;
    result.status = journal.closing ? journal.closing->status : "interrupted";
    result.approximate = journal.header.approximate;
    result.seed = journal.header.seed;
    result.title = evidence.scenario.title;
    // Never a path: the same run in another folder is the same result.
    result.scenario = evidence.scenario.title.empty() ? evidence.scenario.file.filename().string()
                                                      : evidence.scenario.title;
    result.pipeline = evidence.pipeline.name;
    result.versions = journal.header.versions;
    result.trials = outcomes_of_all(evidence);
    result.trials["total"] = journal.trials.size();
    for (const auto& trial : journal.trials) {
        result.run += trial.run;
        result.reused += trial.reused;
        result.skipped += trial.skipped;
    }
    // A design that varies everything at once has no trial of one fault alone to report.
    if (!evidence.sampled || evidence.sampled->first > 0)
        result.attribution = attribute(evidence, estimates);
    if (sampled) attribute_sampled(evidence, *sampled, result.attribution);
    result.interactions = interactions(evidence, result.attribution);
    result.ranking = rank(evidence, estimates, sampled ? &*sampled : nullptr);
    result.perturbations = perturbation_results(evidence);
    result.checks = check_results(evidence);
    result.noise_floor = floor_results(evidence);
    result.failures = failure_results(evidence);
    result.silent = silent_failures(evidence);
    result.warnings = warnings_of(evidence);
    result.measured = measured_metrics(evidence.scenario);
    result.discovered = discoveries(evidence, estimates, sampled ? &*sampled : nullptr);
    result.explanation = evidence.explanation;
    result.doses = dose_responses(evidence, estimates);
    result.check_scores = score_checks(evidence);
    result.structure =
        describe_structure(evidence, estimates, sampled ? &*sampled : nullptr, result.ranking);
    const Profiles profiles(evidence);
    result.guards = search_guards(evidence, profiles);
    result.travel = travels(evidence, profiles);
    result.edges = edge_damages(evidence, profiles, result.travel);
    Verdict verdict = judge(evidence, estimates, sampled ? &*sampled : nullptr, result.status);
    result.verdict = std::move(verdict.word);
    result.reasons = std::move(verdict.reasons);
    return result;
}

}  // namespace faultline::findings
