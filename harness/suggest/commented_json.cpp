#include "suggest/commented_json.h"

#include "model/utf8.h"

namespace faultline::suggest {
namespace {

std::string quoted(const std::string& text) {
    return model::Json(text).dump(-1, ' ', false, model::Json::error_handler_t::replace);
}

/// Comments of a document: what comes out of the data must not end the line.
std::string comment_line(std::string_view text) {
    constexpr std::size_t longest = 400;
    return "// " + model::printable(text, longest) + "\n";
}

}  // namespace

CommentedJson::CommentedJson(std::string_view comment) {
    while (!comment.empty()) {
        const auto end = std::min(comment.find('\n'), comment.size());
        text_ += comment_line(comment.substr(0, end));
        comment.remove_prefix(std::min(end + 1, comment.size()));
    }
    text_ += "{";
}

void CommentedJson::comment(std::string_view text) {
    pending_ += indent_ + comment_line(text);
}

void CommentedJson::blank() {
    pending_ += "\n";
}

void CommentedJson::begin_item() {
    text_ += first_ ? "\n" : ",\n";
    text_ += pending_ + indent_;
    pending_.clear();
    first_ = false;
}

void CommentedJson::member(std::string_view key, const model::Json& value) {
    begin_item();
    text_ += quoted(std::string(key)) + ": " + line(value);
}

void CommentedJson::open_array(std::string_view key) {
    begin_item();
    text_ += quoted(std::string(key)) + ": [";
    indent_ += "  ";
    first_ = true;
}

void CommentedJson::element(const model::Json& value) {
    begin_item();
    text_ += line(value);
}

void CommentedJson::close_array() {
    indent_.resize(indent_.size() - 2);
    text_ += "\n" + std::exchange(pending_, {}) + indent_ + "]";
    first_ = false;
}

std::string CommentedJson::finish() {
    return text_ + "\n" + std::exchange(pending_, {}) + "}\n";
}

std::string CommentedJson::line(const model::Json& value) {
    std::string text;
    if (value.is_object()) {
        for (const auto& [key, member] : value.items())
            text += (text.empty() ? "" : ", ") + quoted(key) + ": " + line(member);
        return "{" + text + "}";
    }
    if (value.is_array()) {
        for (const auto& element : value) text += (text.empty() ? "" : ", ") + line(element);
        return "[" + text + "]";
    }
    return value.is_string() ? quoted(value.get<std::string>()) : value.dump();
}

}  // namespace faultline::suggest
