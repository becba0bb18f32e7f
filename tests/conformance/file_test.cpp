#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"
#include "plugin/registry.h"
#include "standard_file.h"

// What every fault of files must do, found in the folder of plugins: adding one edits nothing here.

using namespace faultline;
using namespace faultline::conformance;
using plugin::Fault;
using plugin::Json;

namespace {

struct Case {
    const plugin::Plugin* plugin;
    Json params;
    model::FileFormat format;

    [[nodiscard]] std::string name() const {
        return plugin->about().name + " on " + plugin::name_of(format) + " " + params.dump();
    }
    [[nodiscard]] Fault fault() const {
        return {"sample", *plugin, params, "scenario.json", "/perturbations/0"};
    }
    [[nodiscard]] bool is_text() const { return format != model::FileFormat::parquet; }
};

const std::vector<Case>& cases() {
    static const plugin::Registry registry = [] {
        plugin::Registry loaded;
        for (const char* folder : {"plugins", "sample_plugins"})
            loaded.load_folder(std::filesystem::path(FAULTLINE_PLUGIN_ROOT) / folder, true);
        return loaded;
    }();
    static const std::vector<Case> all = [] {
        std::vector<Case> out;
        for (const auto* plugin : registry.plugins()) {
            if (!plugin->about().has_file) continue;
            const auto& known = plugin->about().formats;
            for (const auto format :
                 {model::FileFormat::csv, model::FileFormat::json, model::FileFormat::parquet})
                if (known.empty() ||
                    std::find(known.begin(), known.end(), plugin::name_of(format)) != known.end())
                    for (const auto& example : plugin->about().examples)
                        out.push_back({plugin, example, format});
        }
        REQUIRE(registry.rejected().empty());
        REQUIRE(out.size() >= 60);
        return out;
    }();
    return all;
}

StandardFile& file_of(model::FileFormat format) {
    static std::map<model::FileFormat, std::unique_ptr<StandardFile>> files;
    auto& file = files[format];
    if (!file) file = std::make_unique<StandardFile>(format);
    return *file;
}

/// Lines with their ends, whichever of the three these are.
std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        auto end = text.find_first_of("\r\n", at);
        if (end == std::string::npos) end = text.size() - 1;
        if (text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n') ++end;
        lines.push_back(text.substr(at, end + 1 - at));
        at = end + 1;
    }
    return lines;
}

/// The cheapest way from one sequence to another: each element taken away, added or replaced costs
/// one. Plain dynamic programming over what lies between the ends that they share, written without
/// a look at how plugins count.
template <class Sequence>
std::int64_t distance(const Sequence& a, const Sequence& b) {
    std::size_t begin = 0, end_a = a.size(), end_b = b.size();
    for (; begin < end_a && begin < end_b && a[begin] == b[begin]; ++begin) {
    }
    for (; end_a > begin && end_b > begin && a[end_a - 1] == b[end_b - 1]; --end_a, --end_b) {
    }
    const std::size_t width = end_b - begin;
    std::vector<std::int64_t> row(width + 1), next(width + 1);
    for (std::size_t j = 0; j <= width; ++j) row[j] = static_cast<std::int64_t>(j);
    for (std::size_t i = begin; i < end_a; ++i) {
        next[0] = row[0] + 1;
        for (std::size_t j = 1; j <= width; ++j)
            next[j] = std::min(
                {row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i] == b[begin + j - 1] ? 0 : 1)});
        std::swap(row, next);
    }
    return row.back();
}

std::string copy_of(const plugin::Damage& damage) {
    const auto text = StandardFile::text_of(damage);
    return text == "(gone)" ? "" : text;
}

}  // namespace

TEST_CASE("files: severity 0 is the identity, bit for bit") {
    for (const auto& sample : cases()) {
        INFO(sample.name());
        auto& file = file_of(sample.format);
        const auto out = file.apply(sample.fault(), 0, 1);
        CHECK(StandardFile::text_of(out) == file.text());
        CHECK_FALSE(out.answer_keys[0].changed_anything());
        // Just above it next to nothing: never more than at a thousand times that.
        const auto little = file.apply(sample.fault(), 1e-4, 1).answer_keys[0];
        const auto more = file.apply(sample.fault(), 0.1, 1).answer_keys[0];
        CHECK(little.bytes <= more.bytes);
    }
}

TEST_CASE("files: the counted answer key equals an independent comparison") {
    for (const auto& sample : cases())
        for (const double severity : {0.4, 1.0}) {
            INFO(sample.name() << " at " << severity);
            auto& file = file_of(sample.format);
            const auto out = file.apply(sample.fault(), severity, 5);
            const auto now = StandardFile::text_of(out);
            const auto& key = out.answer_keys[0];
            CHECK(key.files == (now == file.text() ? 0 : 1));
            CHECK(key.bytes == distance(file.text(), copy_of(out)));
            if (sample.is_text() && sample.plugin->about().unit != plugin::Unit::byte &&
                key.records > 0)
                CHECK(key.records == distance(lines_of(file.text()), lines_of(copy_of(out))));
            if (severity == 1.0) CHECK((key.changed_anything() || !key.expected_any));
        }
}

TEST_CASE("files: something happens at severity 1, in some file that it is for") {
    std::map<std::string, bool> acted;
    for (const auto& sample : cases()) {
        const auto out = file_of(sample.format).apply(sample.fault(), 1, 5);
        acted[sample.plugin->about().name + sample.params.dump()] |=
            out.answer_keys[0].changed_anything();
    }
    for (const auto& [name, any] : acted) {
        INFO(name);
        CHECK(any);
    }
}

