#include "process/program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace faultline::process {
namespace {

namespace fs = std::filesystem;

std::string why_not(const fs::path& path) {
    std::error_code ignored;
    const auto status = fs::status(path, ignored);
    if (!fs::exists(status)) return "is not there";
    if (fs::is_directory(status)) return "is a folder";
    if (!fs::is_regular_file(status)) return "is no file";
    if (access(path.c_str(), X_OK) != 0) return "is not executable";
    return {};
}

/// The interpreter that a script's first line names, or empty.
std::string interpreter_of(const fs::path& program) {
    std::ifstream in(program, std::ios::binary);
    char head[256];
    in.read(head, sizeof head);
    const std::string line(head, static_cast<std::size_t>(in.gcount()));
    if (!line.starts_with("#!")) return {};
    const auto begin = line.find_first_not_of(" \t", 2);
    if (begin == std::string::npos) return {};
    return line.substr(begin, line.find_first_of(" \t\r\n", begin) - begin);
}

}  // namespace

std::string default_path() {
    const char* path = std::getenv("PATH");
    return path != nullptr && *path != '\0' ? path : "/usr/local/bin:/usr/bin:/bin";
}

Found find_program(const std::string& name, const fs::path& folder, const std::string& path) {
    std::error_code ignored;
    const fs::path anchor = fs::absolute(folder, ignored);
    if (name.find('/') != std::string::npos) {
        const fs::path place = (anchor / name).lexically_normal();
        const std::string problem = why_not(place);
        if (!problem.empty()) return {{}, fmt::format("{} {}", place.string(), problem)};
        return {place, {}};
    }
    std::string nearly;
    for (std::size_t begin = 0; begin <= path.size();) {
        const auto end = std::min(path.find(':', begin), path.size());
        const fs::path place = (anchor / path.substr(begin, end - begin) / name).lexically_normal();
        begin = end + 1;
        const std::string problem = why_not(place);
        if (problem.empty()) return {place, {}};
        if (problem != "is not there" && nearly.empty())
            nearly = fmt::format(" ({} {})", place.string(), problem);
    }
    return {{}, fmt::format("no program \"{}\" on the PATH{}", name, nearly)};
}

std::string why_not_started(const fs::path& program, int error) {
    if (error == ENOENT || error == ENOTDIR || error == EACCES) {
        const std::string interpreter = interpreter_of(program);
        if (!interpreter.empty()) {
            const std::string problem = why_not(interpreter);
            if (!problem.empty())
                return fmt::format("its interpreter {}, named in its first line, {}", interpreter,
                                   problem);
        }
        const std::string problem = why_not(program);
        if (!problem.empty()) return fmt::format("{} {}", program.string(), problem);
    }
    if (error == ENOEXEC)
        return "it is neither a program of this machine nor a script whose first line names an "
               "interpreter";
    if (error == E2BIG) return "its arguments and environment are too long";
    return std::strerror(error);
}

}  // namespace faultline::process
