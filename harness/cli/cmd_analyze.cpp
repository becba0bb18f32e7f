#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "cli/adaptive_methods.h"
#include "cli/arguments.h"
#include "cli/attribute_numbers.h"
#include "cli/command.h"
#include "cli/factor_groups.h"
#include "cli/failed_runs.h"
#include "cli/number_table.h"
#include "cli/output.h"
#include "cli/runs_to_analyze.h"
#include "core/error.h"
#include "report/table.h"

namespace faultline::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Names {
    std::vector<std::string> factors, outputs;
};

/// The place of a word among those that are allowed.
std::size_t choice(const Arguments& given, const std::string& option,
                   const std::vector<std::string>& allowed) {
    if (!given.has(option)) return 0;
    const std::string word = given.text(option);
    if (option == "method") refuse_adaptive("analyze", word);
    const auto found = std::find(allowed.begin(), allowed.end(), word);
    if (found != allowed.end()) return static_cast<std::size_t>(found - allowed.begin());
    const std::string nearest = nearest_name(word, allowed);
    throw Error(ErrorKind::user,
                fmt::format("analyze: --{} is \"{}\", expected one of {}{}", option, word,
                            fmt::join(allowed, ", "),
                            nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
}

AttributionOptions options_of(const Arguments& given) {
    AttributionOptions all;
    analysis::SobolOptions& options = all.sobol;
    all.permutations = given.whole("permutations", 1, 1'000'000).value_or(all.permutations);
    options.second_order = given.on("second-order");
    options.first = static_cast<analysis::FirstOrder>(
        choice(given, "estimator", {"martinez", "saltelli", "azzini"}));
    options.interval = static_cast<analysis::Interval>(
        choice(given, "interval", {"replicates", "delta", "bootstrap"}));
    options.replicates = given.whole("replicates", 2, 1'000'000).value_or(options.replicates);
    options.resamples = given.whole("resamples", 2, 1'000'000).value_or(options.resamples);
    options.seed = given.whole("seed", 0, UINT64_MAX).value_or(0);
    if (given.has("confidence")) {
        const std::string text = given.text("confidence");
        const auto [end, error] =
            std::from_chars(text.data(), text.data() + text.size(), options.confidence);
        if (error != std::errc() || end != text.data() + text.size())
            throw Error(ErrorKind::user,
                        fmt::format("analyze: --confidence is \"{}\", expected a number between 0 "
                                    "and 1",
                                    text));
    }
    return all;
}

/// Inputs as shares of their ranges, so that effects are over the whole of a range.
void scale_to_unit(NumberTable& inputs, const std::string& file) {
    const NumberTable bounds = read_numbers(file, "column");
    if (bounds.values.cols() != 2 || bounds.values.rows() != inputs.values.cols())
        throw Error(ErrorKind::user,
                    fmt::format("{}: found {} lines of {} columns, expected {} of low,high", file,
                                bounds.values.rows(), bounds.values.cols(), inputs.values.cols()));
    for (Eigen::Index j = 0; j < inputs.values.cols(); ++j) {
        const double low = bounds.values(j, 0), width = bounds.values(j, 1) - low;
        if (!std::isfinite(width) || width == 0)
            throw Error(ErrorKind::user, fmt::format("{}: line {} spans no range", file, j + 1));
        inputs.values.col(j) = (inputs.values.col(j) - low) / width;
    }
}

Json or_null(double value) {
    return std::isfinite(value) ? Json(value) : Json();
}

std::string as_json(const std::vector<AttributedIndex>& all, const Names& names,
                    double confidence) {
    Json document = Json::array();
    for (std::size_t o = 0; o < names.outputs.size(); ++o)
        for (const auto& each : all) {
            const auto place = static_cast<Eigen::Index>(o);
            const auto& estimates = each.estimates;
            Json entry = {{"output", names.outputs[o]}, {"factor", names.factors[each.factor]}};
            if (each.pair) entry["with"] = names.factors[each.with];
            entry["index"] = each.index;
            entry["estimate"] = or_null(estimates.estimate(place));
            entry["low"] = or_null(estimates.low(place));
            entry["high"] = or_null(estimates.high(place));
            entry["confidence"] = confidence;
            entry["rows"] = estimates.count(place);
            entry["conditional"] = estimates.count(place) < each.of;
            document.push_back(entry);
        }
    return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string shown(double value) {
    if (std::isnan(value)) return "unknown";
    return std::isinf(value) ? "unbounded" : fmt::format("{:.5g}", value);
}

std::string as_text(const std::vector<AttributedIndex>& all, const Names& names, double confidence,
                    bool failures) {
    using Align = report::Table::Align;
    report::Table table({{"output", Align::left, 8},
                         {"index", Align::left, 0},
                         {"factor", Align::left, 8},
                         {"with", Align::left, 8},
                         {"estimate", Align::right, 0},
                         {"low", Align::right, 0},
                         {"high", Align::right, 0},
                         {"rows", Align::right, 0}});
    bool conditional = false;
    for (std::size_t o = 0; o < names.outputs.size(); ++o)
        for (const auto& each : all) {
            const auto place = static_cast<Eigen::Index>(o);
            const auto& estimates = each.estimates;
            const bool fewer = estimates.count(place) < each.of;
            conditional = conditional || fewer;
            table.add({{names.outputs[o]},
                       {each.index},
                       {names.factors[each.factor], report::Hue::bold},
                       {each.pair ? names.factors[each.with] : ""},
                       {shown(estimates.estimate(place))},
                       {shown(estimates.low(place))},
                       {shown(estimates.high(place))},
                       {fewer ? fmt::format("{} of {}", estimates.count(place), each.of)
                              : fmt::format("{}", each.of)}});
        }
    const report::TerminalStyle style = style_of_stdout();
    std::string text = table.text(report::Paint(style.colour), style.width, 0);
    text += fmt::format("\nlow and high: an interval at confidence {}\n", confidence);
    if (conditional)
        text +=
            "where rows were left out because a run failed, indices are conditional on survival\n";
    if (failures)
        text +=
            "failed: what failing itself hangs on, 1 where a run has no output and 0 elsewhere, "
            "over all runs\n";
    return text;
}

/// Two files of numbers, or what one run recorded.
RunsToAnalyze runs_in(const Arguments& given, const std::string& method) {
    const std::filesystem::path inputs = given.text("INPUTS");
    if (given.has("OUTPUTS"))
        return {read_numbers(inputs, "x"), read_numbers(given.text("OUTPUTS"), "y")};
    if (!std::filesystem::is_directory(inputs) && inputs.filename() != "journal.jsonl")
        throw Error(ErrorKind::user,
                    fmt::format("analyze: OUTPUTS is missing: a file with the numbers that the "
                                "runs of {} gave; alone stands only the folder of a run",
                                inputs.string()));
    if (given.has("bounds"))
        throw Error(ErrorKind::user,
                    "analyze: --bounds is for files; the severities of a run are from 0 to 1");
    return read_run(inputs, method);
}

int analyze_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "analyze", "analyze --method M INPUTS OUTPUTS [options], or analyze --method M RUN",
        "Which input moves which output, by how much and how surely: from a design as `faultline\n"
        "sample` writes it (or SALib, whose order it has) and the outputs of its runs, one column "
        "an\n"
        "output, empty cells for runs that failed: those are analysed too, as the output `failed`. "
        "CSV, or Parquet by the extension .parquet.\n"
        "Or, with src, prcc, rank_sobol or hsic, from the folder of a finished `faultline run` "
        "whose\nseverities were drawn: more about the trials it has, for no further one.\n"
        "Methods: " +
            fmt::format("{}", fmt::join(attribution_methods(), ", ")) + ".",
        "faultline analyze --method sobol X.csv Y.csv");
    arguments.word("INPUTS", true)
        .word("OUTPUTS", false)
        .option("method", "M", "one of those above")
        .flag("second-order", "sobol: interactions of pairs, from a sample made with it")
        .option("estimator", "E", "sobol, of S1: martinez (the default), saltelli or azzini")
        .option("interval", "I",
                "sobol, shapley: replicates (the default), delta or bootstrap; the last two for "
                "independent rows alone")
        .option("replicates", "R", "sobol, shapley: independent blocks that the base rows are; 8")
        .option("resamples", "B", "of a bootstrap: 1000")
        .option("permutations", "P", "hsic: samples without dependence that its p-value is of; 999")
        .option("seed", "S", "of a bootstrap, of permutations and of rank_sobol's blocks: 0")
        .option(
            "groups", "G",
            "sobol, shapley, morris: as the sample was made with; \"1,2;prices=4,5\", by number "
            "or column, or a file of such lines")
        .option("confidence", "C", "of the intervals: 0.95")
        .option("bounds", "FILE",
                "low,high for each factor, a line each: effects are then over the whole range")
        .flag("json", "for programs");
    if (!arguments.parse(words)) return exit_held;
    if (!arguments.has("method")) throw Error(ErrorKind::user, "analyze: --method is missing");
    const auto& method = attribution_methods()[choice(arguments, "method", attribution_methods())];
    AttributionOptions options = options_of(arguments);
    auto [inputs, outputs] = runs_in(arguments, method);
    const FactorGroups groups = factor_groups(arguments.text("groups"), inputs.names);
    options.groups = groups.of;
    const bool failures = append_failures(outputs);
    if (arguments.has("bounds")) scale_to_unit(inputs, arguments.text("bounds"));
    const auto all = attribute_numbers(method, inputs.values, outputs.values, options);
    const Names names{groups.names, outputs.names};
    const double confidence = options.sobol.confidence;
    print(arguments.on("json") ? as_json(all, names, confidence)
                               : as_text(all, names, confidence, failures));
    return exit_held;
}

const Registration analyze_registration({"analyze", "which input moves which output, from any runs",
                                         analyze_command});

}  // namespace
}  // namespace faultline::cli
