#include "run/command_step.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>

#include "core/error.h"
#include "engine/exchange_file.h"
#include "model/names.h"
#include "run/expectations.h"
#include "run/program_words.h"

namespace faultline::run {
namespace {

namespace fs = std::filesystem;

const char* name_of_exchange(model::FileFormat format) {
    switch (format) {
        case model::FileFormat::csv:
            return "csv";
        case model::FileFormat::json:
            return "ndjson";
        case model::FileFormat::parquet:
            break;
    }
    return "parquet";
}

/// Relative to the working folder, so that what a program says of its files is the same in every
/// trial, and so that its command line can be repeated in the folder of a replay.
std::string input_file(const CommandStep& step, std::size_t i) {
    std::string name = file_name_of(step.inputs[i].node);
    for (std::size_t other = 0; other < i; ++other)
        if (file_name_of(step.inputs[other].node) == name) {
            name += "-" + std::to_string(i);
            break;
        }
    return "in/" + name + "." + name_of_exchange(step.node.command.exchange);
}

std::string output_file(const CommandStep& step) {
    return std::string("out.") + name_of_exchange(step.node.command.exchange);
}

void put_in_place(std::string& text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

void fill_inputs(const CommandStep& step, std::string& argument) {
    constexpr std::string_view opening = "{in:";
    for (auto at = argument.find(opening); at != std::string::npos;
         at = argument.find(opening, at + 1)) {
        const auto begin = at + opening.size(), end = argument.find('}', begin);
        const std::string name = argument.substr(begin, end - begin);
        for (std::size_t i = 0; i < step.inputs.size(); ++i)
            if (model::same_folded(step.inputs[i].node, name))
                argument.replace(at, end + 1 - at, input_file(step, i));
    }
}

void write_inputs(const CommandStep& step) {
    std::error_code failed;
    fs::create_directories(step.folder / "in", failed);
    if (!failed) fs::create_directories(step.folder / "tmp", failed);
    if (failed)
        throw Error(ErrorKind::internal, fmt::format("cannot use the folder {}: {}",
                                                     step.folder.string(), failed.message()));
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
        const CommandStep::Input& input = step.inputs[i];
        const fs::path file = step.folder / input_file(step, i);
        if (input.file.empty())
            step.connection.execute(
                step.dialect.copy_to_file(input.select, file.string(), step.node.command.exchange));
        else if (!fs::copy_file(input.file, file, failed))
            throw Error(ErrorKind::internal, fmt::format("cannot write the file {}: {}",
                                                         file.string(), failed.message()));
    }
}

void start(const CommandStep& step, process::Ended& ended) {
    process::Execution execution;
    execution.program = step.command.program;
    execution.arguments = arguments_of(step);
    execution.environment = step.command.environment;
    execution.environment.push_back("TMPDIR=" + (step.folder / "tmp").string());
    execution.folder = step.folder;
    execution.memory_bytes = step.node.command.memory_bytes;
    execution.deadline = step.deadline;
    execution.stop = step.stop;
    ended = process::run(execution);
}

/// Throws for every end but an exit with status 0.
void require_success(const CommandStep& step, const process::Ended& ended) {
    using process::Ending;
    if (ended.ending == Ending::exited && ended.code == 0) return;
    if (ended.ending == Ending::stopped)
        throw Error(ErrorKind::cancelled, "interrupted while a program ran");
    if (ended.ending == Ending::timed_out) throw CommandFailure{"step", {}, true};
    const std::string end = "the program " + process::words_of(ended);
    if (ended.ending == Ending::not_started) throw CommandFailure{"start", end, false};
    const std::string said = last_words(ended, step.folder);
    // Worth a word where it may be the reason.
    std::string limit;
    if (step.node.command.memory_bytes &&
        (ended.ending == Ending::signalled || said.find("emory") != std::string::npos ||
         said.find("alloc") != std::string::npos))
        limit = fmt::format(", under a memory limit of {} bytes", *step.node.command.memory_bytes);
    throw CommandFailure{"step", end + limit + (said.empty() ? "" : ": " + said), false};
}

[[noreturn]] void bad_output(const std::string& what) {
    throw CommandFailure{"output", "the program exited with status 0 and left " + what, false};
}

void require_output(const CommandStep& step) {
    const std::string file = output_file(step);
    switch (engine::look_at(step.folder / file, step.node.command.exchange)) {
        case engine::ExchangeState::whole:
            return;
        case engine::ExchangeState::absent:
            bad_output(fmt::format("no output: there is no {}", file));
        case engine::ExchangeState::folder:
            bad_output(fmt::format("a folder in the place of its output {}", file));
        case engine::ExchangeState::no_file:
            bad_output(fmt::format("a link, pipe or device in the place of its output {}", file));
        case engine::ExchangeState::empty:
            bad_output(fmt::format("an empty output: {} has no bytes", file));
        case engine::ExchangeState::torn:
            bad_output(fmt::format("a half-written output: {} {}", file,
                                   step.node.command.exchange == model::FileFormat::parquet
                                       ? "has no Parquet footer at its end"
                                       : "does not end with a line end"));
    }
}

/// Runs `action`; what the engine has against the file is the program's doing.
template <typename Action>
auto reading(const CommandStep& step, const Action& action) {
    try {
        return action();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        bad_output(fmt::format("an output that cannot be read as {}: {}",
                               name_of_exchange(step.node.command.exchange),
                               words_about_file(error.what(), step.folder)));
    }
}

void require_columns(const CommandStep& step, const engine::Schema& columns) {
    std::vector<std::string> names;
    for (const auto& column : columns) {
        names.push_back(column.name);
        if (column.name.starts_with("__fl_"))
            bad_output(
                fmt::format("the column \"{}\" in its output: names that begin with __fl_ "
                            "are faultline's own",
                            column.name));
    }
    const std::string wrong = broken_contract(step.node.columns, columns, step.promised_types);
    if (!wrong.empty())
        bad_output(fmt::format("other columns than it promises: {}; it has {}", wrong,
                               fmt::join(names, ", ")));
}

}  // namespace

std::string file_name_of(const std::string& node) {
    std::string name;
    for (const char c : node) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
                           c == '-' || (c & 0x80) != 0;
        name += plain ? c : '-';
    }
    return name;
}

std::vector<std::string> arguments_of(const CommandStep& step) {
    std::vector<std::string> arguments = step.command.arguments;
    for (auto& argument : arguments) {
        fill_inputs(step, argument);
        put_in_place(argument, "{out}", output_file(step));
    }
    return arguments;
}

void run_command(const CommandStep& step, process::Ended& ended,
                 const std::function<void(const std::string& select)>& keep) {
    write_inputs(step);
    start(step, ended);
    require_success(step, ended);
    require_output(step);
    const std::string select = reading(step, [&] {
        return engine::read_exchange_sql(step.connection, step.dialect,
                                         step.folder / output_file(step),
                                         step.node.command.exchange, step.typed);
    });
    require_columns(step, reading(step, [&] { return step.connection.describe(select); }));
    reading(step, [&] { keep(select); });
}

}  // namespace faultline::run
