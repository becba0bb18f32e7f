#include "cli/adaptive_methods.h"

#include <fmt/format.h>

#include "core/error.h"

namespace faultline::cli {

void refuse_adaptive(const std::string& command, const std::string& method) {
    const bool bifurcation = method == "sequential_bifurcation";
    if (!bifurcation && method != "auto") return;
    throw Error(ErrorKind::user,
                fmt::format("{}: {} chooses its runs by the results of those before them, so there "
                            "is no sample of it; it is a method of `faultline run`. Of samples "
                            "{}",
                            command, method,
                            bifurcation ? "plackett_burman and morris look at many factors for few "
                                          "runs each"
                                        : "morris finds what matters, and sobol by how much"));
}

}  // namespace faultline::cli
