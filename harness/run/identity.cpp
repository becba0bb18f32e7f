#include "run/identity.h"

#include <fmt/format.h>

#include "core/digest.h"
#include "core/error.h"
#include "core/json_pointer.h"
#include "core/version.h"
#include "run/bound_command.h"
#include "run/fault_facts.h"
#include "run/latency.h"

namespace faultline::run {
namespace {

using journal::Json;

Json versions_of(const Experiment& experiment, const engine::SqlEngine& engine) {
    Json versions;
    versions["faultline"] = version;
    versions["engine"] = engine.version();
    Json plugins = Json::object();
    std::map<std::string, std::string> sorted;
    for (const auto& fault : experiment.faults)
        sorted[fault.plugin().about().name] = fault.plugin().about().version;
    for (const auto& [name, plugin_version] : sorted) plugins[name] = plugin_version;
    versions["plugins"] = plugins;
    return versions;
}

Json edges_of(const Workflow& workflow) {
    Json edges = Json::array();
    for (graph::NodeIndex node = 0; node < workflow.dag.size(); ++node)
        for (const graph::NodeIndex input : workflow.dag.inputs(node))
            edges.push_back(
                {workflow.pipeline.nodes[input].name, workflow.pipeline.nodes[node].name});
    return edges;
}

/// The document without what decides no result: a run that was cut off by its deadline may go on
/// with a later one.
Json deciding(Json scenario) {
    if (const auto limits = scenario.find("limits");
        limits != scenario.end() && limits->is_object()) {
        limits->erase("deadline");
        if (limits->empty()) scenario.erase("limits");
    }
    return scenario;
}

std::string fingerprint_of(const journal::Header& header) {
    Digest digest;
    digest.add(deciding(header.scenario).dump()).add(header.pipeline.dump());
    digest.add(header.versions.dump()).add(header.seed).add(header.threads_per_trial);
    for (const auto& [node, address] : header.sources) digest.add(node).add(address);
    for (const auto& [name, file] : header.plugins) digest.add(name).add(file);
    return digest.hex();
}

std::string shown(const Json& value) {
    constexpr std::size_t most = 60;
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (text.size() > most) {
        // Not in the middle of a letter.
        std::size_t end = most;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u) --end;
        text.resize(end);
        text += "…";
    }
    return text;
}

/// Where two documents part, a line for each place, the first few of them.
void compare_documents(const char* what, const Json& then, const Json& now,
                       std::vector<std::string>& changes) {
    if (then == now) return;
    constexpr std::size_t most = 5;
    const Json patch = Json::diff(then, now);
    for (std::size_t i = 0; i < patch.size(); ++i) {
        if (i == most) {
            changes.push_back(fmt::format("the {}: {} more places", what, patch.size() - most));
            return;
        }
        const Json& step = patch[i];
        const auto operation = step.at("op").get<std::string>();
        const auto pointer = step.at("path").get<std::string>();
        const auto before = [&] { return shown(then.at(Json::json_pointer(pointer))); };
        if (operation == "add") {
            changes.push_back(fmt::format("the {} at {}: not there then, {} now", what, pointer,
                                          shown(step.at("value"))));
        } else if (operation == "remove") {
            changes.push_back(
                fmt::format("the {} at {}: {} then, not there now", what, pointer, before()));
        } else {
            changes.push_back(fmt::format("the {} at {}: {} then, {} now", what, pointer, before(),
                                          shown(step.at("value"))));
        }
    }
    // Equal but for the order of their keys, which decides the order of rows in the result.
    if (patch.empty()) changes.push_back(fmt::format("the {}: its keys in another order", what));
}

void compare_versions(const Json& then, const Json& now, std::vector<std::string>& changes) {
    for (const char* part : {"faultline", "engine"}) {
        const Json before = then.value(part, Json()), after = now.value(part, Json());
        if (before != after)
            changes.push_back(fmt::format("{}: {} then, {} now",
                                          part == std::string("engine") ? "the engine" : part,
                                          shown(before), shown(after)));
    }
}

/// Names whose digests differ.
std::vector<std::string> changed(const std::map<std::string, std::string>& then,
                                 const std::map<std::string, std::string>& now) {
    std::vector<std::string> names;
    for (const auto& [name, digest] : then) {
        const auto other = now.find(name);
        if (other != now.end() && other->second != digest) names.push_back(name);
    }
    return names;
}

bool is_command(const Json& pipeline, const std::string& node) {
    return pipeline.at("nodes").at(node).contains("command");
}

}  // namespace

