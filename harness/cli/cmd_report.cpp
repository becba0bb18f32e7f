#include <fmt/format.h>

#include <algorithm>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/report_files.h"
#include "cli/write_file.h"
#include "core/error.h"
#include "findings/result.h"

namespace faultline::cli {
namespace {

namespace fs = std::filesystem;

const ReportFormat& format_named(const std::string& name) {
    const auto& formats = report_formats();
    const auto found = std::find_if(formats.begin(), formats.end(),
                                    [&](const auto& format) { return format.name == name; });
    if (found != formats.end()) return *found;
    std::string known;
    for (const auto& format : formats)
        known += (known.empty() ? "" : ", ") + std::string(format.name);
    throw Error(ErrorKind::user,
                fmt::format("report: --format {} is not known; there are {}", name, known));
}

int report_command(const std::vector<std::string>& words) {
    Arguments arguments(
        "report", "report RUN [--format FORMAT] [--out FILE]",
        "Makes a report of a finished run again, from its journal: no pipeline is run. It goes to\n"
        "standard output, or to FILE, whole or not at all.",
        "faultline report runs/store-sales/latest --format html --out report.html");
    arguments.word("RUN", true)
        .option("format", "FORMAT", "terminal (unless stated), html, markdown or junit")
        .option("out", "FILE", "where to write; an existing file is replaced");
    if (!arguments.parse(words)) return exit_held;
    const ReportFormat& format =
        format_named(arguments.has("format") ? arguments.text("format") : "terminal");
    const fs::path run = arguments.text("RUN");
    const findings::Result result = findings::conclude(journal::read(run));
    report::TerminalStyle style = style_of_stdout();
    style.folder = run.string();
    if (arguments.has("out")) {
        const fs::path out = arguments.text("out");
        if (out.empty()) throw Error(ErrorKind::user, "report: --out names no file");
        style.colour = false;
        write_whole(out, format.write(result, style));
    } else {
        print(format.write(result, style));
    }
    return exit_held;
}

const Registration report_registration({"report", "make a report of a finished run again",
                                        report_command});

}  // namespace
}  // namespace faultline::cli
