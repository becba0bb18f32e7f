#include "engine/exchange_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>

#include "core/error.h"
#include "model/names.h"

namespace faultline::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view parquet_mark = "PAR1";

bool is_torn(const fs::path& file, model::FileFormat format, std::uintmax_t size) {
    std::ifstream in(file, std::ios::binary);
    if (format != model::FileFormat::parquet) {
        in.seekg(-1, std::ios::end);
        return in.get() != '\n';
    }
    // The mark at both ends, and between them at least the length of the footer.
    std::string head(parquet_mark.size(), '\0'), tail(parquet_mark.size(), '\0');
    if (size < 3 * parquet_mark.size()) return true;
    in.read(head.data(), static_cast<std::streamsize>(head.size()));
    in.seekg(-static_cast<std::streamoff>(tail.size()), std::ios::end);
    in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
    return !in || (head == parquet_mark && tail != parquet_mark);
}

/// A file of blank lines: JSON's way to say that there are no rows.
bool is_blank(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    for (char c = 0; in.get(c);)
        if (std::isspace(static_cast<unsigned char>(c)) == 0) return false;
    return true;
}

/// How a text file is read when its columns are known, and with `known` empty when they are not.
std::string read_text_sql(const Dialect& dialect, const fs::path& file, model::FileFormat format,
                          const std::string& known) {
    const std::string name = dialect.literal(file.string());
    if (format == model::FileFormat::json)
        return fmt::format("SELECT * FROM read_json({}, format = 'newline_delimited'{})", name,
                           known.empty() ? ", sample_size = -1" : ", columns = {" + known + "}");
    return fmt::format(
        "SELECT * FROM read_csv({}, header = true, delim = ',', quote = '\"', escape = '\"', "
        "nullstr = '', allow_quoted_nulls = false{})",
        name,
        known.empty() ? ", sample_size = -1" : ", auto_detect = false, columns = {" + known + "}");
}

}  // namespace

ExchangeState look_at(const fs::path& file, model::FileFormat format) {
    std::error_code failed;
    // Not followed: a link may lead out of the folder that the engine is locked into.
    const auto status = fs::symlink_status(file, failed);
    if (!fs::exists(status)) return ExchangeState::absent;
    if (fs::is_directory(status)) return ExchangeState::folder;
    if (!fs::is_regular_file(status)) return ExchangeState::no_file;
    const auto size = fs::file_size(file, failed);
    if (!failed && size == 0) return ExchangeState::empty;
    return is_torn(file, format, size) ? ExchangeState::torn : ExchangeState::whole;
}

std::string read_exchange_sql(Connection& connection, const Dialect& dialect, const fs::path& file,
                              model::FileFormat format,
                              const std::vector<model::ColumnSpec>& typed) {
    if (format == model::FileFormat::parquet)
        return fmt::format("SELECT * FROM read_parquet({})", dialect.literal(file.string()));
    std::string known;
    const auto add = [&](const std::string& name, const std::string& type) {
        known += fmt::format("{}{}: {}", known.empty() ? "" : ", ", dialect.literal(name),
                             dialect.literal(type));
    };
    if (format == model::FileFormat::json && is_blank(file)) {
        for (const auto& column : typed)
            if (!column.type.empty()) add(column.name, column.type);
        if (known.empty())
            throw Error(ErrorKind::data,
                        "there are no rows, and no \"columns\" say which they "
                        "would have");
        return read_text_sql(dialect, file, format, known);
    }
    for (const auto& column :
         connection.describe(read_text_sql(dialect, file, format, std::string()))) {
        const auto stated = std::find_if(typed.begin(), typed.end(), [&](const auto& other) {
            return !other.type.empty() && model::same_folded(other.name, column.name);
        });
        add(column.name, stated == typed.end() ? column.type : stated->type);
    }
    return read_text_sql(dialect, file, format, known);
}

}  // namespace faultline::engine
