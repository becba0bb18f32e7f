#pragma once

#include <string>

#include "findings/result.h"

namespace faultline::report {

struct TerminalStyle {
    bool colour = false;
    unsigned width = 100;  ///< columns of the terminal
    /// The run's folder as the user named it, for what can be done next; empty: say nothing of it.
    std::string folder;
};

/// The report that a person acts on: the verdict and why, the nodes by damage, the silent failures
/// by name, the guards that would have caught them, the doses, what crashed, what was not applied,
/// the checks and their score, the structure, what to doubt, and where to look next.
/// Sections with nothing to say are left out. UTF-8, every line ends in a newline. Names and
/// messages from documents and engines are made harmless first: see display_text.h.
std::string terminal_report(const findings::Result& result, const TerminalStyle& style);

}  // namespace faultline::report
