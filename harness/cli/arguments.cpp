#include "cli/arguments.h"

#include <fmt/format.h>

#include <charconv>
#include <sstream>

#include "cli/output.h"
#include "core/error.h"
#include "model/units.h"

namespace faultline::cli {

namespace po = boost::program_options;

Arguments::Arguments(std::string name, std::string usage, std::string about, std::string example)
    : name_(std::move(name)),
      usage_(std::move(usage)),
      about_(std::move(about)),
      example_(std::move(example)) {}

Arguments& Arguments::flag(const std::string& name, const std::string& help) {
    visible_.add_options()(name.c_str(), po::bool_switch(), help.c_str());
    names_.push_back(name);
    return *this;
}

Arguments& Arguments::option(const std::string& name, const std::string& value,
                             const std::string& help, bool more) {
    if (more) {
        visible_.add_options()(
            name.c_str(), po::value<std::vector<std::string>>()->value_name(value), help.c_str());
    } else {
        visible_.add_options()(name.c_str(), po::value<std::string>()->value_name(value),
                               help.c_str());
    }
    names_.push_back(name);
    return *this;
}

Arguments& Arguments::word(const std::string& name, bool required) {
    words_.push_back({name, required});
    return *this;
}

bool Arguments::parse(const std::vector<std::string>& words) {
    flag("help", "this page");
    po::options_description all;
    all.add(visible_);
    po::positional_options_description positions;
    for (const auto& word : words_) {
        all.add_options()(word.name.c_str(), po::value<std::string>());
        positions.add(word.name.c_str(), 1);
    }
    // A prefix of an option is no option: scripts must not break when another option is added.
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing &
                      ~po::command_line_style::allow_short;
    for (const auto& word : words)
        if (word == "-h" || word == "--help") {
            print(help());
            return false;
        }
    try {
        po::store(
            po::command_line_parser(words).options(all).positional(positions).style(style).run(),
            given_);
    } catch (const po::unknown_option& error) {
        std::string option = error.get_option_name();
        option.erase(0, option.find_first_not_of('-'));
        const std::string nearest = nearest_name(option, names_);
        refuse(fmt::format("there is no option --{}{}", option,
                           nearest.empty() ? "" : fmt::format("; did you mean --{}?", nearest)));
    } catch (const po::too_many_positional_options_error&) {
        refuse("one word too many");
    } catch (const po::multiple_occurrences& error) {
        refuse(fmt::format("{} stands more than once", error.get_option_name()));
    } catch (const po::error& error) {
        refuse(error.what());
    }
    for (const auto& word : words_) {
        if (word.required && !has(word.name)) refuse(fmt::format("{} is missing", word.name));
    }
    return true;
}

std::string Arguments::text(const std::string& name) const {
    return has(name) ? given_[name].as<std::string>() : std::string();
}

bool Arguments::on(const std::string& name) const {
    return has(name) && given_[name].as<bool>();
}

std::vector<std::filesystem::path> Arguments::paths(const std::string& name) const {
    std::vector<std::filesystem::path> paths;
    if (has(name))
        for (const auto& path : given_[name].as<std::vector<std::string>>())
            paths.emplace_back(path);
    return paths;
}

std::optional<std::uint64_t> Arguments::whole(const std::string& name, std::uint64_t least,
                                              std::uint64_t most) const {
    if (!has(name)) return std::nullopt;
    const std::string given = text(name);
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), number);
    const bool reads = error == std::errc() && end == given.data() + given.size();
    if (!reads || number < least || number > most)
        refuse(fmt::format("{}{} is \"{}\", expected a whole number {}", is_word(name) ? "" : "--",
                           name, given,
                           most == UINT64_MAX ? fmt::format("of at least {}", least)
                                              : fmt::format("from {} to {}", least, most)));
    return number;
}

std::optional<std::chrono::milliseconds> Arguments::duration(const std::string& name) const {
    if (!has(name)) return std::nullopt;
    const auto duration = model::parse_duration(text(name));
    if (!duration)
        refuse(fmt::format("--{} is \"{}\", expected a time such as \"90s\", \"30m\" or \"2h\"",
                           name, text(name)));
    return duration;
}

bool Arguments::is_word(const std::string& name) const {
    for (const auto& word : words_)
        if (word.name == name) return true;
    return false;
}

std::string Arguments::help() const {
    std::ostringstream options;
    options << visible_;
    return fmt::format("usage: faultline {}\n\n{}\n\n{}\nexample:\n  {}\n", usage_, about_,
                       options.str(), example_);
}

void Arguments::refuse(const std::string& message) const {
    throw Error(ErrorKind::user,
                fmt::format("{}: {}\nusage: faultline {}\n`faultline {} --help` says more", name_,
                            message, usage_, name_));
}

}  // namespace faultline::cli
