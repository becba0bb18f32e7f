#pragma once

#include <optional>

#include "journal/records.h"

namespace faultline::journal {

/// A number that JSON may have no word for: "nan", "inf", "-inf" as text, no value as null. Finite
/// ones are printed in the shortest form that reads back as the same bits.
Json from_number(double number);
Json from_number(const std::optional<double>& number);

/// The way back; nullopt inside for null. The outer nullopt: it is no number at all.
std::optional<std::optional<double>> to_number(const Json& value);

}  // namespace faultline::journal
