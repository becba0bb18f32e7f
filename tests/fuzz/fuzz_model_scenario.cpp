#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/error.h"
#include "model/scenario.h"

/// Any text is a scenario, or is refused as its author's error with the places named.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(data, data + size);
    try {
        (void)faultline::model::parse_scenario(text, "scenario.json");
    } catch (const faultline::Error& error) {
        if (error.kind() != faultline::ErrorKind::user || error.problems().empty()) std::abort();
    }
    return 0;
}
