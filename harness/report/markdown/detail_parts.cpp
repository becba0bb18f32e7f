#include "report/display_text.h"
#include "report/failure_story.h"
#include "report/markdown/inline_text.h"
#include "report/markdown/sections.h"
#include "report/numbers.h"
#include "report/outcomes.h"
#include "report/phrases.h"
#include "report/priorities.h"
#include "report/ranking_story.h"
#include "report/silent_story.h"

namespace faultline::report::markdown {
namespace {

constexpr std::size_t longest_cell = 240;

std::string said(const std::string& text) {
    return plain(cut(shown(text), longest_cell));
}

std::string share(const std::optional<double>& estimate) {
    return estimate ? percent(*estimate) : "–";
}

}  // namespace

std::string ranking_part(const findings::Result& result) {
    std::vector<std::vector<std::string>> rows{
        {"node", "owner", "damage", plain(interval_heading(result)), "what it does", "trials"}};
    for (const auto& node : result.ranking)
        rows.push_back({code(node.node), said(node.owner), damage_text(node),
                        plain(interval_text(node)), said(ranking_details(result, node)),
                        outcomes_text(node.outcomes)});
    const std::string text = table(rows);
    return text.empty() ? text
                        : text +
                              "\nDamage is the change of a number divided by what is tolerated: "
                              "above 1 it left its tolerance.\n";
}

std::string silent_part(const findings::Result& result) {
    std::vector<std::vector<std::string>> rows{{"fault", "node", "what it does", "see it"}};
    for (const auto* silent : silent_worst_first(result))
        rows.push_back({code(silent->perturbation), code(silent->node), said(what_it_does(*silent)),
                        "`" + replay_command(silent->worst_trial) + "`"});
    const std::string text = table(rows);
    return text.empty() ? text : text + "\n`DIR` is the run's folder.\n";
}

std::string guards_part(const findings::Result& result) {
    const auto& guards = result.guards;
    std::vector<std::vector<std::string>> rows{{"guard", "on", "catches", "power", "false alarms"}};
    std::string checks;
    for (const auto& guard : guards.proposed) {
        rows.push_back({said(guard.text), code(guard.node), said(listed(guard.covers)),
                        percent(guard.power), percent(guard.false_alarms)});
        const std::string check = pasteable(guard.check);
        if (checks.size() + check.size() < 8'000) checks += (checks.empty() ? "" : ",\n") + check;
    }
    std::string text = table(rows);
    if (!checks.empty()) text += block(checks, "json");
    if (!guards.out_of_reach.empty())
        text += "\nNo simple guard tells these from good data: " +
                said(listed(guards.out_of_reach, 12)) + ".\n";
    if (!guards.note.empty()) text += "\n" + said(guards.note) + "\n";
    return text;
}

std::string checks_part(const findings::Result& result) {
    std::vector<std::vector<std::string>> rows;
    if (!result.check_scores.checks.empty()) {
        rows.push_back(
            {"check", "on", "catches (recall)", "right when it fires (precision)", "remark"});
        for (const auto& check : result.check_scores.checks)
            rows.push_back({code(check.id), code(check.node), share(check.recall),
                            share(check.precision), said(check.remark)});
    } else {
        rows.push_back({"check", "on", "fired", "remark"});
        for (const auto& check : result.checks)
            rows.push_back({code(check.id), code(check.node), count(check.fired, "trial"),
                            check.fired_in_base ? "fires without any fault"
                            : check.errored > 0 ? "could not be run in " + count(check.errored)
                                                : ""});
    }
    return table(rows);
}

std::string doses_part(const findings::Result& result) {
    std::string text;
    std::size_t told = 0;
    for (const auto& dose : result.doses) {
        if (dose.sentence.empty()) continue;
        if (++told <= 40) text += "- " + said(dose.sentence) + "\n";
    }
    if (told > 40) text += "- and " + count(told - 40) + " more in `report.html`\n";
    return text;
}

std::string owners_part(const findings::Result& result) {
    std::vector<std::vector<std::string>> rows{
        {"trouble of", "at outputs of", "worst damage", "by", "silent trials"}};
    for (const auto& pair : result.structure.owners) {
        if (!pair.damage && !pair.unbounded && !pair.breaks) continue;
        rows.push_back({said(pair.from), said(pair.to),
                        pair.unbounded ? "∞"
                        : pair.damage  ? number(*pair.damage)
                                       : "breaks",
                        code(pair.worst_perturbation),
                        count(pair.silent) + " of " + count(pair.trials)});
    }
    return table(rows);
}

std::string failures_part(const findings::Result& result) {
    std::vector<std::vector<std::string>> rows{{"where", "message", "trials", "see the first"}};
    for (const auto& failure : result.failures)
        rows.push_back({said(at_stage(failure)), said(in_short(failure.message)),
                        count(failure.count), "`" + replay_command(failure.trial) + "`"});
    return table(rows);
}

std::string making_part(const findings::Result& result) {
    const auto steps = result.run + result.reused + result.skipped;
    std::string text = "- seed " + std::to_string(result.seed) + ", pipeline " +
                       code(result.pipeline) + "\n- " + count(steps, "step") + ": " +
                       count(result.run) + " run, " + count(result.reused) + " reused, " +
                       count(result.skipped) + " skipped\n";
    for (const auto& sentence : result.explanation) text += "- " + said(sentence) + "\n";
    std::size_t noisy = 0;
    for (const auto& floor : result.noise_floor) noisy += floor.floor > 0 ? 1 : 0;
    text +=
        "- noise floor: " +
        (noisy == 0 ? std::string("none") : count(noisy, "number") + " move without any fault") +
        "\n";
    for (const auto& warning : result.warnings) text += "- warning: " + said(warning) + "\n";
    text += "- versions: " + said(pasteable(result.versions)) + "\n";
    return text;
}

}  // namespace faultline::report::markdown
