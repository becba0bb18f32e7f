#pragma once

#include "cli/number_table.h"

namespace faultline::cli {

/// Appends what failing itself is made of: a column of 1 where a run has no finite output and 0
/// where it has, over all runs. Called "failed" where all outputs that lost runs lost the same
/// ones, else "failed(y)" for each output y that did. Nothing where no run failed. True if it
/// appended.
bool append_failures(NumberTable& outputs);

}  // namespace faultline::cli
