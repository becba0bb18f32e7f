#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "core/error.h"
#include "run/execute.h"
#include "run/trial_execution.h"

namespace faultline::run {
namespace {

/// What there is to say of a program that ran, beside its files.
std::string about_program(const TrialExecution::Program& program, const model::Node& node) {
    journal::Json names = journal::Json::array();
    // Values may be secrets.
    for (const auto& entry : node.command.env) names.push_back(entry.substr(0, entry.find('=')));
    const journal::Json about = {{"arguments", program.arguments},
                                 {"environment", std::move(names)},
                                 {"end", process::words_of(program.ended)},
                                 {"seconds", program.ended.took.count()},
                                 {"peak_bytes", program.ended.peak_bytes},
                                 {"processes_left_behind", program.ended.left_behind},
                                 {"stdout_bytes", program.ended.out.total},
                                 {"stderr_bytes", program.ended.err.total}};
    return about.dump(2, ' ', false, journal::Json::error_handler_t::replace) + "\n";
}

/// Writes relations as CSV and remembers what was written.
class Exporter {
  public:
    Exporter(engine::Connection& connection, const engine::Dialect& dialect,
             std::filesystem::path to)
        : connection_(connection), dialect_(dialect), to_(std::move(to)) {}

    void table(const std::string& folder, const std::string& node, const std::string& select) {
        const std::string relative = folder + "/" + file_name_of(node) + ".csv";
        std::filesystem::create_directories(to_ / folder);
        connection_.execute(dialect_.copy_to_file(
            select, (std::filesystem::canonical(to_) / relative).string(), model::FileFormat::csv));
        written_.push_back(relative);
    }
    /// One file beside another, under the same name.
    void file(const std::string& folder, const std::string& node, const std::string& name,
              const std::filesystem::path& from) {
        const std::string relative = folder + "/" + file_name_of(node) + "/" + name;
        const auto place = to_ / relative;
        std::filesystem::create_directories(place.parent_path());
        std::filesystem::copy_file(from, place);
        written_.push_back(relative);
    }
    /// A folder that is here already, under another name.
    void folder(const std::filesystem::path& from, const std::string& as) {
        std::filesystem::create_directories((to_ / as).parent_path());
        std::filesystem::rename(from, to_ / as);
        for (const auto& entry : std::filesystem::recursive_directory_iterator(to_ / as))
            if (entry.is_regular_file() && !entry.is_symlink())
                written_.push_back(entry.path().lexically_relative(to_).string());
    }
    void text(const std::string& name, const std::string& content) {
        std::ofstream out(to_ / name, std::ios::binary);
        out << content;
        out.close();
        if (!out) throw Error(ErrorKind::internal, "cannot write " + (to_ / name).string());
        written_.push_back(name);
    }
    [[nodiscard]] const std::vector<std::string>& written() const { return written_; }

  private:
    engine::Connection& connection_;
    const engine::Dialect& dialect_;
    std::filesystem::path to_;
    std::vector<std::string> written_;
};

}  // namespace

std::vector<std::string> replay(const Experiment& experiment, const journal::Journal& journal,
                                std::uint64_t trial, const std::filesystem::path& to) {
    const auto found =
        std::find_if(journal.trials.begin(), journal.trials.end(),
                     [&](const journal::TrialRecord& record) { return record.number == trial; });
    if (found == journal.trials.end())
        throw Error(ErrorKind::user, fmt::format("there is no trial {}: the journal has {} of them",
                                                 trial, journal.trials.size()));
    std::error_code ignored;
    if (std::filesystem::exists(to) && !std::filesystem::is_empty(to, ignored))
        throw Error(ErrorKind::user, fmt::format("{} exists and is not empty", to.string()));
    std::filesystem::create_directories(to);

    // The engine may write below the folder of the replay and nowhere else.
    BaseOptions options;
    options.scratch = to;
    BaseRun base(experiment, options);
    base.run();
    const design::Trial again{found->number, found->block, found->replicate, found->severities};
    const TrialPlan plan(experiment, base.plan(), again);
    const Work work = work_of(experiment, base.needed(), base.plan(), plan);
    const auto connection = base.engine().connect();
    plugin::Measures measures;
    Exporter exporter(*connection, base.engine().dialect(), to);

    /// Copies of files are the execution's; their folder goes after it.
    struct Leftover {
        std::filesystem::path folder;
        ~Leftover() {
            std::error_code failed;
            std::filesystem::remove(folder, failed);
        }
    } const leftover{to / "files"}, programs{to / "commands"};
    std::string sql;
    TrialExecution execution(experiment, base, *connection, measures, nullptr, plan, work, true);
    execution.keep_programs();
    try {
        execution.run();
    } catch (const TrialFailure& failure) {
        sql += fmt::format("-- {} at node {} ({}): {}\n\n", journal::name_of(failure.outcome),
                           failure.failure.node, failure.failure.stage, failure.failure.message);
    }
    connection->stop_when({});
    const auto& nodes = experiment.workflow.pipeline.nodes;
    for (const auto& [node, copies] : execution.copies()) {
        const auto& files = base.files(node).files;
        for (std::size_t i = 0; i < copies.size(); ++i) {
            if (!copies[i].damaged) continue;
            exporter.file("base_files", nodes[node].name, files[i].name, files[i].path);
            // Of a file that is gone only the original is there.
            if (copies[i].path)
                exporter.file("perturbed_files", nodes[node].name, files[i].name, *copies[i].path);
        }
        const std::string& address = plan.content(node);
        if (!plan.perturbed(node).empty() || !execution.relations().has(address)) continue;
        exporter.table("perturbed", nodes[node].name, execution.relations().select(address));
        exporter.table("base", nodes[node].name, base.relations().select(base.plan().result(node)));
    }
    for (const auto& [node, program] : execution.programs()) {
        const std::string place = "commands/" + file_name_of(nodes[node].name);
        std::filesystem::remove(program.folder / "tmp", ignored);
        exporter.folder(program.folder, place);
        exporter.text(place + "/command.json", about_program(program, nodes[node]));
        exporter.text(place + "/stdout.txt", program.ended.out.tail);
        exporter.text(place + "/stderr.txt", program.ended.err.tail);
    }
    for (NodeIndex node = 0; node < nodes.size(); ++node) {
        for (const Delivery* delivery : plan.perturbed(node)) {
            if (!execution.relations().has(delivery->address)) continue;
            exporter.table("perturbed", nodes[node].name,
                           execution.relations().select(delivery->address));
            exporter.table("base", nodes[node].name,
                           base.relations().select(base.plan().result(node)));
        }
    }
    for (const auto& group : experiment.metric_groups) {
        const std::string& name = nodes[group.output].name;
        if (std::find(exporter.written().begin(), exporter.written().end(),
                      "base_outputs/" + file_name_of(name) + ".csv") != exporter.written().end())
            continue;
        exporter.table("base_outputs", name,
                       base.relations().select(base.plan().result(group.output)));
        const std::string& address = plan.handed_on(group.output).address;
        if (execution.relations().has(address))
            exporter.table("outputs", name, execution.relations().select(address));
    }
    for (const auto& statement : execution.statements()) sql += statement + ";\n\n";
    exporter.text("trial.sql", sql);
    exporter.text("trial.json", journal::to_json(*found).dump(2) + "\n");
    return exporter.written();
}

}  // namespace faultline::run
