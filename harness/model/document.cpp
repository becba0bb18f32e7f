#include "model/document.h"

#include <fmt/format.h>

#include <fstream>

#include "model/document_builder.h"
#include "model/syntax_error.h"
#include "model/utf8.h"

namespace faultline::model {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

[[noreturn]] void refuse(Problems& problems, const std::string& pointer, std::string found,
                         std::string expected) {
    problems.add(pointer, std::move(found), std::move(expected));
    problems.throw_if_any();
    throw Error(ErrorKind::internal, "a problem was added and is not there");
}

bool is_utf16(std::string_view text) {
    return text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
}

/// Only white space and comments: said as such, since "unexpected end" at line 1 helps nobody.
bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

std::string read_document(const std::filesystem::path& file) {
    Problems problems(file.string());
    const std::string wanted = "a readable JSON document";
    std::error_code status;
    if (!std::filesystem::exists(file, status)) refuse(problems, "", "no such file", wanted);
    if (std::filesystem::is_directory(file, status)) refuse(problems, "", "a directory", wanted);
    std::ifstream in(file, std::ios::binary);
    if (!in) refuse(problems, "", "a file that cannot be opened", wanted);
    std::string text;
    std::string block(1u << 16, '\0');
    // Read and counted rather than asked for its size: it may be a pipe or a device without end.
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
        text.append(block, 0, static_cast<std::size_t>(in.gcount()));
        if (text.size() > most_document_bytes) break;
    }
    if (in.bad()) refuse(problems, "", "a file that cannot be read", wanted);
    if (text.empty()) refuse(problems, "", "an empty file", wanted);
    return text;
}

Json parse_document(const std::string& text, Problems& problems) {
    if (text.size() > most_document_bytes)
        refuse(problems, "", fmt::format("more than {} MiB", most_document_bytes >> 20),
               fmt::format("a document of at most {} MiB", most_document_bytes >> 20));
    std::string_view body = text;
    if (body.starts_with(byte_order_mark)) body.remove_prefix(byte_order_mark.size());
    if (is_utf16(body)) refuse(problems, "", "text in UTF-16", "text in UTF-8");
    if (const auto bad = first_invalid_utf8(body))
        refuse(problems, "", "a byte that is not UTF-8 at " + line_and_column(body, *bad),
               "text in UTF-8");
    // The parser takes a zero byte for the end of the text and would not look at what follows.
    if (const std::size_t zero = body.find('\0'); zero != std::string_view::npos)
        refuse(problems, "", "a zero byte at " + line_and_column(body, zero), "text");
    if (is_blank(body)) refuse(problems, "", "nothing but white space", "a JSON document");

    DocumentBuilder builder(problems);
    const bool whole =
        Json::sax_parse(body.begin(), body.end(), &builder, nlohmann::detail::input_format_t::json,
                        /*strict=*/true, /*ignore_comments=*/true);
    if (whole) return builder.take();
    if (builder.syntax_error().empty()) problems.throw_if_any();
    const auto error = explain_syntax_error(body, builder.syntax_error(), builder.position());
    refuse(problems, builder.pointer(), error.found, error.expected);
}

}  // namespace faultline::model
