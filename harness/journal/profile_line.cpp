#include "journal/lines.h"
#include "journal/numbers.h"

namespace faultline::journal {
namespace {

Json numbers_to_json(const std::map<std::string, double>& numbers) {
    Json object = Json::object();
    for (const auto& [name, number] : numbers) object[name] = from_number(number);
    return object;
}

std::map<std::string, double> parse_numbers(const Json& object, const std::string& what) {
    const Fields fields(object, what);
    std::map<std::string, double> numbers;
    for (const auto& [name, value] : object.items()) numbers[name] = fields.number(name.c_str());
    return numbers;
}

std::map<std::string, std::string> parse_sql(const Json& object, const std::string& what) {
    const Fields fields(object, what);
    std::map<std::string, std::string> sql;
    for (const auto& [name, value] : object.items()) sql[name] = fields.text(name.c_str());
    return sql;
}

/// What is empty is left out: most of these lines say the same of many columns.
Json to_json(const ColumnProfile& column) {
    Json object = {{"name", column.name}, {"type", column.type}};
    if (!column.numbers.empty()) object["numbers"] = numbers_to_json(column.numbers);
    if (!column.values.empty()) object["values"] = column.values;
    if (!column.sql.empty()) object["sql"] = column.sql;
    return object;
}

Json to_json(const NodeProfile& node) {
    Json object = {{"node", node.node}};
    if (!node.consumer.empty()) object["consumer"] = node.consumer;
    if (node.same) {
        object["same"] = true;
        return object;
    }
    object["numbers"] = numbers_to_json(node.numbers);
    if (!node.sql.empty()) object["sql"] = node.sql;
    if (node.left_out > 0) object["left_out"] = node.left_out;
    object["columns"] = Json::array();
    for (const auto& column : node.columns) object["columns"].push_back(to_json(column));
    return object;
}

ColumnProfile parse_column(const Json& value) {
    const Fields fields(value, "a column of a profile");
    ColumnProfile column{fields.text("name"), fields.text("type"), {}, {}, {}};
    if (fields.has("numbers"))
        column.numbers = parse_numbers(fields.object("numbers"), "a column's statistics");
    if (fields.has("values")) column.values = fields.texts("values");
    if (fields.has("sql")) column.sql = parse_sql(fields.object("sql"), "a column's SQL");
    return column;
}

NodeProfile parse_node(const Json& value) {
    const Fields fields(value, "a node of a profile");
    NodeProfile node;
    node.node = fields.text("node");
    if (fields.has("consumer")) node.consumer = fields.text("consumer");
    if (fields.has("same")) node.same = fields.flag("same");
    if (node.same) return node;
    node.numbers = parse_numbers(fields.object("numbers"), "a node's statistics");
    if (fields.has("sql")) node.sql = parse_sql(fields.object("sql"), "a node's SQL");
    if (fields.has("left_out")) node.left_out = fields.count("left_out");
    for (const auto& column : fields.array("columns")) node.columns.push_back(parse_column(column));
    return node;
}

}  // namespace

Json to_json(const Profile& profile) {
    Json nodes = Json::array();
    for (const auto& node : profile.nodes) nodes.push_back(to_json(node));
    return {{"type", "profile"},
            {"trial", profile.trial ? Json(*profile.trial) : Json()},
            {"without", profile.without ? Json(*profile.without) : Json()},
            {"nodes", std::move(nodes)}};
}

Profile parse_profile(const Json& line) {
    const Fields fields(line, "a profile");
    Profile profile;
    if (!fields.any("trial").is_null()) profile.trial = fields.count("trial");
    if (!fields.any("without").is_null()) profile.without = fields.count("without");
    for (const auto& node : fields.array("nodes")) profile.nodes.push_back(parse_node(node));
    return profile;
}

}  // namespace faultline::journal
