#include <fmt/format.h>

#include <cctype>
#include <regex>

#include "core/error.h"
#include "core/stopwatch.h"
#include "plugin/answer_key.h"
#include "run/trial_execution.h"

namespace faultline::run {
namespace {

/// A reader's message without what says where the copy lies, at which line it gave up and how it
/// could be asked for less: one fault gives one message, whatever was drawn.
std::string about_files(std::string message, const engine::SourceFiles& files,
                        const std::vector<plugin::FileCopy>& copies) {
    for (std::size_t i = 0; i < copies.size(); ++i) {
        if (!copies[i].path) continue;
        const std::string path = copies[i].path->string();
        for (auto at = message.find(path); at != std::string::npos; at = message.find(path))
            message.replace(at, path.size(), files.files[i].name);
    }
    static const std::regex line("(?: on Line: [0-9]+)?\\nOriginal Line:[^\\n]*\\n");
    message = std::regex_replace(message, line, ": ");
    static const std::regex place(", at byte [0-9]+ in [a-z/]+ [0-9]+|, in line [0-9]+");
    message = std::regex_replace(message, place, "");
    for (const char* advice : {"\nPossible ", "\nThe search space", "\n\n", "\nTry "})
        message.resize(std::min(message.find(advice), message.size()));
    while (!message.empty() && std::isspace(static_cast<unsigned char>(message.back())) != 0)
        message.pop_back();
    return message;
}

}  // namespace

void TrialExecution::read(NodeIndex node, Claim& claim) {
    const model::Node& about = experiment_.workflow.pipeline.nodes[node];
    const engine::SourceFiles& files = base_.files(node);
    const auto faults = plan_.damaged_by(experiment_, node);
    const auto folder = base_.scratch() / "files" / (owner_ + "-" + std::to_string(node));
    folders_.push_back(folder);
    plugin::Damage damage;
    within(about.name, "perturb", journal::Outcome::not_applied, timeout_of(node), [&] {
        std::vector<plugin::Application> stack;
        for (const std::size_t f : faults)
            stack.push_back(
                {&plan_.faults()[f].fault, plan_.faults()[f].severity, plan_.faults()[f].stream});
        damage = plugin::damage({connection_, base_.engine().dialect(), about.name,
                                 about.source.format, files, folder, stop_, deadline_},
                                stack);
    });
    copies_[node] = damage.copies;
    for (std::size_t i = 0; i < faults.size(); ++i)
        answer_keys_[plan_.faults()[faults[i]].fault.id()] = damage.answer_keys[i];
    require_effect(node, faults, false);
    const std::string& address = plan_.content(node);
    try {
        within(about.name, "read", journal::Outcome::crashed, timeout_of(node), [&] {
            std::vector<std::optional<std::filesystem::path>> copies;
            for (const auto& copy : damage.copies) copies.push_back(copy.path);
            const Stopwatch watch;
            materialise(address, engine::read_copies_sql(base_.engine().dialect(), about.source,
                                                         files, copies));
            milliseconds_[node] += watch.milliseconds();
        });
    } catch (TrialFailure& failure) {
        failure.failure.message = about_files(failure.failure.message, files, damage.copies);
        failure.located = true;
        throw;
    }
    const auto columns = connection_.describe(relations_.select(address));
    // Of several faults nobody can say whose doing it is that the columns are others.
    if (faults.size() == 1)
        plugin::compare_schemas(files.table, columns,
                                answer_keys_[plan_.faults()[faults[0]].fault.id()]);
    std::map<std::string, plugin::AnswerKey> keys;
    for (const std::size_t f : faults) {
        const auto& id = plan_.faults()[f].fault.id();
        keys[id] = answer_keys_.at(id);
    }
    hand_over(claim, address, std::move(keys));
}

}  // namespace faultline::run
