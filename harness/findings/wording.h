#pragma once

#include <string>

#include "analysis/estimate.h"
#include "findings/evidence.h"

namespace faultline::findings {

// Pieces of the sentences in Result::reasons and Result::warnings.

/// revenue[territory=EMEA, month=7]
std::string series_name(const journal::Series& series);
/// "days_lost on orders", with its severity where it was tried alone at several.
std::string dose_name(const Evidence& evidence, const Dose& dose);
/// "3 of 16 trials"
std::string of(std::int64_t hits, std::size_t trials);
/// " in 3 of 16 trials", " in all 16 trials", or nothing for the only one there is.
std::string of_unless_all(std::int64_t hits, std::size_t trials);
/// Three significant digits.
std::string short_number(double value);
/// " and 4 more", or nothing for 0.
std::string and_more(std::int64_t count);
/// "4.2 tolerances (3.1 to 5.3 at 95 % confidence)"
std::string damage_text(const Evidence& evidence, const analysis::Estimates& damage,
                        Eigen::Index at);

}  // namespace faultline::findings
