#include "findings/without_checks.h"

namespace faultline::findings {

journal::Journal without_checks(journal::Journal journal, const std::set<std::string>& ids) {
    using journal::Outcome;
    for (auto& trial : journal.trials) {
        trial.fired.erase_if([&](const auto& fired) { return ids.contains(fired.first); });
        if (!trial.fired.empty()) continue;
        if (trial.outcome == Outcome::detected) trial.outcome = Outcome::silent;
        if (trial.outcome == Outcome::false_alarm) trial.outcome = Outcome::absorbed;
    }
    if (journal.base)
        std::erase_if(journal.base->checks,
                      [&](const auto& check) { return ids.contains(check.first); });
    auto& document = journal.header.scenario;
    if (const auto checks = document.find("checks"); checks != document.end()) {
        model::Json kept = model::Json::array();
        for (const auto& check : *checks)
            if (!ids.contains(check.value("id", ""))) kept.push_back(check);
        *checks = std::move(kept);
    }
    return journal;
}

}  // namespace faultline::findings
