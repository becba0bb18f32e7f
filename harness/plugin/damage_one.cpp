#include "plugin/damage_one.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "plugin/answer_key.h"
#include "plugin/host.h"
#include "plugin/instance.h"

namespace faultline::plugin {
namespace {

namespace fs = std::filesystem;

/// The file as its plugin is told of it; the strings live as long as this.
struct Told {
    faultline_file raw{};
    std::string in, out;
    std::vector<const char*> columns;

    Told(const FileSite& site, const engine::SourceFile& about, const fs::path& from,
         const fs::path& to, const Fault& fault, double severity)
        : in(from.string()), out(to.string()) {
        const bool csv = site.format == model::FileFormat::csv;
        // By reference throughout: the plugin is handed pointers into these names.
        if (csv) {
            for (const auto& column : about.csv.columns) columns.push_back(column.name.c_str());
        } else {
            for (const auto& column : site.files.columns) columns.push_back(column.name.c_str());
        }
        const auto& plugin = fault.plugin().about();
        const bool shares = plugin.selects && plugin.unit != Unit::file;
        raw = {sizeof(faultline_file),
               site.node.c_str(),
               name_of(site.format),
               in.c_str(),
               out.c_str(),
               static_cast<std::int64_t>(fs::file_size(from)),
               csv ? about.csv.delimiter.c_str() : nullptr,
               csv ? about.csv.quote.c_str() : nullptr,
               csv ? about.csv.escape.c_str() : nullptr,
               csv && about.csv.header ? 1 : 0,
               csv ? static_cast<std::int64_t>(about.csv.skip) : 0,
               columns.data(),
               columns.size(),
               shares ? fault.share_at(severity) : 1,
               shares && fault.selection().exact ? 1 : 0};
    }
};

/// A file's bytes at a glance: what tells that somebody wrote to it.
struct Stamp {
    std::uintmax_t size;
    fs::file_time_type written;
    explicit Stamp(const fs::path& file)
        : size(fs::file_size(file)), written(fs::last_write_time(file)) {}
    bool operator==(const Stamp&) const = default;
};

bool same_bytes(const fs::path& a, const fs::path& b) {
    if (fs::file_size(a) != fs::file_size(b)) return false;
    std::ifstream left(a, std::ios::binary), right(b, std::ios::binary);
    std::vector<char> x(1 << 16), y(1 << 16);
    for (;;) {
        left.read(x.data(), static_cast<std::streamsize>(x.size()));
        right.read(y.data(), static_cast<std::streamsize>(y.size()));
        if (left.gcount() != right.gcount()) return false;
        if (left.gcount() == 0) return true;
        if (!std::equal(x.begin(), x.begin() + left.gcount(), y.begin())) return false;
    }
}

Error misbehaves(const FileSite& site, const Fault& fault, const std::string& how) {
    return Error(ErrorKind::plugin,
                 fmt::format("plugin {} on {}: {}", fault.plugin().about().name, site.node, how),
                 site.node);
}

/// Calls the plugin. True where it says that there was nothing to change.
bool call(const FileSite& site, const Application& application, std::uint64_t stream,
          const Told& told, AnswerKey& counted, std::vector<std::string>& notes) {
    const auto& fault = *application.fault;
    const auto& name = fault.plugin().about().name;
    const KeyedSite nothing;  // there is no relation yet
    Measures measures;
    const Instance instance(fault.plugin(), fault.params());
    Host host({site.connection, site.dialect, nothing, measures, stream, "", "", site.stop, &notes,
               fmt::format("{} on {}: ", name, site.node), site.deadline});
    const faultline_call raw{sizeof(faultline_call), application.severity, host.table()};
    try {
        const auto answer = contained(name, "file", [&](faultline_error* error) {
            return fault.plugin().table().file(instance.raw(), &told.raw, &raw, error);
        });
        host.rethrow();
        require_ok(answer, fault, site.node);
        for (const auto& [what, units] : host.counts())
            if (what != "bytes" && what != "records" && what != "identity")
                throw Error(ErrorKind::plugin,
                            fmt::format("counted \"{}\", not bytes, records or identity", what));
        counted = answer_key_from(host.counts());
    } catch (const Error& e) {
        if (!e.node().empty() || !e.problems().empty() || e.kind() == ErrorKind::cancelled) throw;
        throw misbehaves(site, fault, e.what());
    }
    return host.counts().contains("identity");
}

}  // namespace

Step damage_one(const FileSite& site, const Application& application, std::uint64_t stream,
                const engine::SourceFile& about, const fs::path& from, const fs::path& to,
                std::vector<std::string>& notes) {
    const auto& fault = *application.fault;
    const Stamp before(from);
    const Told told(site, about, from, to, fault, application.severity);
    AnswerKey counted;
    Step step;
    step.identity = call(site, application, stream, told, counted, notes);
    step.records = counted.records;
    step.bytes = counted.bytes;
    std::error_code failed;
    if (!fs::exists(from, failed) || !(Stamp(from) == before))
        throw misbehaves(site, fault, "wrote to the file that it was given to read");
    const auto kind = fs::symlink_status(to, failed).type();
    if (kind != fs::file_type::not_found && kind != fs::file_type::regular)
        throw misbehaves(site, fault, "left something else than a file");
    step.gone = kind == fs::file_type::not_found;
    step.changed = step.gone || !same_bytes(from, to);
    const char* what = step.gone ? "left no file" : "wrote another file";
    if (step.changed && step.identity)
        throw misbehaves(site, fault, fmt::format("{} and says that nothing changed", what));
    // A file of no bytes that is gone has lost none.
    if (step.changed && step.bytes == 0 && !(step.gone && before.size == 0))
        throw misbehaves(site, fault, fmt::format("{} and counted no bytes", what));
    if (!step.changed && step.bytes > 0)
        throw misbehaves(site, fault,
                         fmt::format("counted {} bytes and wrote the same file", step.bytes));
    return step;
}

}  // namespace faultline::plugin