std::vector<std::string> address_sources(const Experiment& experiment,
                                         const engine::SqlEngine& engine, const StopFlag* stop) {
    const model::Pipeline& pipeline = experiment.workflow.pipeline;
    std::vector<std::string> addresses(pipeline.nodes.size());
    std::vector<Problem> problems;
    for (const auto& [node, command] : bind_commands(pipeline)) addresses[node] = command.digest;
    for (std::size_t i = 0; i < pipeline.nodes.size(); ++i) {
        const model::Node& node = pipeline.nodes[i];
        if (node.kind != model::NodeKind::source) continue;
        Digest digest;
        digest.add("source");
        if (!node.source.sql.empty()) {
            digest.add(experiment.workflow.canonical[i]);
        } else {
            digest.add(std::to_string(static_cast<int>(node.source.format)))
                .add(std::to_string(static_cast<int>(node.source.reader)))
                .add(node.source.csv.dump());
            for (const auto& column : node.source.columns) digest.add(column.name).add(column.type);
            try {
                for (const auto& file : engine.files_of(node.source, pipeline.folder))
                    digest.add(file.filename().string()).add(digest_of_file(file, stop));
            } catch (const Error& error) {
                if (error.kind() == ErrorKind::cancelled) throw;
                problems.push_back({pipeline.file.string(),
                                    pointer_to(pointer_to(node.pointer, "source"), "path"),
                                    error.what(),
                                    "files that can be read",
                                    {}});
            }
        }
        addresses[i] = digest.hex();
    }
    if (!problems.empty()) throw Error(std::move(problems));
    return addresses;
}

journal::Header make_header(const Experiment& experiment, const engine::SqlEngine& engine,
                            const std::vector<std::string>& sources, unsigned threads_per_trial,
                            unsigned jobs) {
    journal::Header header;
    header.scenario = experiment.scenario.document;
    header.pipeline = experiment.workflow.pipeline.document;
    header.scenario_path = experiment.scenario.file.string();
    header.pipeline_path = experiment.workflow.pipeline.file.string();
    header.seed = experiment.scenario.seed;
    header.threads_per_trial = threads_per_trial;
    header.approximate = threads_per_trial > 1;
    header.versions = versions_of(experiment, engine);
    header.warnings = experiment.warnings;
    if (measures_time(experiment) && jobs > 1)
        header.warnings.push_back(
            "time is measured while several trials run at once, and in the "
            "unperturbed run while none does; one job measures both alike");
    header.edges = edges_of(experiment.workflow);
    for (const auto& factor : experiment.factors)
        if (!factor.draws) header.deterministic.push_back(factor.id);
    for (const auto& factor : experiment.factors)
        if (factor.binary) header.binary.push_back(factor.id);
    header.faults = fault_facts(experiment);
    for (const auto& check : experiment.checks)
        for (const graph::NodeIndex node : check.reads)
            header.check_reads[check.id].push_back(experiment.workflow.pipeline.nodes[node].name);
    for (std::size_t i = 0; i < sources.size(); ++i)
        if (!sources[i].empty())
            header.sources[experiment.workflow.pipeline.nodes[i].name] = sources[i];
    for (const auto& fault : experiment.faults)
        header.plugins[fault.plugin().about().name] = fault.plugin().digest();
    header.fingerprint = fingerprint_of(header);
    return header;
}

journal::Header with_threads(journal::Header header, unsigned threads_per_trial) {
    header.threads_per_trial = threads_per_trial;
    header.approximate = threads_per_trial > 1;
    header.fingerprint = fingerprint_of(header);
    return header;
}

std::vector<std::string> changes_between(const journal::Header& then, const journal::Header& now) {
    std::vector<std::string> changes;
    compare_versions(then.versions, now.versions, changes);
    if (then.seed != now.seed)
        changes.push_back(fmt::format("the seed: {} then, {} now (--seed {} asks for the former)",
                                      then.seed, now.seed, then.seed));
    if (then.threads_per_trial != now.threads_per_trial)
        changes.push_back(fmt::format(
            "engine threads a trial: {} then, {} now (--threads-per-trial {} asks for the former)",
            then.threads_per_trial, now.threads_per_trial, then.threads_per_trial));
    compare_documents("scenario", deciding(then.scenario), deciding(now.scenario), changes);
    compare_documents("pipeline", then.pipeline, now.pipeline, changes);
    // A plugin's version is its own word; its file is what is run.
    for (const auto& name : changed(then.plugins, now.plugins))
        changes.push_back(
            fmt::format("the plugin \"{}\": its file is another one than then", name));
    // A node that is new or says something else is told by the pipeline's own line.
    if (then.pipeline == now.pipeline)
        for (const auto& name : changed(then.sources, now.sources))
            changes.push_back(is_command(now.pipeline, name)
                                  ? fmt::format("the command \"{}\": its program, a file it names "
                                                "or its environment is another than then",
                                                name)
                                  : fmt::format("the source \"{}\": its files hold something else "
                                                "than then",
                                                name));
    if (changes.empty() && then.fingerprint != now.fingerprint)
        changes.emplace_back("its fingerprint: something that decides the results");
    return changes;
}

}  // namespace faultline::run
