#pragma once

#include "core/error.h"
#include "design/design.h"
#include "design/sampled.h"

namespace faultline::design {

/// No design may ask for more: it would never end.
constexpr std::uint64_t most_trials_of_a_design = 10'000'000;

/// A way to choose trials, as it offers itself to make_design(). A new method is one file beside
/// this one that defines one of these, and its line in methods.cpp. (Not a self-registering object:
/// a static library drops those whose file nobody refers to.)
struct Method {
    const char* name;  ///< as in design.method
    /// What is wrong with the keys for this method, each problem with its pointer and no file; the
    /// keys that every method shares have been looked at already.
    std::vector<Problem> (*problems)(const model::DesignSpec& spec,
                                     const std::vector<Factor>& factors);
    /// Called only when there are no problems.
    std::unique_ptr<Design> (*make)(const model::DesignSpec& spec,
                                    const std::vector<Factor>& factors);
    /// For methods that vary every factor in every trial: how to read the trials back. Else null.
    std::optional<SampledPart> (*sampled)(const model::DesignSpec& spec,
                                          const std::vector<Factor>& factors,
                                          const History& history) = nullptr;
};

/// A method whose trials are all one sampled part, laid out by `layout` whatever happens.
template <SampledMethod (*layout)(const model::DesignSpec&, const std::vector<Factor>&)>
constexpr Method wholly_sampled(const char* name, decltype(Method::problems) problems) {
    return {name, problems,
            [](const model::DesignSpec& spec, const std::vector<Factor>& factors) {
                return make_sampled_design(spec, factors, layout(spec, factors));
            },
            [](const model::DesignSpec& spec, const std::vector<Factor>& factors,
               const History&) -> std::optional<SampledPart> {
                return SampledPart{layout(spec, factors), 0};
            }};
}

/// Every method of this build.
const std::vector<Method>& methods();

/// Keys of a design document, for a method to name those that it has no use for.
enum class Key { rows, levels, budget, stop, groups, second_order, replicates };

/// One problem for each of `unsuitable` that is set: a key without effect would mislead its author.
std::vector<Problem> refuse_keys(const model::DesignSpec& spec, const char* method,
                                 const std::vector<Key>& unsuitable);

}  // namespace faultline::design
