#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "findings/result.h"
#include "report/terminal.h"

namespace faultline::cli {

/// What a result can be written as.
struct ReportFormat {
    const char* name;  ///< as --format names it
    const char* file;  ///< in the run's folder; nullptr: not written by a run
    std::string (*write)(const findings::Result& result, const report::TerminalStyle& style);
};

/// The next one is a line here.
const std::vector<ReportFormat>& report_formats();

/// Writes every report that has a file into the run's folder, each whole or not at all.
void write_reports(const std::filesystem::path& folder, const findings::Result& result);

}  // namespace faultline::cli
