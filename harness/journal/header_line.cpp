#include "journal/lines.h"
#include "journal/numbers.h"

namespace faultline::journal {
namespace {

Json faults_to_json(const std::vector<FaultFacts>& faults) {
    Json array = Json::array();
    for (const auto& fault : faults)
        array.push_back({{"id", fault.id},
                         {"group", fault.group},
                         {"benign", fault.benign},
                         {"scales", fault.scales},
                         {"unit", fault.unit},
                         {"param", fault.param},
                         {"from", from_number(fault.from)},
                         {"to", from_number(fault.to)},
                         {"by_power", fault.by_power},
                         {"measure", fault.measure}});
    return array;
}

std::vector<FaultFacts> parse_faults(const Json& array) {
    std::vector<FaultFacts> faults;
    for (const auto& item : array) {
        const Fields fields(item, "a fault of the header");
        faults.push_back({fields.text("id"), fields.text("group"), fields.flag("benign"),
                          fields.text("scales"), fields.text("unit"), fields.text("param"),
                          fields.number("from"), fields.number("to"), fields.flag("by_power"),
                          fields.text("measure")});
    }
    return faults;
}

Json reads_to_json(const std::map<std::string, std::vector<std::string>>& reads) {
    Json object = Json::object();
    for (const auto& [check, nodes] : reads) object[check] = nodes;
    return object;
}

std::map<std::string, std::vector<std::string>> parse_reads(const Json& object) {
    const Fields fields(object, "the checks of the header");
    std::map<std::string, std::vector<std::string>> reads;
    for (const auto& [check, nodes] : object.items()) reads[check] = fields.texts(check.c_str());
    return reads;
}

}  // namespace

Json to_json(const Header& header) {
    return {{"type", "header"},
            {"faultline", format},
            {"scenario_path", header.scenario_path},
            {"pipeline_path", header.pipeline_path},
            {"seed", header.seed},
            {"approximate", header.approximate},
            {"threads_per_trial", header.threads_per_trial},
            {"fingerprint", header.fingerprint},
            {"versions", header.versions},
            {"warnings", header.warnings},
            {"deterministic", header.deterministic},
            {"binary", header.binary},
            {"faults", faults_to_json(header.faults)},
            {"check_reads", reads_to_json(header.check_reads)},
            {"sources", header.sources},
            {"plugins", header.plugins},
            {"edges", header.edges},
            {"scenario", header.scenario},
            {"pipeline", header.pipeline}};
}

namespace {

/// Names to digests; journals of earlier builds have none.
std::map<std::string, std::string> digests(const Fields& fields, const char* key) {
    std::map<std::string, std::string> result;
    if (!fields.has(key)) return result;
    const Fields each(fields.object(key), "\"" + std::string(key) + "\" of the header");
    for (const auto& [name, digest] : fields.object(key).items())
        result[name] = each.text(name.c_str());
    return result;
}

}  // namespace

Header parse_header(const Json& line) {
    const Fields fields(line, "the header");
    if (fields.text("faultline") != format)
        throw Malformed("its format is \"" + fields.text("faultline") +
                        "\", and this build reads \"" + format + "\"");
    Header header;
    header.scenario_path = fields.text("scenario_path");
    header.pipeline_path = fields.text("pipeline_path");
    header.seed = fields.count("seed");
    header.approximate = fields.flag("approximate");
    header.fingerprint = fields.text("fingerprint");
    header.versions = fields.any("versions");
    header.warnings = fields.texts("warnings");
    header.deterministic = fields.texts("deterministic");
    if (fields.has("binary")) header.binary = fields.texts("binary");
    if (fields.has("faults")) header.faults = parse_faults(fields.array("faults"));
    if (fields.has("check_reads")) header.check_reads = parse_reads(fields.object("check_reads"));
    header.sources = digests(fields, "sources");
    header.plugins = digests(fields, "plugins");
    if (fields.has("threads_per_trial"))
        header.threads_per_trial = static_cast<unsigned>(fields.count("threads_per_trial"));
    header.edges = fields.array("edges");
    for (const auto& edge : header.edges)
        if (!edge.is_array() || edge.size() != 2 || !edge[0].is_string() || !edge[1].is_string())
            throw Malformed("\"edges\" of the header is not an array of [input, node]");
    header.scenario = fields.any("scenario");
    header.pipeline = fields.any("pipeline");
    return header;
}

}  // namespace faultline::journal
