#include "standard_file.h"

#include <unistd.h>

#include <atomic>
#include <fstream>
#include <sstream>

namespace faultline::conformance {
namespace {

namespace fs = std::filesystem;

/// 30 records; letters beyond ASCII in every third, quotes where they must be.
const char* const rows =
    "SELECT i AS id, CASE i % 3 WHEN 0 THEN 'Zürich' WHEN 1 THEN 'Oslo' ELSE 'Rome, Italy' END AS "
    "city, CAST(i * 37 % 1000 AS DECIMAL(9, 2)) / 4 AS price, CASE WHEN i % 5 = 0 THEN 'say \"hi\" "
    "' "
    "|| i WHEN i % 7 = 0 THEN NULL ELSE 'note ' || i END AS note FROM range(30) t(i)";

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

StandardFile::StandardFile(model::FileFormat format)
    : engine_(engine::open_duckdb({})), connection_(engine_->connect()) {
    static std::atomic<unsigned> count{0};
    folder_ = fs::temp_directory_path() /
              ("faultline-standard-" + std::to_string(getpid()) + "-" + std::to_string(count++));
    fs::create_directories(folder_);
    const std::string name = plugin::name_of(format);
    const auto file = folder_ / ("orders." + name);
    connection_->execute(std::string("COPY (") + rows + ") TO '" + file.string() + "' (FORMAT " +
                         name + (name == "csv" ? ", HEADER)" : ")"));
    source_.paths = {file.filename().string()};
    source_.format = format;
    engine_->load_source(source_, folder_, "store.\"t\"", "");
    files_ = engine_->survey_files(source_, folder_, "store.\"t\"");
    text_ = read(file);
}

StandardFile::~StandardFile() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

plugin::Damage StandardFile::apply(const plugin::Fault& fault, double severity,
                                   std::uint64_t stream) {
    std::error_code ignored;
    fs::remove_all(folder_ / "copies", ignored);
    return plugin::damage({*connection_, engine_->dialect(), "orders", source_.format, files_,
                           folder_ / "copies" / std::to_string(next_++)},
                          {{&fault, severity, stream}});
}

std::string StandardFile::now() const {
    return read(folder_ / source_.paths[0]);
}

std::string StandardFile::text_of(const plugin::Damage& damage) {
    return damage.copies[0].path ? read(*damage.copies[0].path) : "(gone)";
}

}  // namespace faultline::conformance
