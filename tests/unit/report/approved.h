#pragma once

#include <string>

namespace faultline::report {

/// Compares `text` with tests/unit/report/golden/<name>.txt. With FAULTLINE_UPDATE_GOLDENS in the
/// environment (scripts/update-goldens sets it) the file is written instead, for a person to
/// review.
void require_approved(const std::string& name, const std::string& text);

}  // namespace faultline::report
