#include "run/fault_facts.h"

namespace faultline::run {
namespace {

using Amount = plugin::Description::Amount;

/// What the severity moves, as a number that the user wrote or could have written.
void tell_dose(const model::Perturbation& perturbation, const plugin::Fault& fault,
               journal::FaultFacts& facts) {
    const auto& about = fault.plugin().about();
    if (perturbation.severity) {
        facts.param = perturbation.severity->param;
        facts.from = perturbation.severity->from;
        facts.to = perturbation.severity->to;
        if (facts.param == "fraction") facts.measure = "share";
        for (const Amount& amount : about.amounts)
            if (amount.param == facts.param) facts.measure = amount.measure;
        return;
    }
    if (about.scales_fraction()) {
        facts.param = "fraction";
        facts.to = fault.selection().fraction;
        facts.measure = "share";
        return;
    }
    for (const Amount& amount : about.amounts) {
        const auto stated = fault.params().find(amount.param);
        const bool is_stated = stated != fault.params().end() && stated->is_number();
        if (!is_stated && !amount.otherwise) continue;
        facts.param = amount.param;
        facts.to = is_stated ? stated->get<double>() : *amount.otherwise;
        facts.from = amount.by_power ? 1 : amount.from;
        facts.by_power = amount.by_power;
        facts.measure = amount.measure;
        return;
    }
}

}  // namespace

std::vector<journal::FaultFacts> fault_facts(const Experiment& experiment) {
    std::vector<journal::FaultFacts> all;
    for (std::size_t i = 0; i < experiment.faults.size(); ++i) {
        const auto& fault = experiment.faults[i];
        const auto& about = fault.plugin().about();
        journal::FaultFacts facts;
        facts.id = fault.id();
        facts.group = about.group;
        facts.benign = about.benign;
        facts.scales = about.scales;
        facts.unit = plugin::name_of(about.unit);
        tell_dose(experiment.scenario.perturbations[i], fault, facts);
        all.push_back(std::move(facts));
    }
    return all;
}

}  // namespace faultline::run
