#include "engine/duckdb_error.h"

namespace faultline::engine {

std::string tidy_message(const std::string& message) {
    std::string text = message.substr(0, message.find("\n\nLINE "));
    const auto end = text.find_last_not_of(" \n\r\t");
    text.resize(end == std::string::npos ? 0 : end + 1);
    return text.empty() ? "the engine failed without a message" : text;
}

void throw_failure(const Interrupter::Watch& watch, const std::string& message) {
    const StopReason reason = watch.fired();
    // Only an INTERRUPT error is our doing: a genuine failure may race with the deadline and wins.
    if (reason != StopReason::none && message.rfind("INTERRUPT Error", 0) == 0)
        throw_cancelled(reason);
    // No statement is to blame for it, and the same one works where there is room.
    if (is_full_disk(message))
        throw Error(ErrorKind::internal,
                    "no room left on disk for what does not fit into memory: make room where the "
                    "run's folder is (the engine spills to \"scratch\" in it), or raise \"memory\" "
                    "in the scenario's limits");
    throw Error(ErrorKind::data, tidy_message(message));
}

bool is_full_disk(const std::string& message) {
    for (const char* mark : {"No space left on device", "Disk quota exceeded", "File too large",
                             // What DuckDB takes for all the room that there is.
                             "'max_temp_directory_size'"})
        if (message.find(mark) != std::string::npos) return true;
    return false;
}

void require(ErrorHandle error, ErrorKind kind, const std::string& doing) {
    if (!error || !duckdb_error_data_has_error(error.get())) return;
    throw Error(kind, doing + ": " + tidy_message(duckdb_error_data_message(error.get())));
}

}  // namespace faultline::engine
