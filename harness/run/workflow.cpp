#include "run/workflow.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <unordered_map>

#include "core/error.h"
#include "core/json_pointer.h"
#include "model/names.h"

namespace faultline::run {
namespace {

/// The text without what may follow a single statement: white space and semicolons.
std::string without_end(std::string text) {
    while (!text.empty() &&
           (std::isspace(static_cast<unsigned char>(text.back())) || text.back() == ';'))
        text.pop_back();
    return text;
}

/// What of a command decides its result, apart from what its files hold.
std::string as_written(const model::Node& node) {
    model::Json text = {{"command", node.command.argv},
                        {"exchange", static_cast<int>(node.command.exchange)},
                        {"env", node.command.env},
                        {"columns", model::Json::array()}};
    for (const auto& column : node.columns) text["columns"].push_back({column.name, column.type});
    // It may be what the command does with it that matters.
    if (node.command.memory_bytes) text["memory"] = *node.command.memory_bytes;
    return text.dump();
}

/// Reads one step's SQL: what is wrong with it, and which nodes it reads.
class StepReader {
  public:
    StepReader(const model::Pipeline& pipeline, const engine::SqlEngine& engine,
               std::vector<Problem>& problems)
        : pipeline_(pipeline), engine_(engine), problems_(problems) {
        std::vector<std::string> texts;
        for (std::size_t i = 0; i < pipeline.nodes.size(); ++i) {
            const model::Node& node = pipeline.nodes[i];
            place_.emplace(model::fold_case(node.name), i);
            texts.push_back(node.kind == model::NodeKind::source ? node.source.sql : node.sql);
        }
        statements_ = engine.inspect_all(texts);
    }

    struct Read {
        std::string canonical;
        std::vector<graph::NodeIndex> inputs;
        std::vector<std::string> unpinned;
    };

    /// The node there, a step.
    Read step(std::size_t index) {
        const model::Node& node = pipeline_.nodes[index];
        const std::string at = pointer_to(node.pointer, "sql");
        Read read;
        const engine::Statement& statement = statements_[index];
        read.canonical = statement.canonical.empty() ? node.sql : statement.canonical;
        if (!accept(statement, node.sql, at)) return read;
        read.unpinned = unpinned_in(statement);
        if (node.inputs) {
            for (const auto& name : *node.inputs) add(read.inputs, *find(name));
        } else if (!statement.parsed) {
            problem(at, "a statement whose inputs cannot be read from its text",
                    "\"inputs\" beside it, naming the nodes that it reads");
        }
        if (statement.parsed) {
            for (const auto& table : statement.tables) {
                const auto found = find(table);
                if (!found) {
                    problem(at, fmt::format("the table \"{}\"", table), "the name of a node",
                            nearest_name(table, pipeline_.node_names()));
                } else if (node.inputs && !contains(read.inputs, *found)) {
                    problem(at,
                            fmt::format("the node \"{}\", which \"inputs\" does not name", table),
                            "every node that the text reads in \"inputs\"");
                } else {
                    add(read.inputs, *found);
                }
            }
        }
        return read;
    }

    /// Generating SQL of a source: the same rules, and no node to read.
    Read generator(std::size_t index) {
        const model::Node& node = pipeline_.nodes[index];
        const std::string at = pointer_to(pointer_to(node.pointer, "source"), "sql");
        Read read;
        const engine::Statement& statement = statements_[index];
        read.canonical = statement.canonical.empty() ? node.source.sql : statement.canonical;
        if (!accept(statement, node.source.sql, at)) return read;
        read.unpinned = unpinned_in(statement);
        for (const auto& table : statement.tables)
            problem(at, fmt::format("the table \"{}\"", table),
                    "SQL that reads no table: a source has no inputs");
        return read;
    }

