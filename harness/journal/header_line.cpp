#include "journal/lines.h"

namespace faultline::journal {

Json to_json(const Header& header) {
    return {{"type", "header"},
            {"faultline", format},
            {"scenario_path", header.scenario_path},
            {"pipeline_path", header.pipeline_path},
            {"seed", header.seed},
            {"approximate", header.approximate},
            {"fingerprint", header.fingerprint},
            {"versions", header.versions},
            {"warnings", header.warnings},
            {"deterministic", header.deterministic},
            {"binary", header.binary},
            {"edges", header.edges},
            {"scenario", header.scenario},
            {"pipeline", header.pipeline}};
}

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
    header.edges = fields.array("edges");
    for (const auto& edge : header.edges)
        if (!edge.is_array() || edge.size() != 2 || !edge[0].is_string() || !edge[1].is_string())
            throw Malformed("\"edges\" of the header is not an array of [input, node]");
    header.scenario = fields.any("scenario");
    header.pipeline = fields.any("pipeline");
    return header;
}

}  // namespace faultline::journal
