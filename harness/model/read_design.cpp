#include "model/read_design.h"

#include <algorithm>

#include "model/rules.h"

namespace faultline::model {
namespace {

constexpr std::uint64_t most_replicates = 1000000;
constexpr std::uint64_t most_trials = 1000000000;

OneOf<std::string> method_name() {
    OneOf<std::string> rule;
    for (const char* method :
         {"one_at_a_time", "dose_response", "morris", "sobol", "plackett_burman",
          "sequential_bifurcation", "full_factorial", "shapley", "auto"})
        rule.words.emplace_back(method, method);
    return rule;
}

bool read_stop(const Place& place, Stop& stop) {
    ObjectReader object(place);
    if (!object.is_object()) return false;
    object.required("width", stop.width.emplace(), Number{.above = 0});
    object.close();
    return true;
}

bool read_levels(const Place& place, std::vector<double>& levels) {
    if (!list_of(Number{.least = 0, .most = 1})(place, levels)) return false;
    auto sorted = levels;
    std::sort(sorted.begin(), sorted.end());
    return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end() ||
           place.report("a level twice", "each level once");
}

}  // namespace

bool DesignGrammar::operator()(const Place& place, DesignSpec& design) const {
    ObjectReader object(place);
    if (!object.is_object()) return false;
    object.optional("method", design.method, [&](const Place& name, std::string& target) {
        design.method_stated = true;
        return method_name()(name, target);
    });
    object.optional("replicates", design.replicates,
                    [&](const Place& number, std::uint64_t& target) {
                        design.replicates_stated = true;
                        return WholeNumber{1, most_replicates}(number, target);
                    });
    object.optional("rows", design.rows, WholeNumber{1, most_trials});
    object.optional("levels", design.levels, read_levels);
    // Whoever states severities wants each perturbation tried at them.
    if (!design.method_stated && !design.levels.empty()) design.method = "one_at_a_time";
    object.optional("budget", design.budget, WholeNumber{1, most_trials});
    object.optional("stop", design.stop, read_stop);
    object.optional("confidence", design.confidence, Number{.above = 0, .below = 1});
    object.optional("second_order", design.second_order, flag);
    object.optional("seed", design.seed, WholeNumber{});

    NameIndex grouped(NameCase::exact);
    const auto member_of_one_group = [&](const Place& id, std::string& target) {
        if (!KnownName{perturbations, "a perturbation"}(id, target)) return false;
        return !grouped.add(target) || id.refuse("each perturbation in one group");
    };
    object.optional("groups", design.groups,
                    [&](const Place& groups, std::vector<std::vector<std::string>>& target) {
                        if (groups.value().is_string())
                            return OneOf<std::string>{
                                {{"node", "node"}, {"owner", "owner"}, {every_level, every_level}}}(
                                groups, design.group_by);
                        return list_of(list_of(member_of_one_group))(groups, target);
                    });
    object.close();
    return true;
}

bool read_limits(const Place& place, Limits& limits) {
    ObjectReader object(place);
    if (!object.is_object()) return false;
    object.optional("memory", limits.memory_bytes, memory_size);
    object.optional("deadline", limits.deadline, duration);
    object.optional("timeout", limits.timeout, duration);
    object.close();
    return true;
}

}  // namespace faultline::model
