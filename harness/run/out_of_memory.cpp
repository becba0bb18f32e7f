#include "run/out_of_memory.h"

namespace faultline::run {

std::string advised(const std::string& message) {
    static const std::string mark = "Out of Memory Error";
    const auto at = message.find(mark);
    if (at == std::string::npos) return message;
    return message.substr(0, at) + mark +
           ": it needs more memory than there is, and what it needs cannot be spilled to disk; "
           "raise \"memory\" in the scenario's limits, or run fewer trials at once (--jobs 1)";
}

}  // namespace faultline::run
