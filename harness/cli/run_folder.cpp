#include "cli/run_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "core/error.h"
#include "journal/folder_lock.h"

namespace faultline::cli {
namespace {

namespace fs = std::filesystem;

/// The highest number among the runs that are there, or 0.
std::uint64_t last_number(const fs::path& home) {
    std::uint64_t last = 0;
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator(home, unreadable)) {
        const std::string name = entry.path().filename().string();
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (error == std::errc() && end == name.data() + name.size()) last = std::max(last, number);
    }
    return last;
}

}  // namespace

namespace {

/// Whether the folder is there; throws Error(user) when it is no folder, cannot be read, or another
/// run is using it.
bool is_folder(const fs::path& folder) {
    std::error_code error;
    const auto status = fs::status(folder, error);
    if (!fs::exists(status)) return false;
    if (!fs::is_directory(status))
        throw Error(ErrorKind::user,
                    fmt::format("--out {} is there and no folder", folder.string()));
    (void)fs::is_empty(folder, error);
    if (error)
        throw Error(ErrorKind::user, fmt::format("--out {}: {}", folder.string(), error.message()));
    if (fs::exists(folder / "journal.lock", error)) const journal::FolderLock free(folder);
    return fs::is_directory(folder, error);
}

}  // namespace

void refuse_used_folder(const fs::path& folder) {
    std::error_code error;
    if (!is_folder(folder) || fs::is_empty(folder, error)) return;
    throw Error(
        ErrorKind::user,
        fmt::format("--out {} is not empty: a run overwrites nothing, name another folder{}",
                    folder.string(),
                    fs::exists(folder / "journal.jsonl", error)
                        ? ", or go on with the run in it with --resume"
                        : ""));
}

void refuse_foreign_folder(const fs::path& folder) {
    if (!is_folder(folder)) return;
    std::error_code error;
    if (fs::exists(folder / "journal.jsonl", error)) return;
    for (const auto& entry : fs::directory_iterator(folder, error))
        // A run that was killed before it had anything to record leaves these.
        if (entry.path().filename() != "scratch" && entry.path().filename() != "scenario.json" &&
            entry.path().filename() != "journal.lock")
            throw Error(ErrorKind::user,
                        fmt::format("--out {} holds no run to go on with, and is not empty: it has "
                                    "{}",
                                    folder.string(), entry.path().filename().string()));
}

fs::path next_run_folder(const model::Scenario& scenario) {
    std::string slug = slug_of(scenario.title);
    if (slug.empty()) slug = slug_of(scenario.file.stem().string());
    const fs::path home = fs::path("runs") / (slug.empty() ? "scenario" : slug);
    std::error_code error;
    fs::create_directories(home, error);
    if (error)
        throw Error(ErrorKind::user, fmt::format("cannot create {}: {}; name a folder with --out",
                                                 home.string(), error.message()));
    // Another run may be looking for its number right now: who creates the folder has it.
    for (std::uint64_t number = last_number(home) + 1;; ++number) {
        const std::string name = std::to_string(number);
        if (fs::create_directory(home / name, error)) return home / name;
        if (error)
            throw Error(ErrorKind::user,
                        fmt::format("cannot create {}: {}; name a folder with --out",
                                    (home / name).string(), error.message()));
    }
}

void point_latest_to(const fs::path& run) {
    std::error_code error;
    const fs::path home = run.parent_path();
    const fs::path beside = home / fmt::format(".latest.{}", getpid());
    fs::remove(beside, error);
    fs::create_directory_symlink(run.filename(), beside, error);
    if (!error) fs::rename(beside, home / "latest", error);
    if (error) fs::remove(beside, error);
}

std::string slug_of(const std::string& title) {
    constexpr std::size_t longest = 40;
    std::string slug;
    for (const char c : title) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || (c >= '0' && c <= '9')) {
            slug += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        } else if (!slug.empty() && slug.back() != '-') {
            slug += '-';
        }
    }
    if (slug.size() > longest) {  // between words, where there are any
        const auto end = slug.rfind('-', longest);
        slug.resize(end == std::string::npos ? longest : end);
    }
    while (!slug.empty() && slug.back() == '-') slug.pop_back();
    return slug;
}

}  // namespace faultline::cli
