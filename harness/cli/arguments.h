#pragma once

#include <boost/program_options.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace faultline::cli {

/// The words of one subcommand: what it takes, what its --help says, and what the user gave.
/// A subcommand states its options, then calls parse() once.
class Arguments {
  public:
    /// `usage` is the line after "usage: faultline"; `about` a few sentences; `example` lines to
    /// paste.
    Arguments(std::string name, std::string usage, std::string about, std::string example);

    Arguments& flag(const std::string& name, const std::string& help);
    /// Takes one value; `value` names it in the help. `more` lets it stand several times.
    Arguments& option(const std::string& name, const std::string& value, const std::string& help,
                      bool more = false);
    /// A word without a name, in the order stated.
    Arguments& word(const std::string& name, bool required);

    /// False when --help was asked for and has been printed. Throws Error(user) with the nearest
    /// option for one that does not exist, for a value or a word that is missing or one too many.
    [[nodiscard]] bool parse(const std::vector<std::string>& words);

    [[nodiscard]] bool has(const std::string& name) const { return given_.count(name) > 0; }
    [[nodiscard]] bool on(const std::string& flag) const;
    [[nodiscard]] std::string text(const std::string& name) const;
    [[nodiscard]] std::vector<std::filesystem::path> paths(const std::string& name) const;
    /// A whole number in [least, most]. Throws Error(user) saying what stood there.
    [[nodiscard]] std::optional<std::uint64_t> whole(const std::string& name, std::uint64_t least,
                                                     std::uint64_t most) const;

    /// A duration such as "90s". Throws Error(user) saying what stood there.
    [[nodiscard]] std::optional<std::chrono::milliseconds> duration(const std::string& name) const;

  private:
    struct Word {
        std::string name;
        bool required;
    };
    [[nodiscard]] bool is_word(const std::string& name) const;
    [[nodiscard]] std::string help() const;
    [[noreturn]] void refuse(const std::string& message) const;

    std::string name_, usage_, about_, example_;
    boost::program_options::options_description visible_{"options"};
    std::vector<std::string> names_;  ///< of the options, for suggestions
    std::vector<Word> words_;
    boost::program_options::variables_map given_;
};

}  // namespace faultline::cli