TEST_CASE("files: doses nest") {
    for (const auto& sample : cases())
        for (const std::uint64_t stream : {1u, 2u}) {
            auto& file = file_of(sample.format);
            const auto before = lines_of(file.text());
            std::set<std::size_t> smaller;
            std::int64_t bytes = 0;
            for (const double severity : {0.2, 0.45, 0.7, 1.0}) {
                INFO(sample.name() << " at " << severity);
                const auto out = file.apply(sample.fault(), severity, stream);
                CHECK(out.answer_keys[0].bytes >= bytes);
                bytes = out.answer_keys[0].bytes;
                // In place: what differs at less differs at more.
                const auto text = StandardFile::text_of(out);
                std::set<std::size_t> larger;
                if (sample.plugin->about().unit == plugin::Unit::byte) {
                    REQUIRE(text.size() == file.text().size());
                    for (std::size_t i = 0; i < text.size(); ++i)
                        if (text[i] != file.text()[i]) larger.insert(i);
                } else if (sample.plugin->about().unit == plugin::Unit::record) {
                    const auto now = lines_of(text);
                    REQUIRE(now.size() == before.size());
                    for (std::size_t i = 0; i < now.size(); ++i)
                        if (now[i] != before[i]) larger.insert(i);
                }
                CHECK(std::includes(larger.begin(), larger.end(), smaller.begin(), smaller.end()));
                smaller = std::move(larger);
            }
        }
}

TEST_CASE("files: the stream decides, and only where the plugin says that it draws") {
    for (const auto& sample : cases()) {
        INFO(sample.name());
        auto& file = file_of(sample.format);
        const auto fault = sample.fault();
        std::vector<std::string> results;
        for (const std::uint64_t stream : {1u, 1u, 2u, 3u, 4u})
            results.push_back(StandardFile::text_of(file.apply(fault, 0.8, stream)));
        CHECK(results[0] == results[1]);
        const bool all_same =
            results[0] == results[2] && results[0] == results[3] && results[0] == results[4];
        if (!fault.draws_at(0.8)) CHECK(all_same);
        // Of a single file nothing is drawn, although of several something might be.
        const bool of_records = sample.plugin->about().unit != plugin::Unit::file;
        if (fault.draws_at(0.8) && of_records && results[0] != file.text()) CHECK_FALSE(all_same);
    }
}

TEST_CASE("files: the original is never touched") {
    for (const auto& sample : cases()) {
        INFO(sample.name());
        auto& file = file_of(sample.format);
        file.apply(sample.fault(), 1, 3);
        CHECK(file.now() == file.text());
    }
}

TEST_CASE("files: unknown parameters are refused with their place") {
    for (const auto& sample : cases()) {
        INFO(sample.name());
        auto wrong = sample;
        wrong.params["no_such_parameter"] = 1;
        try {
            const auto fault = wrong.fault();
            FAIL("accepted");
        } catch (const Error& e) {
            CHECK(e.kind() == ErrorKind::user);
            REQUIRE(e.problems().size() == 1);
            CHECK(e.problems()[0].pointer == "/perturbations/0/params/no_such_parameter");
        }
    }
}

namespace {

std::filesystem::path hostile(const std::string& name) {
    return std::filesystem::path(FAULTLINE_PLUGIN_ROOT) / "hostile_plugins" / (name + ".so");
}

}  // namespace

TEST_CASE("files: a plugin that misbehaves is reported and contained") {
    StandardFile file(model::FileFormat::csv);
    for (const auto& [name, says] : std::vector<std::pair<const char*, const char*>>{
             {"throws_in_file", "file threw through the C boundary"},
             {"fails_in_file", "failed with code 3: no disk"},
             {"file_writes_nothing", "left no file and says that nothing changed"},
             {"file_loses_silently", "left no file and counted no bytes"},
             {"file_changes_silently", "wrote another file and counted no bytes"},
             {"file_claims_bytes", "counted 7 bytes and wrote the same file"},
             {"file_counts_rows", "counted \"rows_changed\", not bytes, records or identity"},
             {"file_counts_less", "no count"},
             {"file_leaves_folder", "left something else than a file"},
             {"file_leaves_link", "left something else than a file"},
             {"file_writes_original", "wrote to the file that it was given to read"}}) {
        INFO(name);
        plugin::Registry registry;
        try {
            const Fault fault("bad", registry.load(hostile(name)), Json::object(), "s.json",
                              "/p/0");
            file.apply(fault, 1, 1);
            FAIL("passed");
        } catch (const Error& e) {
            CHECK(e.kind() == ErrorKind::plugin);
            CHECK(e.node() == "orders");
            CHECK_THAT(e.what(), Catch::Contains(says));
        }
    }
}

TEST_CASE("files: what a plugin leaves beside its copy is not there afterwards") {
    StandardFile file(model::FileFormat::csv);
    plugin::Registry registry;
    const Fault fault("bad", registry.load(hostile("file_litters")), Json::object(), "s.json",
                      "/p/0");
    const auto out = file.apply(fault, 1, 1);
    const auto place = out.copies[0].path->parent_path();
    CHECK(std::distance(std::filesystem::directory_iterator(place),
                        std::filesystem::directory_iterator()) == 1);
}

TEST_CASE("files: descriptions that make no sense are turned away") {
    for (const auto& [name, says] : std::vector<std::pair<const char*, const char*>>{
             {"file_beside_rewrite", "file stands alone"},
             {"file_of_rows", "its unit is not file, record or byte"},
             {"unit_without_file", "speaks of files"}}) {
        INFO(name);
        plugin::Registry registry;
        CHECK_THROWS_WITH(registry.load(hostile(name)), Catch::Contains(says));
    }
}
