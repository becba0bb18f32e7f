#pragma once

#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>

#include "bench.h"
#include "plugin/damage.h"

namespace faultline::plugin {

/// A folder with files of one source, read by a DuckDB: what every test of a file fault starts
/// from. Gone with the object.
class FileBench {
  public:
    using Files = std::vector<std::pair<std::string, std::string>>;  ///< name and text

    explicit FileBench(const Files& files, model::FileFormat format = model::FileFormat::csv,
                       model::Reader reader = model::Reader::frozen)
        : engine(engine::open_duckdb({})), connection(engine->connect()) {
        static std::atomic<unsigned> count{0};
        folder = std::filesystem::temp_directory_path() /
                 ("faultline-files-" + std::to_string(getpid()) + "-" + std::to_string(count++));
        for (const auto& [name, text] : files) {
            const auto file = folder / "data" / name;
            std::filesystem::create_directories(file.parent_path());
            std::ofstream(file, std::ios::binary) << text;
            source.paths.push_back("data/" + name);
        }
        source.format = format;
        source.reader = reader;
    }
    ~FileBench() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    FileBench(const FileBench&) = delete;
    FileBench& operator=(const FileBench&) = delete;

    /// Reads the source and looks at its files. Source options may be set before.
    const engine::SourceFiles& survey() {
        connection->execute("DROP TABLE IF EXISTS store.base");
        engine->load_source(source, folder, "store.\"base\"", "");
        surveyed = engine->survey_files(source, folder, "store.\"base\"");
        return surveyed;
    }
    /// Without reading the files first: what a test says of them instead of a reader.
    void assume(const engine::CsvLook& look) {
        for (const auto& path : source.paths) {
            surveyed.files.push_back({folder / path, path, look});
            surveyed.meant.push_back({surveyed.files.size() - 1});
        }
    }

    Damage apply(const std::vector<Application>& stack) {
        return damage({*connection, engine->dialect(), "orders", source.format, surveyed,
                       folder / "copies" / std::to_string(next_++)},
                      stack);
    }
    Damage apply(const Fault& fault, double severity = 1, std::uint64_t stream = 7) {
        return apply({{&fault, severity, stream}});
    }
    /// What the reader makes of damaged files.
    std::string read_sql(const Damage& damage) {
        std::vector<std::optional<std::filesystem::path>> copies;
        for (const auto& copy : damage.copies) copies.push_back(copy.path);
        return engine::read_copies_sql(engine->dialect(), source, surveyed, copies);
    }
    /// Every row as text, in order.
    std::string rows(const std::string& select) {
        const auto found = connection->query(
            "SELECT coalesce(string_agg(CAST(t AS VARCHAR), ' '), '') FROM (" + select + ") t");
        return std::get<std::string>(found.rows[0][0]);
    }

    static std::string text(const std::filesystem::path& file) {
        std::ifstream in(file, std::ios::binary);
        std::stringstream out;
        out << in.rdbuf();
        return out.str();
    }
    /// The text of a copy; "(gone)".
    static std::string text(const Damage& damage, std::size_t file = 0) {
        return damage.copies[file].path ? text(*damage.copies[file].path) : "(gone)";
    }

    std::filesystem::path folder;
    model::Source source;
    engine::SourceFiles surveyed;
    std::unique_ptr<engine::SqlEngine> engine;
    std::unique_ptr<engine::Connection> connection;

  private:
    int next_ = 0;
};

}  // namespace faultline::plugin
