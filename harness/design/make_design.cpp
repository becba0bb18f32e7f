#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "design/method.h"

namespace faultline::design {
namespace {

Problem unknown_method(const std::string& name) {
    const std::vector<std::string> known = known_methods();
    return {
        "", "/design/method", fmt::format("\"{}\"", name),
        known.size() == 1
            ? fmt::format("\"{}\", the one method that this build knows", known.front())
            : fmt::format("one of the methods that this build knows: {}", fmt::join(known, ", ")),
        nearest_name(name, known)};
}

/// What no method can work with.
std::vector<Problem> problems_of_any(const model::DesignSpec& spec) {
    std::vector<Problem> problems;
    if (spec.replicates == 0) problems.push_back({"", "/design/replicates", "0", "at least 1", ""});
    if (!(spec.confidence > 0 && spec.confidence < 1))
        problems.push_back({"", "/design/confidence", fmt::format("{}", spec.confidence),
                            "a number between 0 and 1, both excluded", ""});
    if (spec.group_by == model::every_level && spec.method != "sobol")
        problems.push_back({"", "/design/groups", fmt::format("\"{}\"", spec.group_by),
                            fmt::format("\"node\", \"owner\" or lists with the method \"{}\"; "
                                        "\"sobol\" can ask about all levels at once",
                                        spec.method),
                            ""});
    for (std::size_t i = 0; i < spec.levels.size(); ++i)
        if (!(spec.levels[i] >= 0 && spec.levels[i] <= 1))
            problems.push_back({"", fmt::format("/design/levels/{}", i),
                                fmt::format("{}", spec.levels[i]), "a severity from 0 to 1", ""});
    return problems;
}

bool is_set(const model::DesignSpec& spec, Key key) {
    switch (key) {
        case Key::rows:
            return spec.rows.has_value();
        case Key::levels:
            return !spec.levels.empty();
        case Key::budget:
            return spec.budget.has_value();
        case Key::stop:
            return spec.stop.has_value();
        case Key::groups:
            return !spec.groups.empty() || !spec.group_by.empty();
        case Key::second_order:
            return spec.second_order;
        case Key::replicates:
            return spec.replicates_stated;
    }
    return false;
}

const char* name_of(Key key) {
    switch (key) {
        case Key::rows:
            return "rows";
        case Key::levels:
            return "levels";
        case Key::budget:
            return "budget";
        case Key::stop:
            return "stop";
        case Key::groups:
            return "groups";
        case Key::second_order:
            return "second_order";
        case Key::replicates:
            return "replicates";
    }
    return "";
}

}  // namespace

std::vector<Problem> refuse_keys(const model::DesignSpec& spec, const char* method,
                                 const std::vector<Key>& unsuitable) {
    std::vector<Problem> problems;
    for (const Key key : unsuitable)
        if (is_set(spec, key))
            problems.push_back({"", fmt::format("/design/{}", name_of(key)),
                                fmt::format("\"{}\"", name_of(key)),
                                fmt::format("only keys that the method \"{}\" uses", method), ""});
    return problems;
}

std::vector<std::string> known_methods() {
    std::vector<std::string> names;
    for (const auto& method : methods()) names.emplace_back(method.name);
    return names;
}

std::unique_ptr<Design> make_design(const model::DesignSpec& spec,
                                    const std::vector<Factor>& factors,
                                    const std::string& scenario_file) {
    std::vector<Problem> problems = problems_of_any(spec);
    const auto method = std::find_if(methods().begin(), methods().end(), [&](const Method& known) {
        return spec.method == known.name;
    });
    if (method == methods().end()) {
        problems.insert(problems.begin(), unknown_method(spec.method));
    } else {
        const auto own = method->problems(spec, factors);
        problems.insert(problems.end(), own.begin(), own.end());
    }
    if (!problems.empty()) {
        for (auto& problem : problems) problem.file = scenario_file;
        throw Error(std::move(problems));
    }
    return method->make(spec, factors);
}

}  // namespace faultline::design
