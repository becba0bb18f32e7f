#include "design/method.h"

namespace faultline::design {

// One line a method; its file is named after it.
extern const Method one_at_a_time;

const std::vector<Method>& methods() {
    static const std::vector<Method> all{one_at_a_time};
    return all;
}

}  // namespace faultline::design
