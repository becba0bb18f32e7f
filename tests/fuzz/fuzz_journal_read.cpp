#include <cstddef>
#include <cstdint>
#include <string>

#include "core/error.h"
#include "journal/records.h"

/// Whatever the bytes, reading ends in a journal or in Error(user); and a journal that was read can
/// be printed and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace faultline;
    try {
        const auto journal =
            journal::read_text(std::string(reinterpret_cast<const char*>(data), size), "fuzz");
        std::string again = to_json(journal.header).dump() + "\n";
        if (journal.base) again += to_json(*journal.base).dump() + "\n";
        for (const auto& trial : journal.trials) again += to_json(trial).dump() + "\n";
        if (journal::read_text(again, "again").trials.size() != journal.trials.size())
            __builtin_trap();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::user) __builtin_trap();
    }
    return 0;
}
