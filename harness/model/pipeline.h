#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace faultline::model {

using Json = nlohmann::ordered_json;

enum class FileFormat { csv, json, parquet };

/// How a source's columns are found: `frozen` reads the types once, in the base, and holds them for
/// every later read; `sniff` lets the engine guess at every read, as most production readers do.
enum class Reader { frozen, sniff };

/// A column by name and, where stated, its SQL type. Used to type a read and as a node's contract.
struct ColumnSpec {
    std::string name;
    std::string type;  ///< empty: any
};

/// Where a source's rows come from: files, or SQL that generates them. Exactly one is set.
struct Source {
    /// As written, globs allowed; relative to the document's folder.
    std::vector<std::string> paths;
    FileFormat format = FileFormat::csv;
    /// Reader options as written: delimiter, quote, escape, header, null, encoding, …
    Json csv = Json::object();
    std::vector<ColumnSpec> columns;
    Reader reader = Reader::frozen;
    std::string sql;
};

/// A step that is a program: it reads its inputs as files and writes one.
struct Command {
    std::vector<std::string> argv;              ///< with {in:NODE}, {out} and {folder}
    FileFormat exchange = FileFormat::parquet;  ///< json: one object a line
    std::vector<std::string> env;    ///< NAME (passed on) or NAME=value (set, with {folder})
    std::vector<std::string> files;  ///< what it reads besides, as written; globs allowed
    std::optional<std::uint64_t> memory_bytes;  ///< for each of its processes
};

enum class NodeKind { source, sql, command };

struct Node {
    std::string name;
    NodeKind kind = NodeKind::sql;
    Source source;
    std::string sql;  ///< exactly one SELECT
    Command command;
    /// Inputs as the document states them; nullopt: read them from the SQL text. Of a command
    /// always set: what {in:…} names, in order, then what is stated besides. In the spelling of the
    /// nodes.
    std::optional<std::vector<std::string>> inputs;
    std::vector<std::string> key;
    std::string batch;  ///< a column, or empty
    std::string owner;
    std::string description;
    std::vector<ColumnSpec> columns;  ///< contract, enforced as a check; empty: none
    std::optional<std::chrono::milliseconds> timeout;
    std::string pointer;  ///< where it stands: /nodes/<name>
};

struct Pipeline {
    std::string name;
    std::string description;
    std::map<std::string, std::string> owners;  ///< owner → contact
    std::string now;          ///< ISO timestamp that pins the clock; empty: none stated
    std::vector<Node> nodes;  ///< in the document's order
    std::vector<std::string> outputs;
    std::filesystem::path file;    ///< as given; empty for a document from memory
    std::filesystem::path folder;  ///< relative paths are from here
    Json document;                 ///< what was read, for the journal

    /// Index in `nodes` by name without regard to case, or nullopt.
    [[nodiscard]] std::optional<std::size_t> find(const std::string& node) const;
    [[nodiscard]] std::vector<std::string> node_names() const;
};

/// Reads and validates a document. Every problem of the document is in the one Error thrown.
Pipeline read_pipeline(const std::filesystem::path& file);
/// The same from text; `file` names it in messages and gives the folder.
Pipeline parse_pipeline(const std::string& text, const std::filesystem::path& file);

}  // namespace faultline::model
