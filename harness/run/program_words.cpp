#include "run/program_words.h"

#include <cctype>
#include <regex>

#include "model/utf8.h"

namespace faultline::run {
namespace {

std::string without_folder(std::string text, const std::filesystem::path& folder) {
    const std::string path = folder.string() + "/";
    for (auto at = text.find(path); at != std::string::npos; at = text.find(path, at))
        text.erase(at, path.size());
    return text;
}

void trim_end(std::string& text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
        text.pop_back();
}

/// For a message and a journal: bytes that are no UTF-8 become U+FFFD, line ends spaces.
std::string presentable(std::string text) {
    constexpr std::size_t longest = 400;
    std::string valid;
    std::string_view rest = text;
    while (const auto bad = model::first_invalid_utf8(rest)) {
        valid.append(rest.substr(0, *bad)).append("\uFFFD");
        rest.remove_prefix(*bad + 1);
    }
    valid.append(rest);
    for (char& c : valid)
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    return model::printable(valid, longest);
}

std::string last_line(std::string text) {
    trim_end(text);
    const auto begin = text.find_last_of("\r\n");
    return begin == std::string::npos ? text : text.substr(begin + 1);
}

}  // namespace

std::string last_words(const process::Ended& ended, const std::filesystem::path& folder) {
    std::string line = last_line(ended.err.tail);
    if (line.empty()) line = last_line(ended.out.tail);
    return presentable(without_folder(std::move(line), folder));
}

std::string words_about_file(std::string message, const std::filesystem::path& folder) {
    message = without_folder(std::move(message), folder);
    static const std::regex place(
        "(?: on Line: [0-9]+)?\\nOriginal Line:[^\\n]*\\n|, at byte [0-9]+ in [a-z/]+ [0-9]+|, in "
        "line [0-9]+");
    message = std::regex_replace(message, place, " ");
    for (const char* advice : {"\nPossible ", "\nThe search space", "\n\n", "\nTry "})
        message.resize(std::min(message.find(advice), message.size()));
    trim_end(message);
    return presentable(std::move(message));
}

}  // namespace faultline::run
