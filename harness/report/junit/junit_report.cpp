#include "report/junit/junit_report.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "report/junit/xml_text.h"
#include "report/numbers.h"
#include "report/outcomes.h"
#include "report/phrases.h"
#include "report/silent_story.h"

namespace faultline::report {
namespace junit {
namespace {

struct Case {
    std::string classname, name;
    std::string tag;  ///< "failure", "error", "skipped"; empty: passed
    std::string type, message;
    std::vector<std::string> body;  ///< lines
};

/// What the attribution says of one perturbation.
struct Evidence {
    using Numbers = std::vector<std::pair<double, std::string>>;  ///< by their damage
    Numbers out;   ///< out of tolerance beyond doubt, lost or new
    Numbers open;  ///< whose interval holds 1
};

/// The worst of them first.
std::string worst_of(Evidence::Numbers numbers) {
    std::stable_sort(numbers.begin(), numbers.end(),
                     [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<std::string> names;
    for (auto& [damage, name] : numbers) names.push_back(std::move(name));
    return listed(names, 3);
}

void look_at(const findings::Attribution& row, Evidence& evidence) {
    const std::string series = metric_name(row.metric, row.segment);
    if (row.index == "lost_rate" && row.estimate.value_or(0) > 0)
        evidence.out.emplace_back(1.0, series + " vanished");
    if (row.index == "new_rate" && row.estimate.value_or(0) > 0)
        evidence.out.emplace_back(1.0, series + " appeared");
    if (row.index != "damage") return;
    // Unbounded: nothing is tolerated, and it moved. Then there is a row, and no number.
    if (!row.estimate && !row.low && !row.high && !row.conditional) return;
    const double damage = row.estimate.value_or(row.low.value_or(1));
    const bool exact = row.low == row.high;
    if (row.low.value_or(0) > 1)
        evidence.out.emplace_back(damage, series + " by " + number(damage) + " tolerances" +
                                              (exact ? "" : " " + interval(row.low, row.high)));
    else if (row.low && row.high && !exact && *row.high >= 1)
        evidence.open.emplace_back(damage, series + " " + interval(row.low, row.high));
}

std::map<std::string, Evidence> evidence_of(const findings::Result& result) {
    std::map<std::string, Evidence> all;
    for (const auto& row : result.attribution)
        if (row.perturbation && !row.with) look_at(row, all[*row.perturbation]);
    return all;
}

void add_silent(const findings::Result& result, const std::string& id,
                std::vector<std::string>& lines) {
    for (const auto& silent : result.silent) {
        if (silent.perturbation != id) continue;
        lines.push_back(what_it_does(silent) + "; no check fired");
        lines.push_back(replay_command(silent.worst_trial));
    }
}

Case fault_case(const findings::Result& result, const findings::PerturbationResult& fault,
                const Evidence& evidence) {
    Case one{
        result.pipeline + "." + fault.node, fault.id + " (" + fault.plugin + ")", {}, {}, {}, {}};
    const std::string outcomes = outcomes_text(fault.outcomes);
    const auto silent = number_of(fault.outcomes, "silent");
    one.body.push_back("trials: " + (outcomes.empty() ? "none" : outcomes));
    bool unbounded = false;
    for (const auto& ranked : result.ranking)
        unbounded = unbounded || (ranked.unbounded && ranked.worst_perturbation == fault.id);
    if (!evidence.out.empty() || unbounded) {
        one.tag = "failure";
        one.type = silent > 0 ? "silent" : "detected";
        one.message = evidence.out.empty() ? "a number moved of which no change is tolerated"
                                           : "out of tolerance: " + worst_of(evidence.out);
        one.message += silent > 0 ? "; no check fired" : "; a check fired";
        add_silent(result, fault.id, one.body);
    } else if (broken(fault.outcomes) > 0) {
        one.tag = "error";
        one.type = number_of(fault.outcomes, "crashed") > 0 ? "crashed" : "timed_out";
        one.message = "the pipeline broke: " + outcomes;
    } else if (number_of(fault.outcomes, "not_applied") > 0) {
        one.tag = "skipped";
        one.message = "not applied: the fault found nothing to change";
    } else if (!evidence.open.empty()) {
        one.tag = "skipped";
        one.message = "open: " + worst_of(evidence.open) + "; more replicates would tell";
    } else if (total_of(fault.outcomes) == 0) {
        one.tag = "skipped";
        one.message = "never tried alone";
    }
    return one;
}

Case steady_state(const findings::Result& result, bool told) {
    Case one{result.pipeline, "steady state", {}, {}, {}, {}};
    one.body = result.reasons;
    if (result.status != "completed") {
        one.tag = "error";
        one.type = result.status;
        one.message = "the run was " + result.status + " before its end";
    } else if (result.verdict == "deviated" && !told) {
        one.tag = "failure";
        one.type = "deviated";
        one.message = result.reasons.empty() ? "deviated" : result.reasons.front();
    } else if (result.verdict == "unknown") {
        one.tag = "skipped";
        one.message = "unknown: " + (result.reasons.empty() ? "the trials do not settle it"
                                                            : result.reasons.front());
    }
    return one;
}

std::string text_of(const Case& one) {
    std::string text =
        "    <testcase classname=\"" + xml(one.classname) + "\" name=\"" + xml(one.name) + "\"";
    if (one.tag.empty()) return text + "/>\n";
    text += ">\n      <" + one.tag + " message=\"" + xml(one.message) + "\"";
    if (one.tag == "skipped") return text + "/>\n    </testcase>\n";
    text += " type=\"" + xml(one.type) + "\">";
    // Line by line: a line end is ours, and one in a document's text is shown as \n.
    for (const auto& line : one.body) text += "\n" + xml(line);
    return text + "\n</" + one.tag + ">\n    </testcase>\n";
}

std::string suite(const std::string& name, const std::vector<Case>& cases) {
    std::map<std::string, std::size_t> counts;
    std::string body;
    for (const auto& one : cases) {
        ++counts[one.tag];
        body += text_of(one);
    }
    return "  <testsuite name=\"" + xml(name) + "\" tests=\"" + std::to_string(cases.size()) +
           "\" failures=\"" + std::to_string(counts["failure"]) + "\" errors=\"" +
           std::to_string(counts["error"]) + "\" skipped=\"" + std::to_string(counts["skipped"]) +
           "\">\n" + body + "  </testsuite>\n";
}

}  // namespace
}  // namespace junit

std::string junit_report(const findings::Result& result) {
    using namespace junit;
    auto evidence = evidence_of(result);
    std::vector<Case> faults, checks;
    bool told = false;
    for (const auto& fault : result.perturbations) {
        faults.push_back(fault_case(result, fault, evidence[fault.id]));
        told = told || faults.back().tag == "failure" || faults.back().tag == "error";
    }
    faults.push_back(steady_state(result, told));
    for (const auto& check : result.checks) {
        Case one{result.pipeline + "." + check.node, check.id, {}, {}, {}, {}};
        if (check.fired_in_base) {
            one.tag = "failure";
            one.type = "fired_in_base";
            one.message = "fires on untouched data, so it can warn of nothing";
        }
        checks.push_back(std::move(one));
    }
    std::string text =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"faultline\">\n";
    text += suite("faults", faults);
    if (!checks.empty()) text += suite("checks without any fault", checks);
    return text + "</testsuites>\n";
}

}  // namespace faultline::report
