#include "plugin/damage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/digest.h"
#include "core/draws.h"
#include "plugin/column_choice.h"
#include "plugin/damage_one.h"

namespace faultline::plugin {
namespace {

namespace fs = std::filesystem;

/// Draws of a file are its own: a stream that depends on its name.
std::uint64_t stream_of_file(std::uint64_t stream, const std::string& name) {
    return Digest().add(stream).add(name).word();
}

/// By file: does this application go to it? `eligible` counts those that it might.
std::vector<bool> chosen_files(const engine::SourceFiles& files, const Application& application,
                               std::size_t& eligible) {
    const auto& fault = *application.fault;
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < files.files.size(); ++i) {
        const auto& name = files.files[i].name;
        if (goes_to(fault, name)) fitting.push_back(i);
    }
    eligible = fitting.size();
    if (fault.plugin().about().selects && fault.plugin().about().unit == Unit::file) {
        const auto draw_of = [&](std::size_t i) {
            return draw(0, stream_of_file(application.stream, files.files[i].name), 0);
        };
        std::sort(fitting.begin(), fitting.end(), [&](std::size_t a, std::size_t b) {
            return std::pair(draw_of(a), files.files[a].name) <
                   std::pair(draw_of(b), files.files[b].name);
        });
        const auto share = fault.share_at(application.severity);
        fitting.resize(static_cast<std::size_t>(
            std::floor(share * static_cast<double>(fitting.size()) + 0.5)));
    }
    std::vector<bool> chosen(files.files.size(), false);
    for (const auto i : fitting) chosen[i] = true;
    return chosen;
}

/// Applies one fault after another to one source's files.
class Damager {
  public:
    Damager(const FileSite& site, Damage& out) : site_(site), out_(out) {}

    void apply(const Application& application) {
        AnswerKey key;
        key.of_files = true;
        key.expected_any = false;
        std::size_t eligible = 0;
        if (!application.fault->acts_at(application.severity)) {
            out_.answer_keys.push_back(key);
            return;
        }
        const auto chosen = chosen_files(site_.files, application, eligible);
        // A pattern that fits nothing is a mistake, not chance; and so is going to files that an
        // earlier fault took away.
        key.expected_any = eligible == 0;
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            if (!chosen[i]) continue;
            if (out_.copies[i].path)
                apply(application, i, key);
            else
                key.expected_any = true;
        }
        out_.answer_keys.push_back(key);
    }

  private:
    void apply(const Application& application, std::size_t i, AnswerKey& key) {
        const auto& file = site_.files.files[i];
        auto& copy = out_.copies[i];
        // A folder of its own for each step, so that what else is written there goes with it.
        const auto folder = site_.folder / fmt::format("{}-{}", i, steps_++);
        fs::create_directories(folder);
        const auto to = folder / file.path.filename();
        const auto step =
            damage_one(site_, application, stream_of_file(application.stream, file.name), file,
                       *copy.path, to, out_.notes);
        key.records += step.records;
        key.bytes += step.bytes;
        if (!step.identity) key.expected_any = true;
        if (!step.changed) return;
        ++key.files;
        copy.path = step.gone ? std::nullopt : std::optional(to);
        copy.damaged = true;
    }

    const FileSite& site_;
    Damage& out_;
    unsigned steps_ = 0;
};

}  // namespace

bool goes_to(const Fault& fault, const std::string& file) {
    const auto& pattern = fault.selection().files;
    return pattern.empty() || matches(file, pattern) ||
           matches(fs::path(file).filename().string(), pattern);
}

const char* name_of(model::FileFormat format) {
    switch (format) {
        case model::FileFormat::csv:
            return "csv";
        case model::FileFormat::json:
            return "json";
        case model::FileFormat::parquet:
            break;
    }
    return "parquet";
}

Damage damage(const FileSite& site, const std::vector<Application>& stack) {
    Damage out;
    out.copies.resize(site.files.files.size());
    for (std::size_t i = 0; i < out.copies.size(); ++i)
        out.copies[i].path = site.files.files[i].path;
    try {
        fs::create_directories(site.folder);
        Damager damager(site, out);
        for (const auto& application : stack) damager.apply(application);
        for (std::size_t i = 0; i < out.copies.size(); ++i) {
            if (!out.copies[i].path) continue;
            const auto place = site.folder / std::to_string(i);
            fs::create_directories(place);
            const auto file = place / site.files.files[i].path.filename();
            // The engine reaches nothing but the run's own folder: through a link it does.
            if (out.copies[i].damaged)
                fs::rename(*out.copies[i].path, file);
            else
                fs::create_symlink(fs::absolute(*out.copies[i].path), file);
            out.copies[i].path = file;
        }
    } catch (const fs::filesystem_error& e) {
        throw Error(ErrorKind::data,
                    fmt::format("cannot copy a file of {}: {}", site.node, e.code().message()));
    }
    return out;
}

}  // namespace faultline::plugin
