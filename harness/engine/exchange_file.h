#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace faultline::engine {

/// What lies where a program should have left a file, told from the file alone.
enum class ExchangeState {
    whole,    ///< as far as that can be told without reading it: see torn
    absent,   ///< nothing
    folder,   ///< a folder
    no_file,  ///< a link, a pipe, a socket: nothing that the engine may follow or read
    empty,    ///< no byte at all
    torn,     ///< it breaks off: Parquet without its closing mark, text without its last line end
};
ExchangeState look_at(const std::filesystem::path& file, model::FileFormat format);

/// The SELECT that reads a file which a program wrote inside the exchange folder: Parquet as it is
/// typed; CSV in UTF-8 with a header, commas, double quotes, an empty field for NULL and `""` for
/// the empty string; JSON as one object a line. Text has no types of its own: columns named in
/// `typed` get the type stated there, whatever their values look like, others are guessed from the
/// whole file. Those of `typed` that the file has not are left out. Throws Error(data) with the
/// engine's message where it makes nothing of the file.
std::string read_exchange_sql(Connection& connection, const Dialect& dialect,
                              const std::filesystem::path& file, model::FileFormat format,
                              const std::vector<model::ColumnSpec>& typed);

}  // namespace faultline::engine
