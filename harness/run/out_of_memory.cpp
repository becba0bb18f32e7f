#include "run/out_of_memory.h"

namespace faultline::run {
namespace {

const std::string out_of_memory_mark = "Out of Memory Error";

}  // namespace

bool is_out_of_memory(const std::string& message) {
    return message.find(out_of_memory_mark) != std::string::npos;
}

std::string advised(const std::string& message) {
    const auto at = message.find(out_of_memory_mark);
    if (at == std::string::npos) return message;
    return message.substr(0, at) + out_of_memory_mark +
           ": it needs more memory than there is, and what it needs cannot be spilled to disk; "
           "raise \"memory\" in the scenario's limits (where it is not stated: four fifths of the "
           "machine's)";
}

}  // namespace faultline::run
