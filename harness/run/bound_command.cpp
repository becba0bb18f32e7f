#include "run/bound_command.h"

#include <fmt/format.h>
#include <glob.h>

#include <cstdlib>

#include "core/digest.h"
#include "core/error.h"
#include "core/json_pointer.h"
#include "process/program.h"

namespace faultline::run {
namespace {

namespace fs = std::filesystem;

std::string with_folder(std::string text, const fs::path& folder) {
    constexpr std::string_view mark = "{folder}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) {
        text.replace(at, mark.size(), folder.string());
        at += folder.string().size();
    }
    return text;
}

/// The files that a pattern of the document means, sorted.
std::vector<fs::path> files_like(const fs::path& pattern) {
    glob_t found{};
    std::vector<fs::path> files;
    if (glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0)
        for (std::size_t i = 0; i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
    globfree(&found);
    std::sort(files.begin(), files.end());
    return files;
}

class CommandBinder {
  public:
    CommandBinder(const model::Pipeline& pipeline, std::vector<Problem>& problems)
        : pipeline_(pipeline),
          // Absolute, as the program is started elsewhere.
          folder_(fs::absolute(pipeline.folder).lexically_normal()),
          problems_(problems) {}

    BoundCommand bind(const model::Node& node) {
        BoundCommand bound;
        digest_ = Digest();
        std::string path = process::default_path();
        environment(node, bound, path);
        program(node, bound, path);
        for (std::size_t i = 1; i < node.command.argv.size(); ++i)
            bound.arguments.push_back(argument(node, i));
        for (std::size_t i = 0; i < node.command.files.size(); ++i) files(node, i);
        bound.digest = digest_.hex();
        return bound;
    }

  private:
    void environment(const model::Node& node, BoundCommand& bound, std::string& path) {
        bool stated_path = false;
        for (const auto& entry : node.command.env) {
            const auto equals = entry.find('=');
            const std::string name = entry.substr(0, equals);
            std::string value;
            if (equals == std::string::npos) {
                const char* passed_on = std::getenv(name.c_str());
                if (passed_on == nullptr) continue;
                value = passed_on;
            } else {
                value = with_folder(entry.substr(equals + 1), folder_);
            }
            if (name == "PATH") {
                stated_path = true;
                path = value;
            }
            bound.environment.push_back(name + "=" + value);
            // As it is written where it is written: the same pipeline in another folder is the
            // same.
            digest_.add(equals == std::string::npos ? name + "=" + value : entry);
        }
        if (!stated_path) bound.environment.push_back("PATH=" + path);
    }

    void program(const model::Node& node, BoundCommand& bound, const std::string& path) {
        const std::string name = with_folder(node.command.argv.front(), folder_);
        const auto found = process::find_program(name, folder_, path);
        if (!found.problem.empty()) {
            problem(node, "command", 0, found.problem,
                    "a program on the PATH, or the path of one from the document's folder");
            return;
        }
        bound.program = found.path;
        bound.arguments.push_back(name.find('/') == std::string::npos ? name : found.path.string());
        content(node, "command", 0, found.path);
    }

    std::string argument(const model::Node& node, std::size_t i) {
        const std::string& written = node.command.argv[i];
        if (written.find('{') != std::string::npos) return with_folder(written, folder_);
        std::error_code ignored;
        const fs::path place = folder_ / written;
        if (written.empty() || !fs::is_regular_file(place, ignored)) return written;
        content(node, "command", i, place);
        return place.lexically_normal().string();
    }

    void files(const model::Node& node, std::size_t i) {
        const std::string& written = node.command.files[i];
        const fs::path pattern = folder_ / written;
        std::error_code ignored;
        const auto found =
            fs::exists(pattern, ignored) ? std::vector<fs::path>{pattern} : files_like(pattern);
        if (found.empty())
            problem(node, "files", i, fmt::format("\"{}\", which no file matches", written),
                    "files below the document's folder, or elsewhere, that are there");
        for (const auto& file : found) content(node, "files", i, file);
    }

    void content(const model::Node& node, const char* key, std::size_t i, const fs::path& file) {
        std::error_code ignored;
        if (fs::is_directory(file, ignored)) {
            problem(node, key, i, fmt::format("the folder {}", file.string()),
                    "files: name those in it, as in \"lib/*.py\"");
            return;
        }
        try {
            digest_.add(file.filename().string()).add(digest_of_file(file));
        } catch (const Error& error) {
            problem(node, key, i, error.what(), "a file that can be read");
        }
    }

    void problem(const model::Node& node, const char* key, std::size_t i, const std::string& found,
                 const std::string& expected) {
        problems_.push_back({pipeline_.file.string(),
                             pointer_to(pointer_to(node.pointer, key), std::to_string(i)),
                             found,
                             expected,
                             {}});
    }

    const model::Pipeline& pipeline_;
    const fs::path folder_;
    std::vector<Problem>& problems_;
    Digest digest_;
};

}  // namespace

std::map<graph::NodeIndex, BoundCommand> bind_commands(const model::Pipeline& pipeline) {
    std::vector<Problem> problems;
    std::map<graph::NodeIndex, BoundCommand> commands;
    CommandBinder binder(pipeline, problems);
    for (graph::NodeIndex node = 0; node < pipeline.nodes.size(); ++node)
        if (pipeline.nodes[node].kind == model::NodeKind::command)
            commands.emplace(node, binder.bind(pipeline.nodes[node]));
    if (!problems.empty()) throw Error(std::move(problems));
    return commands;
}

}  // namespace faultline::run
