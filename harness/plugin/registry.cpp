#include "plugin/registry.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "core/digest.h"
#include "core/error.h"
#include "plugin/contained.h"

namespace faultline::plugin {
namespace {

using Init = int (*)(std::uint32_t, faultline_plugin*, faultline_error*);

Error unusable(const std::string& why) {
    return Error(ErrorKind::plugin, why);
}

/// The library stays open for good: code and static strings of a plugin may be referred to from
/// anywhere, and unloading C++ libraries is not safe in general.
Init init_of(const std::filesystem::path& file) {
    void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        const char* why = dlerror();
        throw unusable(
            fmt::format("cannot be loaded: {}", why != nullptr ? why : "unknown reason"));
    }
    auto* symbol = dlsym(library, "faultline_plugin_init");
    if (symbol == nullptr)
        throw unusable("is not a faultline plugin: it exports no faultline_plugin_init");
    return reinterpret_cast<Init>(symbol);
}

/// A fault of files acts before there is a relation: what belongs to one has no meaning for it.
void check_file_plugin(const Description& about) {
    const bool of_files =
        about.unit == Unit::file || about.unit == Unit::record || about.unit == Unit::byte;
    if (!about.has_file) {
        if (of_files || !about.formats.empty())
            throw unusable(
                "speaks of files (by its unit or its formats), and offers no function for them");
        return;
    }
    if (about.has_rewrite || about.has_transform || about.has_before_run)
        throw unusable("offers file beside rewrite, transform or before_run: file stands alone");
    if (!of_files) throw unusable("offers file, and its unit is not file, record or byte");
    if (!about.accepts.empty() || about.uniforms > 0)
        throw unusable("offers file, which has no columns to choose from and no hidden ones");
}

std::unique_ptr<Plugin> open(const std::filesystem::path& file) {
    const auto init = init_of(file);
    faultline_plugin table{};
    table.size = sizeof table;
    const auto answer = contained(
        file.filename().string(), "faultline_plugin_init",
        [&](faultline_error* error) { return init(FAULTLINE_ABI_VERSION, &table, error); });
    if (answer.code == FAULTLINE_E_ABI)
        throw unusable(fmt::format("was built for another plugin interface than version {}: {}",
                                   FAULTLINE_ABI_VERSION, answer.message));
    if (answer.code != FAULTLINE_OK)
        throw unusable(fmt::format("faultline_plugin_init failed with code {}: {}", answer.code,
                                   answer.message));
    if (table.describe == nullptr || table.create == nullptr || table.destroy == nullptr)
        throw unusable("lacks one of describe, create, destroy");
    if (table.rewrite == nullptr && table.transform == nullptr && table.file == nullptr &&
        table.before_run == nullptr)
        throw unusable("offers none of rewrite, transform, file, before_run");

    const char* text = nullptr;
    contained(file.filename().string(), "describe", [&](faultline_error*) {
        text = table.describe();
        return FAULTLINE_OK;
    });
    auto description = parse_description(text);
    description.has_rewrite = table.rewrite != nullptr;
    description.has_transform = table.transform != nullptr;
    description.has_file = table.file != nullptr;
    description.has_before_run = table.before_run != nullptr;
    const bool only_runs = !description.acts_on_rows() && !description.has_file;
    if (only_runs && (description.selects || !description.accepts.empty()))
        throw unusable(
            "chooses rows or columns, and offers nothing that acts on them: a plugin with "
            "before_run alone says \"selects\": false and no \"accepts\"");
    if (description.hangs && !description.has_before_run)
        throw unusable("says that it hangs, and offers no before_run in which it could");
    check_file_plugin(description);
    return std::make_unique<Plugin>(std::move(description), table, file, digest_of_file(file));
}

void add_folders(std::vector<std::filesystem::path>& folders, const std::string& list) {
    std::size_t from = 0;
    while (from <= list.size()) {
        const auto end = std::min(list.find(':', from), list.size());
        if (end > from) folders.emplace_back(list.substr(from, end - from));
        from = end + 1;
    }
}

}  // namespace

Plugin::Plugin(Description description, faultline_plugin table, std::filesystem::path file,
               std::string digest)
    : description_(std::move(description)),
      table_(table),
      file_(std::move(file)),
      digest_(std::move(digest)) {}

const Plugin& Registry::keep(std::unique_ptr<Plugin> plugin) {
    if (const auto* other = find(plugin->about().name))
        throw unusable(fmt::format("a plugin named {} is already loaded from {}",
                                   plugin->about().name, other->file().string()));
    const auto place = std::upper_bound(
        plugins_.begin(), plugins_.end(), plugin,
        [](const auto& a, const auto& b) { return a->about().name < b->about().name; });
    return **plugins_.insert(place, std::move(plugin));
}

const Plugin& Registry::load(const std::filesystem::path& file) {
    // dlopen looks a name without a slash up in the system's folders.
    const auto path = std::filesystem::absolute(file);
    try {
        if (!std::filesystem::exists(path)) throw unusable("there is no such file");
        return keep(open(path));
    } catch (const Error& e) {
        throw Error(ErrorKind::plugin, fmt::format("{}: {}", file.string(), e.what()));
    }
}

void Registry::load_folder(const std::filesystem::path& folder, bool must_exist) {
    std::error_code failed;
    std::vector<std::filesystem::path> files;
    for (std::filesystem::directory_iterator entry(folder, failed), end; !failed && entry != end;
         entry.increment(failed))
        if (entry->path().extension() == ".so") files.push_back(entry->path());
    if (failed) {
        if (!must_exist) return;
        throw Error(ErrorKind::user, fmt::format("cannot read the plugin folder {}: {}",
                                                 folder.string(), failed.message()));
    }
    std::sort(files.begin(), files.end());  // a folder is listed in any order
    for (const auto& file : files) {
        const auto path = std::filesystem::absolute(file);
        // A folder named twice (stated and in the environment) is no conflict.
        if (std::any_of(plugins_.begin(), plugins_.end(), [&](const auto& plugin) {
                std::error_code unreadable;
                return std::filesystem::equivalent(plugin->file(), path, unreadable);
            }))
            continue;
        try {
            keep(open(path));
        } catch (const Error& e) {
            rejected_.push_back({path, e.what()});
        }
    }
}

const Plugin* Registry::find(const std::string& name) const {
    for (const auto& plugin : plugins_)
        if (plugin->about().name == name) return plugin.get();
    return nullptr;
}

std::vector<const Plugin*> Registry::plugins() const {
    std::vector<const Plugin*> out;
    for (const auto& plugin : plugins_) out.push_back(plugin.get());
    return out;
}

Registry discover(const std::vector<std::filesystem::path>& stated) {
    Registry registry;
    for (const auto& folder : stated) registry.load_folder(folder, true);
    std::vector<std::filesystem::path> folders;
    if (const char* list = std::getenv("FAULTLINE_PLUGIN_PATH")) add_folders(folders, list);
    std::error_code failed;
    const auto binary = std::filesystem::read_symlink("/proc/self/exe", failed);
    if (!failed) folders.push_back(binary.parent_path() / ".." / "lib" / "faultline" / "plugins");
    for (const auto& folder : folders) registry.load_folder(folder, false);
    return registry;
}

}  // namespace faultline::plugin
