#include "analysis/repeated_looks.h"

#include "analysis/require.h"

namespace faultline::analysis {

double confidence_at_look(double confidence, std::uint64_t look, std::uint64_t most) {
    require_confidence(confidence);
    if (look == 0 || (most != 0 && look > most))
        throw Error(ErrorKind::internal, fmt::format("found look {} of {}", look, most));
    const auto i = static_cast<double>(look);
    const double share = most == 0 ? 1 / (i * (i + 1)) : 1 / static_cast<double>(most);
    return 1 - (1 - confidence) * share;
}

}  // namespace faultline::analysis