  private:
    bool accept(const engine::Statement& statement, const std::string& text,
                const std::string& at) {
        if (!statement.error.empty() && !statement.is_select) {
            problem(at,
                    statement.count > 1 ? fmt::format("{} statements", statement.count)
                                        : "SQL that does not parse: " + statement.error,
                    "exactly one SELECT");
            return false;
        }
        if (statement.count != 1) {
            problem(at,
                    statement.count == 0 ? "no statement"
                                         : fmt::format("{} statements", statement.count),
                    "exactly one SELECT");
            return false;
        }
        if (!statement.is_select) {
            problem(at, "a statement that is no SELECT: " + text.substr(0, 60),
                    "exactly one SELECT");
            return false;
        }
        for (const auto& function : statement.table_functions)
            if (!engine_.allows_table_function(function))
                problem(at, fmt::format("the table function {}()", function),
                        "nodes, and table functions that reach nothing outside the pipeline; read "
                        "files with a source");
        return true;
    }

    std::vector<std::string> unpinned_in(const engine::Statement& statement) const {
        std::vector<std::string> result;
        for (const auto& function : statement.functions)
            if (engine_.is_volatile(function) &&
                !(engine_.pins(function) && !pipeline_.now.empty()))
                result.push_back(function + "()");
        std::sort(result.begin(), result.end());
        result.erase(std::unique(result.begin(), result.end()), result.end());
        return result;
    }

    /// Pipeline::find, in constant time: a large pipeline has many edges.
    [[nodiscard]] std::optional<std::size_t> find(const std::string& name) const {
        const auto found = place_.find(model::fold_case(name));
        return found == place_.end() ? std::nullopt : std::optional(found->second);
    }
    static bool contains(const std::vector<graph::NodeIndex>& nodes, graph::NodeIndex node) {
        return std::find(nodes.begin(), nodes.end(), node) != nodes.end();
    }
    static void add(std::vector<graph::NodeIndex>& nodes, graph::NodeIndex node) {
        if (!contains(nodes, node)) nodes.push_back(node);
    }
    void problem(const std::string& at, const std::string& found, const std::string& expected,
                 const std::string& nearest = {}) {
        problems_.push_back({pipeline_.file.string(), at, found, expected, nearest});
    }

    const model::Pipeline& pipeline_;
    const engine::SqlEngine& engine_;
    std::vector<Problem>& problems_;
    std::unordered_map<std::string, std::size_t> place_;
    std::vector<engine::Statement> statements_;  ///< by node; of commands nothing
};

}  // namespace

Workflow make_workflow(model::Pipeline pipeline, const engine::SqlEngine& engine) {
    std::vector<Problem> problems;
    std::vector<std::string> text(pipeline.nodes.size()), canonical(pipeline.nodes.size());
    std::vector<std::vector<std::string>> unpinned(pipeline.nodes.size());
    std::vector<std::vector<graph::NodeIndex>> inputs(pipeline.nodes.size());
    StepReader reader(pipeline, engine, problems);
    for (std::size_t i = 0; i < pipeline.nodes.size(); ++i) {
        const model::Node& node = pipeline.nodes[i];
        StepReader::Read read;
        switch (node.kind) {
            case model::NodeKind::sql:
                read = reader.step(i);
                text[i] = without_end(node.sql);
                break;
            case model::NodeKind::source:
                if (!node.source.sql.empty()) read = reader.generator(i);
                break;
            case model::NodeKind::command:
                // As written; what it means on this machine is found when it is about to run.
                read = {as_written(node), {}, {}};
                for (const auto& name : *node.inputs) read.inputs.push_back(*pipeline.find(name));
                break;
        }
        canonical[i] = std::move(read.canonical);
        unpinned[i] = std::move(read.unpinned);
        inputs[i] = std::move(read.inputs);
    }
    if (!problems.empty()) throw Error(std::move(problems));
    graph::Dag dag(pipeline, std::move(inputs));
    return Workflow{std::move(pipeline), std::move(text), std::move(canonical), std::move(unpinned),
                    std::move(dag)};
}

Workflow load_workflow(const std::filesystem::path& pipeline_file) {
    model::Pipeline pipeline = model::read_pipeline(pipeline_file);
    engine::EngineOptions options;
    options.now = pipeline.now;
    const auto engine = engine::open_duckdb(options);
    return make_workflow(std::move(pipeline), *engine);
}

}  // namespace faultline::run
