#include "model/rules.h"

#include <fmt/format.h>

#include <cmath>

#include "model/timestamp.h"
#include "model/units.h"
#include "model/utf8.h"

namespace faultline::model {
namespace {

constexpr std::size_t longest_identifier = 128;

/// Text that `accepts` says yes to, or a problem with `expected`.
template <class Accepts>
bool text_that(const Place& place, std::string& target, const std::string& expected,
               const Accepts& accepts) {
    if (!place.value().is_string() || !accepts(place.text())) return place.refuse(expected);
    target = place.text();
    return true;
}

}  // namespace

bool flag(const Place& place, bool& target) {
    if (!place.value().is_boolean()) return place.refuse("true or false");
    target = place.value().get<bool>();
    return true;
}

bool text(const Place& place, std::string& target) {
    return text_that(place, target, "a string", [](const std::string&) { return true; });
}

bool filled_text(const Place& place, std::string& target) {
    return text_that(place, target, "a string that is not empty", [](const std::string& value) {
        return value.find_first_not_of(" \t\r\n\f\v") != std::string::npos;
    });
}

bool identifier(const Place& place, std::string& target) {
    return text_that(
        place, target,
        fmt::format("a name of 1 to {} bytes without control characters", longest_identifier),
        [](const std::string& value) {
            return !value.empty() && value.size() <= longest_identifier &&
                   !has_control_character(value);
        });
}

bool column_name(const Place& place, std::string& target) {
    return text_that(place, target, "the name of a column",
                     [](const std::string& value) { return !value.empty(); });
}

bool timestamp(const Place& place, std::string& target) {
    return text_that(place, target,
                     "an ISO 8601 date or timestamp such as \"2024-02-29T06:30:00Z\"",
                     [](const std::string& value) { return is_iso8601(value); });
}

bool duration(const Place& place, std::chrono::milliseconds& target) {
    std::optional<std::chrono::milliseconds> value;
    if (place.value().is_string()) value = parse_duration(place.text());
    if (place.value().is_number()) value = duration_from_seconds(place.value().get<double>());
    if (!value)
        return place.refuse(
            "a duration such as \"500ms\", \"60s\", \"30m\", \"2h\", or a number of seconds, from "
            "1ms to 366d");
    target = *value;
    return true;
}

bool memory_size(const Place& place, std::uint64_t& target) {
    if (place.value().is_string()) {
        const auto bytes = parse_memory(place.text());
        if (bytes) {
            target = *bytes;
            return true;
        }
    } else if (place.value().is_number()) {
        return WholeNumber{1, largest_memory}(place, target);
    }
    return place.refuse(
        "a size such as \"512MB\", \"4GB\", \"1.5GiB\", or a number of bytes, from 1B");
}

bool any_object(const Place& place, Json& target) {
    if (!place.value().is_object()) return place.refuse("an object");
    target = place.value();
    return true;
}

bool WholeNumber::operator()(const Place& place, std::uint64_t& target) const {
    const Json& value = place.value();
    std::optional<std::uint64_t> number;
    if (value.is_number_unsigned()) {
        number = value.get<std::uint64_t>();
    } else if (value.is_number_float()) {
        constexpr double exact = 9007199254740992.0;  // 2^53
        const double written = value.get<double>();
        if (written >= 0 && written <= exact && std::floor(written) == written)
            number = static_cast<std::uint64_t>(written);
    }
    if (!number || *number < least || *number > most)
        return place.refuse(fmt::format("a whole number from {} to {}", least, most));
    target = *number;
    return true;
}

bool Number::operator()(const Place& place, double& target) const {
    const bool is_number = place.value().is_number();
    const double value = is_number ? place.value().get<double>() : 0;
    const bool inside = (!least || value >= *least) && (!above || value > *above) &&
                        (!most || value <= *most) && (!below || value < *below);
    if (is_number && std::isfinite(value) && inside) {
        target = value;
        return true;
    }
    std::string bounds;
    const auto bound = [&bounds](const char* words, const std::optional<double>& limit) {
        if (limit) bounds += fmt::format("{} {} {}", bounds.empty() ? "" : " and", words, *limit);
    };
    bound("at least", least);
    bound("above", above);
    bound("at most", most);
    bound("below", below);
    return place.refuse("a number" + bounds);
}

bool KnownName::operator()(const Place& place, std::string& target) const {
    if (!place.value().is_string()) return place.refuse("the name of " + what);
    if (const std::string* known = names.find(place.text())) {
        target = *known;
        return true;
    }
    return place.refuse("the name of " + what, place.nearest(place.text(), names.names()));
}

bool refuse_word(const Place& place, const std::vector<std::string>& known) {
    const std::string nearest =
        place.value().is_string() ? place.nearest(place.text(), known) : std::string();
    if (known.size() == 1) return place.refuse(fmt::format("\"{}\"", known.front()), nearest);
    return place.refuse(fmt::format("one of \"{}\"", fmt::join(known, "\", \"")), nearest);
}

bool is_array_of_at_least(const Place& place, std::size_t least) {
    if (!place.value().is_array()) return place.refuse("an array");
    if (place.value().size() >= least) return true;
    return place.refuse(least == 1 ? "an array that is not empty"
                                   : fmt::format("an array of at least {}", least));
}

}  // namespace faultline::model
