#include <fmt/format.h>

#include "core/json_pointer.h"
#include "model/names.h"
#include "model/problems.h"
#include "model/scenario.h"
#include "model/utf8.h"

namespace faultline::model {
namespace {

/// Names of a scenario held against those of its pipeline.
class NameCheck {
  public:
    explicit NameCheck(const Scenario& scenario) : problems_(scenario.file.string()) {}

    void must_be_in(const NameIndex& names, const std::string& name, const std::string& pointer,
                    const std::string& expected) {
        if (names.find(name) != nullptr) return;
        problems_.add(pointer, fmt::format("the name \"{}\"", printable(name)), expected,
                      problems_.nearest(name, names.names()));
    }

    Problems& problems() { return problems_; }

  private:
    Problems problems_;
};

}  // namespace

void check_against(const Scenario& scenario, const Pipeline& pipeline) {
    NameIndex nodes(NameCase::fold), outputs(NameCase::fold);
    for (const Node& node : pipeline.nodes) nodes.add(node.name);
    for (const auto& output : pipeline.outputs) outputs.add(output);
    const std::string a_node = "a node of " + pipeline.file.string();
    const std::string an_output = "an output of " + pipeline.file.string();

    NameCheck check_names(scenario);
    for (const Perturbation& perturbation : scenario.perturbations) {
        check_names.must_be_in(nodes, perturbation.node, pointer_to(perturbation.pointer, "node"),
                               a_node);
        if (!perturbation.consumer.empty())
            check_names.must_be_in(nodes, perturbation.consumer,
                                   pointer_to(perturbation.pointer, "consumer"), a_node);
    }
    for (const Metric& metric : scenario.metrics)
        check_names.must_be_in(outputs, metric.output, pointer_to(metric.pointer, "output"),
                               an_output);
    for (const Check& check : scenario.checks) {
        check_names.must_be_in(nodes, check.node, pointer_to(check.pointer, "node"), a_node);
        if (check.expectation == Expectation::relationships)
            check_names.must_be_in(nodes, check.to, pointer_to(check.pointer, "to"), a_node);
        const auto node = pipeline.find(check.node);
        if (check.expectation == Expectation::columns && check.contract.empty() && node &&
            pipeline.nodes[*node].columns.empty())
            check_names.problems().add(
                check.pointer,
                fmt::format("no \"contract\", nor \"columns\" on the node \"{}\"", check.node),
                "one of them, to say which columns are expected");
    }
    check_names.problems().throw_if_any();
}

}  // namespace faultline::model
