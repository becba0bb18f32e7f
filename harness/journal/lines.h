#pragma once

#include "journal/fields.h"

namespace faultline::journal {

/// The value of "faultline" in the first line; a reader refuses any other.
inline constexpr const char* format = "journal/1";

// The way back from to_json(), one a line type. All throw Malformed.
Header parse_header(const Json& line);
Base parse_base(const Json& line);
TrialRecord parse_trial(const Json& line);
Profile parse_profile(const Json& line);
Closing parse_closing(const Json& line);

// Parts of several line types.
Json series_to_json(const Series& series);
Series parse_series(const Json& value);
Json times_to_json(const std::map<std::string, double>& times);
std::map<std::string, double> parse_times(const Fields& line);
Json checks_to_json(const std::map<std::string, CheckState>& checks);
std::map<std::string, CheckState> parse_checks(const Json& object, const std::string& what);

}  // namespace faultline::journal
