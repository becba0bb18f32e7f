#include "cli/factor_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "core/error.h"

namespace faultline::cli {
namespace {

std::string text_of(const std::string& given) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(given, ignored)) return given;
    std::ifstream in(given);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::size_t factor_called(const std::string& word, const std::vector<std::string>& factors) {
    const auto named = std::find(factors.begin(), factors.end(), word);
    if (named != factors.end()) return static_cast<std::size_t>(named - factors.begin());
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error == std::errc() && end == word.data() + word.size() && number >= 1 &&
        number <= factors.size())
        return number - 1;
    const std::string nearest = nearest_name(word, factors);
    throw Error(ErrorKind::user,
                fmt::format("--groups: found \"{}\", expected a factor: its name, or its number "
                            "from 1 to {}{}; write groups as \"1,2;3\" or in a file, one a line",
                            word, factors.size(),
                            nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", nearest)));
}

}  // namespace

FactorGroups factor_groups(const std::string& text, const std::vector<std::string>& factors) {
    FactorGroups result;
    if (text.empty()) {
        result.names = factors;
        return result;
    }
    std::vector<std::optional<std::uint64_t>> group_of(factors.size());
    std::vector<std::string> groups;
    const std::string all = text_of(text);
    boost::split(groups, all, boost::is_any_of(";\n"));
    for (std::string group : groups) {
        boost::trim(group);
        if (group.empty()) continue;
        std::string name;
        if (const std::size_t equals = group.find('='); equals != std::string::npos) {
            name = boost::trim_copy(group.substr(0, equals));
            group.erase(0, equals + 1);
        }
        std::vector<std::string> words, names;
        boost::split(words, group, boost::is_any_of(","));
        for (const std::string& word : words) {
            const std::size_t factor = factor_called(boost::trim_copy(word), factors);
            if (group_of[factor])
                throw Error(ErrorKind::user,
                            fmt::format("--groups: factor \"{}\" is in two groups, or twice in one",
                                        factors[factor]));
            group_of[factor] = result.names.size();
            names.push_back(factors[factor]);
        }
        result.names.push_back(name.empty() ? fmt::format("{}", fmt::join(names, "+")) : name);
    }
    for (std::size_t j = 0; j < factors.size(); ++j) {
        if (!group_of[j]) {
            group_of[j] = result.names.size();
            result.names.push_back(factors[j]);
        }
        result.of.push_back(*group_of[j]);
    }
    return result;
}

}  // namespace faultline::cli
