#include <fmt/format.h>

#include <algorithm>

#include "cli/adaptive_methods.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/factor_groups.h"
#include "cli/number_table.h"
#include "cli/output.h"
#include "cli/write_file.h"
#include "core/error.h"
#include "design/samplers.h"

namespace faultline::cli {
namespace {

const std::vector<std::string> methods{
    "sobol",         "shapley",         "morris",         "morris_optimised", "morris_radial",
    "one_at_a_time", "plackett_burman", "full_factorial", "sobol_sequence",   "uniform"};

/// x1 … xk
std::vector<std::string> names_of(std::uint64_t factors) {
    std::vector<std::string> names;
    for (std::uint64_t j = 1; j <= factors; ++j) names.push_back(fmt::format("x{}", j));
    return names;
}

Groups groups_in(const Arguments& given, const std::string& method, std::uint64_t factors) {
    if (!given.has("groups")) return {};
    if (method != "sobol" && method != "shapley" && method.rfind("morris", 0) != 0)
        throw Error(ErrorKind::user,
                    fmt::format("sample: the method {} knows no groups; sobol, shapley and the "
                                "three of morris do",
                                method));
    return factor_groups(given.text("groups"), names_of(factors)).of;
}

design::Sample draw(const Arguments& given, const std::string& method) {
    const std::uint64_t k = *given.whole("factors", 1, 1'000'000),
                        seed = given.whole("seed", 0, UINT64_MAX).value_or(0);
    const Groups groups = groups_in(given, method, k);
    if (method == "plackett_burman") return design::plackett_burman(k);
    if (method == "full_factorial")
        return design::full_factorial(k, given.whole("levels", 2, 1'000'000).value_or(2));
    if (!given.has("rows"))
        throw Error(ErrorKind::user, fmt::format("sample: the method {} needs --rows N", method));
    const std::uint64_t rows = *given.whole("rows", 1, 1'000'000'000),
                        replicates = given.whole("replicates", 1, 1'000'000).value_or(8);
    if (method == "sobol")
        return design::radial_sample(k, rows, seed, {given.on("second-order"), replicates, groups});
    if (method == "shapley") return design::shapley_sample(k, rows, seed, {replicates, groups});
    if (method == "morris" || method == "morris_optimised")
        return design::morris_trajectories(k, rows, seed,
                                           given.whole("levels", 2, 1'000'000).value_or(4),
                                           method == "morris_optimised", groups);
    if (method == "morris_radial") return design::morris_radial(k, rows, seed, groups);
    if (method == "one_at_a_time") return design::one_at_a_time_sample(k, rows);
    if (method == "sobol_sequence") return design::sobol_points(k, rows, seed);
    return design::uniform_points(k, rows, seed);
}

std::vector<design::Bound> bounds_in(const std::string& file) {
    const NumberTable table = read_numbers(file, "column");
    if (table.values.cols() != 2 || !table.values.isFinite().all())
        throw Error(ErrorKind::user,
                    fmt::format("{}: found {} columns, expected two of numbers, low and high, with "
                                "a line for each factor",
                                file, table.values.cols()));
    std::vector<design::Bound> bounds;
    for (Eigen::Index j = 0; j < table.values.rows(); ++j)
        bounds.push_back({table.values(j, 0), table.values(j, 1)});
    return bounds;
}

std::string as_csv(const design::Sample& sample) {
    fmt::memory_buffer out;
    for (Eigen::Index j = 0; j < sample.cols(); ++j)
        fmt::format_to(std::back_inserter(out), "{}x{}", j == 0 ? "" : ",", j + 1);
    out.push_back('\n');
    for (Eigen::Index i = 0; i < sample.rows(); ++i) {
        for (Eigen::Index j = 0; j < sample.cols(); ++j)
            fmt::format_to(std::back_inserter(out), "{}{}", j == 0 ? "" : ",", sample(i, j));
        out.push_back('\n');
    }
    return fmt::to_string(out);
}

int sample_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "sample", "sample --method M --factors K [--rows N] [options]",
        "A design for any model of K inputs, one run a line, as CSV with the header x1 … xK. "
        "Inputs\n"
        "lie in 0 … 1, of two-level designs in -1 … 1, unless --bounds says otherwise. `faultline\n"
        "analyze` says what the outputs mean. Methods: " +
            fmt::format("{}", fmt::join(methods, ", ")) + ".",
        "faultline sample --method sobol --factors 3 --rows 1024 > X.csv");
    arguments.option("method", "M", "one of those above")
        .option("factors", "K", "inputs of the model")
        .option("rows", "N",
                "base rows (sobol: N(K+2) runs), walks (shapley: N(K+1)), trajectories (morris: "
                "N(K+1)), replicates (one_at_a_time: N(K+1)) or points; not for plackett_burman "
                "and full_factorial")
        .option("seed", "S", "0 (the default) is a seed like any other")
        .option("bounds", "FILE", "low,high for each factor, a line each")
        .flag("second-order", "sobol: N(2K+2) runs, for interactions of pairs")
        .option("replicates", "R",
                "sobol, shapley: independent scrambles that the N are cut into; 8")
        .option("groups", "G",
                "sobol, shapley, morris: factors that move together, as \"1,2;prices=4,5\" or a "
                "file of such lines; groups are then what N is multiplied by")
        .option("levels", "P", "morris: of the grid, 4; full_factorial: of each factor, 2")
        .option("out", "FILE", "instead of standard output; .parquet is written as Parquet");
    if (!arguments.parse(words)) return exit_held;
    for (const char* needed : {"method", "factors"})
        if (!arguments.has(needed))
            throw Error(ErrorKind::user, fmt::format("sample: --{} is missing", needed));
    const std::string method = arguments.text("method");
    refuse_adaptive("sample", method);
    if (std::find(methods.begin(), methods.end(), method) == methods.end()) {
        const std::string nearest = nearest_name(method, methods);
        throw Error(
            ErrorKind::user,
            fmt::format("sample: --method is \"{}\", expected one of {}{}", method,
                        fmt::join(methods, ", "),
                        nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
    }
    design::Sample sample = draw(arguments, method);
    if (arguments.has("bounds"))
        design::scale(sample, bounds_in(arguments.text("bounds")),
                      method == "plackett_burman" || method == "full_factorial" ? -1 : 0);
    const std::filesystem::path out = arguments.text("out");
    if (out.extension() == ".parquet") {
        write_parquet(out, as_csv(sample));
    } else if (arguments.has("out")) {
        write_whole(out, as_csv(sample));
    } else {
        print(as_csv(sample));
    }
    return exit_held;
}

const Registration sample_registration({"sample", "a design for any model, as CSV or Parquet",
                                        sample_command});

}  // namespace
}  // namespace faultline::cli
