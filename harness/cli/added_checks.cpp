#include "cli/added_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "cli/write_file.h"
#include "core/error.h"

namespace faultline::cli {

namespace fs = std::filesystem;
using model::Json;

Json checks_in(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (!in)
        throw Error(ErrorKind::user,
                    fmt::format("--with-checks {}: {}", file.string(), std::strerror(errno)));
    text << in.rdbuf();
    Json document;
    try {
        document = Json::parse(text.str(), nullptr, true, true);
    } catch (const Json::exception& error) {
        throw Error(ErrorKind::user, fmt::format("{}: not JSON: {}", file.string(), error.what()));
    }
    const Json checks = document.is_object() ? document.value("checks", Json()) : document;
    const bool fits = checks.is_array() && std::all_of(checks.begin(), checks.end(), [](auto& c) {
                          return c.is_object() && c.contains("id") && c["id"].is_string();
                      });
    if (!fits)
        throw Error(ErrorKind::user,
                    fmt::format("{}: found no checks; expected an array of checks with ids, or an "
                                "object with one under \"checks\", such as a run's guards.json",
                                file.string()));
    return checks;
}

Json with_checks(Json document, const Json& checks, const fs::path& pipeline,
                 const fs::path& folder) {
    if (!document.contains("checks")) document["checks"] = Json::array();
    for (const auto& check : checks)
        if (std::find(document["checks"].begin(), document["checks"].end(), check) ==
            document["checks"].end())
            document["checks"].push_back(check);
    // As one finds it from there, so that both can be moved together.
    const fs::path from = fs::weakly_canonical(folder), to = fs::weakly_canonical(pipeline);
    document["pipeline"] = to.lexically_proximate(from).string();
    document.erase("$schema");
    return document;
}

WrittenScenario::WrittenScenario(const Json& document, const fs::path& folder)
    : file_(folder / "scenario.json") {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw Error(ErrorKind::user,
                    fmt::format("cannot create {}: {}", folder.string(), error.message()));
    if (std::ifstream in(file_, std::ios::binary); in) {
        std::ostringstream text;
        text << in.rdbuf();
        before_ = text.str();
    }
    write_whole(file_, document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

WrittenScenario::~WrittenScenario() {
    if (kept_) return;
    if (before_) {
        // It belongs to the run that is there, which was refused or goes on another time.
        try {
            write_whole(file_, *before_);
        } catch (const Error&) {
            // What is there then is whole as well: the same scenario with the checks added.
        }
        return;
    }
    std::error_code ignored;
    fs::remove(file_, ignored);
    fs::remove(file_.parent_path(), ignored);  // only where nothing else is in it
}

}  // namespace faultline::cli
