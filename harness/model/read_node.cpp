#include "model/read_node.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/read_columns.h"
#include "model/read_source.h"
#include "model/rules.h"
#include "model/utf8.h"

namespace faultline::model {
namespace {

constexpr std::string_view reserved_prefix = "__fl_";

const OneOf<FileFormat> exchange_format{
    {{"parquet", FileFormat::parquet}, {"csv", FileFormat::csv}, {"ndjson", FileFormat::json}}};

void check_name(const Place& place, const std::string& name) {
    if (name.empty()) {
        place.report("a node without a name", "a name of 1 to 128 bytes");
    } else if (name.size() > 128 || has_control_character(name)) {
        place.report(fmt::format("the node name \"{}\"", printable(name)),
                     "a name of 1 to 128 bytes without control characters");
    } else if (fold_case(name).starts_with(reserved_prefix)) {
        place.report(
            fmt::format("the node name \"{}\"", printable(name)),
            fmt::format("a name that does not begin with \"{}\", which the harness keeps for "
                        "itself",
                        reserved_prefix));
    }
}

/// NAME, which passes a variable on, or NAME=value, which sets it.
bool environment_entry(const Place& place, std::string& target) {
    if (!text(place, target)) return false;
    const std::string name = target.substr(0, target.find('='));
    const auto fits = [](char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
               (c >= 'a' && c <= 'z');
    };
    const bool good = !name.empty() && !(name[0] >= '0' && name[0] <= '9') &&
                      std::all_of(name.begin(), name.end(), fits);
    return good || place.refuse("\"NAME\" or \"NAME=value\"");
}

/// The nodes that one argument names as {in:NODE}, in their declared spelling.
void inputs_of_argument(const Place& place, const NameIndex& nodes, NameIndex& inputs) {
    constexpr std::string_view opening = "{in:";
    const std::string& argument = place.text();
    for (std::size_t at = argument.find(opening); at != std::string::npos;
         at = argument.find(opening, at + 1)) {
        const std::size_t begin = at + opening.size();
        const std::size_t end = argument.find('}', begin);
        if (end == std::string::npos) {
            place.refuse("a closing } after {in:");
            return;
        }
        const std::string name = argument.substr(begin, end - begin);
        if (const std::string* node = nodes.find(name)) {
            inputs.add(*node);
        } else {
            place.report(fmt::format("\"{{in:{}}}\"", printable(name)),
                         "{in:} with the name of a node", place.nearest(name, nodes.names()));
        }
    }
}

bool read_arguments(const Place& place, const NameIndex& nodes, Command& command,
                    NameIndex& inputs) {
    if (!list_of(text)(place, command.argv)) return false;
    const bool writes = std::any_of(
        command.argv.begin(), command.argv.end(),
        [](const std::string& argument) { return argument.find("{out}") != std::string::npos; });
    if (command.argv.front().empty()) place.element(0).refuse("the name of a program");
    if (!writes)
        place.report("no {out} in the command", "{out} where the program takes its output file");
    for (std::size_t i = 0; i < command.argv.size(); ++i)
        inputs_of_argument(place.element(i), nodes, inputs);
    return true;
}

/// What the placeholders name comes first, then what is stated besides.
void read_command(ObjectReader& object, const NodeContext& context, Node& node) {
    NameIndex inputs(NameCase::fold);
    object.optional("command", node.command, [&](const Place& place, Command& command) {
        return read_arguments(place, context.nodes, command, inputs);
    });
    object.optional("exchange", node.command.exchange, exchange_format);
    object.optional("env", node.command.env, list_of(environment_entry, 0));
    object.optional("files", node.command.files, names_of(filled_text));
    object.optional("memory", node.command.memory_bytes, memory_size);
    if (node.inputs)
        for (const auto& stated : *node.inputs) inputs.add(stated);
    node.inputs = inputs.names();
}

}  // namespace

bool read_node(const Place& place, const std::string& name, const NodeContext& context,
               Node& node) {
    node.name = name;
    node.pointer = place.pointer();
    check_name(place, name);
    ObjectReader object(place);
    if (!object.is_object()) return false;

    object.exactly_one_of({"source", "sql", "command"});
    if (object.has("source")) {
        object.only("inputs", "on a node that reads other nodes; a source reads none");
    } else {
        object.optional("inputs", node.inputs,
                        names_of(KnownName{context.nodes, "a node"}, NameCase::fold, 0));
    }
    if (object.has("command")) {
        node.kind = NodeKind::command;
        read_command(object, context, node);
    } else {
        for (const char* key : {"exchange", "env", "files", "memory"})
            object.only(key, "beside \"command\"");
    }
    if (object.optional("source", node.source, read_source)) node.kind = NodeKind::source;
    object.optional("sql", node.sql, filled_text);

    object.optional("key", node.key, one_or_many(column_name, NameCase::fold));
    object.optional("batch", node.batch, column_name);
    if (context.owners != nullptr) {
        object.optional("owner", node.owner, KnownName{*context.owners, "one of the \"owners\""});
    } else {
        object.optional("owner", node.owner, filled_text);
    }
    object.optional("description", node.description, text);
    object.optional("columns", node.columns, Columns{});
    object.optional("timeout", node.timeout, duration);
    object.close();
    return true;
}

}  // namespace faultline::model
