#include "report/html/markup.h"

#include "report/display_text.h"
#include "report/escaped_text.h"
#include "report/phrases.h"

namespace faultline::report::html {
namespace {

constexpr std::size_t longest_name = 60;

}  // namespace

Markup::Markup(std::string_view text) : html_(escaped(text)) {}

Markup Markup::trusted(std::string html) {
    Markup markup;
    markup.html_ = std::move(html);
    return markup;
}

Markup& Markup::operator+=(const Markup& more) {
    html_ += more.html_;
    return *this;
}

Markup operator+(Markup left, const Markup& right) {
    return left += right;
}

Markup tag(const char* element, const Attributes& attributes, const Markup& content) {
    std::string html = "<";
    html += element;
    for (const auto& [key, value] : attributes) {
        html += ' ';
        html += key;
        html += "=\"" + escaped(value) + "\"";
    }
    html += ">" + content.html() + "</" + element + ">";
    return Markup::trusted(std::move(html));
}

Markup tag(const char* element, const Markup& content) {
    return tag(element, Attributes{}, content);
}

Markup name(std::string_view text) {
    const std::string safe = shown(text);
    if (width_of(safe) <= longest_name) return Markup(text);
    return tag("span", {{"title", std::string(text)}}, Markup(cut(safe, longest_name)));
}

Markup code(std::string_view text) {
    return tag("code", name(text));
}

Markup copyable(const std::string& text, const char* what) {
    return tag("div", {{"class", "copyable"}, {"data-what", what}},
               tag("pre", {{"tabindex", "0"}}, tag("code", Markup(text))));
}

Markup replay(std::uint64_t trial) {
    return tag("code", {{"class", "replay"}}, Markup(replay_command(trial)));
}

Rows::Rows(const char* id, const char* caption, std::vector<std::string> headings)
    : id_(id), caption_(caption), headings_(std::move(headings)) {}

void Rows::add(const std::vector<Markup>& cells) {
    Markup row;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const bool numeric = headings_[i].starts_with("#");
        // The first column says what the row is of.
        row += i == 0 ? tag("th", {{"scope", "row"}}, cells[i])
                      : tag("td", numeric ? Attributes{{"class", "num"}} : Attributes{}, cells[i]);
    }
    body_ += tag("tr", row) + Markup::trusted("\n");
    ++count_;
}

Markup Rows::markup() const {
    Markup head;
    for (const auto& heading : headings_) {
        const bool numeric = heading.starts_with("#");
        head += tag("th", {{"scope", "col"}, {"class", numeric ? "num" : ""}},
                    Markup(numeric ? heading.substr(1) : heading));
    }
    return tag(
        "div",
        {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", caption_}},
        tag("table", {{"id", id_}, {"class", "sortable"}},
            tag("caption", Markup(caption_)) + tag("thead", tag("tr", head)) +
                tag("tbody", body_)));
}

}  // namespace faultline::report::html
