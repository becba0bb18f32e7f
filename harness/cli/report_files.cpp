#include "cli/report_files.h"

#include "cli/write_file.h"
#include "report/html/html_report.h"
#include "report/junit/junit_report.h"
#include "report/markdown/markdown_report.h"

namespace faultline::cli {

using findings::Result;
using report::TerminalStyle;

const std::vector<ReportFormat>& report_formats() {
    static const std::vector<ReportFormat> formats{
        {"terminal", nullptr,
         [](const Result& result, const TerminalStyle& style) {
             return report::terminal_report(result, style);
         }},
        {"html", "report.html",
         [](const Result& result, const TerminalStyle&) { return report::html_report(result); }},
        {"markdown", "report.md",
         [](const Result& result, const TerminalStyle&) {
             return report::markdown_report(result);
         }},
        {"junit", "junit.xml",
         [](const Result& result, const TerminalStyle&) { return report::junit_report(result); }}};
    return formats;
}

void write_reports(const std::filesystem::path& folder, const Result& result) {
    for (const auto& format : report_formats())
        if (format.file != nullptr) write_whole(folder / format.file, format.write(result, {}));
}

}  // namespace faultline::cli
