#include "design/method.h"

namespace faultline::design {

// One line a method; its file is named after it.
extern const Method one_at_a_time;
extern const Method dose_response;
extern const Method morris;
extern const Method sobol;
extern const Method shapley;
extern const Method plackett_burman_design;
extern const Method full_factorial_design;
extern const Method sequential_bifurcation;
extern const Method automatic;

const std::vector<Method>& methods() {
    static const std::vector<Method> all{one_at_a_time,
                                         dose_response,
                                         morris,
                                         sobol,
                                         shapley,
                                         plackett_burman_design,
                                         full_factorial_design,
                                         sequential_bifurcation,
                                         automatic};
    return all;
}

}  // namespace faultline::design
