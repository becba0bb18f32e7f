#include "cli/number_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <limits>

#include "cli/write_file.h"
#include "core/error.h"
#include "engine/engine.h"
#include "faultline/arrow.h"

namespace faultline::cli {
namespace {

namespace fs = std::filesystem;

/// Releases what the engine handed over.
struct Stream {
    ArrowArrayStream raw{};
    ~Stream() {
        if (raw.release != nullptr) raw.release(&raw);
    }
};
struct Batch {
    ArrowArray raw{};
    ~Batch() {
        if (raw.release != nullptr) raw.release(&raw);
    }
};

double cell(const ArrowArray& column, std::int64_t row) {
    const std::int64_t place = column.offset + row;
    const auto* valid = static_cast<const std::uint8_t*>(column.buffers[0]);
    if (valid != nullptr && (valid[place / 8] >> (place % 8) & 1) == 0)
        return std::numeric_limits<double>::quiet_NaN();
    return static_cast<const double*>(column.buffers[1])[place];
}

/// All columns are DOUBLE.
Eigen::ArrayXXd numbers_of(engine::Connection& connection, const std::string& select,
                           Eigen::Index rows, Eigen::Index columns) {
    Stream stream;
    connection.export_arrow(select, &stream.raw);
    Eigen::ArrayXXd values(rows, columns);
    for (Eigen::Index from = 0;;) {
        Batch batch;
        if (stream.raw.get_next(&stream.raw, &batch.raw) != 0)
            throw Error(ErrorKind::internal, stream.raw.get_last_error(&stream.raw));
        if (batch.raw.release == nullptr) return values;
        for (Eigen::Index j = 0; j < columns; ++j)
            for (std::int64_t i = 0; i < batch.raw.length; ++i)
                values(from + i, j) = cell(*batch.raw.children[j], batch.raw.offset + i);
        from += batch.raw.length;
    }
}

/// Whether the first line names the columns: it holds something that is no number. The engine's own
/// guess goes by the types of the lines below and takes a lone "-3.5" over integers for a name.
bool has_header(const fs::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    for (std::size_t from = 0; from < line.size();) {
        const std::size_t end = std::min(line.find_first_of(",;\t|\" \r", from), line.size());
        double number = 0;
        const auto [rest, error] = std::from_chars(line.data() + from, line.data() + end, number);
        if (end > from && (error == std::errc::invalid_argument || rest != line.data() + end))
            return true;
        from = end + 1;
    }
    return false;
}

/// The SQL of a column's numbers. Throws Error(user) for one that holds anything else.
std::string numbers_in(engine::Connection& connection, const engine::Dialect& dialect,
                       const std::string& table, const engine::Column& column,
                       const fs::path& file) {
    using engine::TypeFamily;
    switch (column.family) {
        case TypeFamily::boolean:
        case TypeFamily::integer:
        case TypeFamily::decimal:
        case TypeFamily::floating:
            return dialect.cast(dialect.quote(column.name), "DOUBLE");
        default:
            break;
    }
    // A column without any value has no type of its own and comes as text; one of infinities alone
    // is taken for dates, which have them too.
    const std::string name = dialect.cast(dialect.quote(column.name), "VARCHAR");
    const auto found = connection.query(
        fmt::format("SELECT {} FROM {} WHERE {} IS NOT NULL AND {} IS NULL LIMIT 1", name, table,
                    name, dialect.try_cast(name, "DOUBLE")));
    if (found.rows.empty()) return dialect.cast(name, "DOUBLE");
    const auto* text = std::get_if<std::string>(&found.rows.front().front());
    throw Error(ErrorKind::user,
                fmt::format("{}: column \"{}\" holds \"{}\", expected numbers alone, with commas "
                            "between them, and empty cells for failed runs",
                            file.string(), column.name, text != nullptr ? *text : ""));
}

model::Source source_of(const fs::path& file) {
    model::Source source;
    source.paths = {file.string()};
    source.format =
        file.extension() == ".parquet" ? model::FileFormat::parquet : model::FileFormat::csv;
    if (source.format == model::FileFormat::csv) source.csv["header"] = has_header(file);
    return source;
}

}  // namespace

NumberTable read_numbers(const fs::path& file, const std::string& prefix) {
    const auto engine = engine::open_duckdb({});
    const engine::Dialect& dialect = engine->dialect();
    const std::string table = dialect.store("numbers");
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        throw Error(ErrorKind::user, fmt::format("there is no file {}", file.string()));
    engine->load_source(source_of(file), {}, table, "");
    const auto connection = engine->connect();
    const engine::Schema schema = connection->describe("SELECT * FROM " + table);

    NumberTable result;
    std::string columns;
    const bool bare = file.extension() != ".parquet" && !has_header(file);
    for (std::size_t j = 0; j < schema.size(); ++j) {
        columns += (j == 0 ? "" : ", ") + numbers_in(*connection, dialect, table, schema[j], file);
        result.names.push_back(bare ? fmt::format("{}{}", prefix, j + 1) : schema[j].name);
    }
    const auto count = connection->query("SELECT count(*) FROM " + table);
    result.values = numbers_of(*connection, "SELECT " + columns + " FROM " + table,
                               std::get<std::int64_t>(count.rows.front().front()),
                               static_cast<Eigen::Index>(schema.size()));
    return result;
}

void write_parquet(const fs::path& file, const std::string& csv) {
    const fs::path numbers = file.string() + ".csv.part", whole = file.string() + ".part";
    struct Gone {
        const fs::path& a;
        const fs::path& b;
        ~Gone() {
            std::error_code ignored;
            fs::remove(a, ignored);
            fs::remove(b, ignored);
        }
    } const gone{numbers, whole};
    write_whole(numbers, csv);
    const auto engine = engine::open_duckdb({});
    const std::string table = engine->dialect().store("numbers");
    engine->load_source(source_of(numbers), {}, table, "");
    engine->connect()->execute(
        fmt::format("COPY (SELECT COLUMNS(*)::DOUBLE FROM {}) TO {} (FORMAT "
                    "parquet)",
                    table, engine->dialect().literal(whole.string())));
    std::error_code failed;
    fs::rename(whole, file, failed);
    if (failed)
        throw Error(ErrorKind::internal,
                    fmt::format("cannot write {}: {}", file.string(), failed.message()));
}

}  // namespace faultline::cli
