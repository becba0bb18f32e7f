#include "model/scenario.h"

#include <fmt/format.h>

#include "model/document.h"
#include "model/read_check.h"
#include "model/read_design.h"
#include "model/read_perturbation.h"
#include "model/rules.h"

namespace faultline::model {
namespace {

/// Reads the elements of an array that each have an id, and refuses an id that stands twice.
template <class T>
struct Identified {
    bool (*read)(const Place&, T&);
    NameIndex& ids;  ///< borrowed
    std::size_t least;

    bool operator()(const Place& place, std::vector<T>& target) const {
        if (!is_array_of_at_least(place, least)) return false;
        for (std::size_t i = 0; i < place.value().size(); ++i) {
            const Place element = place.element(i);
            T item;
            if (!read(element, item)) continue;
            if (!item.id.empty() && ids.add(item.id))
                element.member("id").refuse("an id of its own");
            target.push_back(std::move(item));
        }
        return true;
    }
};

void read_top(const Place& place, Scenario& scenario) {
    ObjectReader object(place);
    if (!object.is_object()) return;
    std::string ignored;
    object.optional("$schema", ignored, text);
    object.required("faultline", ignored, OneOf<std::string>{{{"scenario/1", "scenario/1"}}});
    object.optional("title", scenario.title, text);
    object.optional("description", scenario.description, text);
    object.required("pipeline", scenario.pipeline, filled_text);
    object.optional("seed", scenario.seed, WholeNumber{});

    NameIndex perturbations(NameCase::exact), metrics(NameCase::exact), checks(NameCase::exact);
    object.required("perturbations", scenario.perturbations,
                    Identified<Perturbation>{read_perturbation, perturbations, 1});
    object.required("metrics", scenario.metrics, Identified<Metric>{read_metric, metrics, 1});
    object.optional("checks", scenario.checks, Identified<Check>{read_check, checks, 0});
    object.optional("design", scenario.design, DesignGrammar{perturbations});
    object.optional("limits", scenario.limits, read_limits);
    object.optional("profile", scenario.profile, WholeNumber{0, 1000});
    object.close();
}

}  // namespace

Scenario parse_scenario(const std::string& text, const std::filesystem::path& file) {
    Problems problems(file.string());
    Scenario scenario;
    scenario.file = file;
    scenario.folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    scenario.document = parse_document(text, problems);
    read_top(Place(scenario.document, "", problems), scenario);
    problems.throw_if_any();
    return scenario;
}

Scenario read_scenario(const std::filesystem::path& file) {
    return parse_scenario(read_document(file), file);
}

}  // namespace faultline::model
