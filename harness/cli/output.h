#pragma once

#include <string>

#include "report/terminal.h"

namespace faultline::cli {

/// Data, to standard output, written before it returns. Throws Error(internal) when it cannot be
/// written: a closed pipe, a full disk.
void print(const std::string& text);

/// A message for people, to standard error, each of its lines begun with "faultline: ". Control
/// characters in it are escaped. Never throws: there is nobody left to tell.
void complain(const std::string& message) noexcept;

/// How to write to standard output: colour only on a terminal and without NO_COLOR (no-color.org),
/// the width of $COLUMNS, else of the terminal, else 100.
report::TerminalStyle style_of_stdout();

[[nodiscard]] bool stderr_is_terminal();

/// Makes sure that descriptors 0, 1 and 2 are taken, so that no file of ours becomes somebody's
/// standard output; writing to one that was closed fails as it should. Ignores SIGPIPE: a reader
/// that went away is an error to report, not a reason to die in silence.
void guard_standard_streams();

}  // namespace faultline::cli
