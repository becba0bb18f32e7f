#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline::report::html {

/// A piece of HTML. What it is made from is text, always: it is made harmless (see shown()) and
/// escaped on the way in, and only tag() makes elements of it. So a node called <script> can be
/// nothing but a name, and no section of the page has to remember to escape.
class Markup {
  public:
    Markup() = default;
    Markup(std::string_view text);                                       // NOLINT: text is markup
    Markup(const std::string& text) : Markup(std::string_view(text)) {}  // NOLINT
    Markup(const char* text) : Markup(std::string_view(text)) {}         // NOLINT
    /// Markup of our own making. Never from a document.
    static Markup trusted(std::string html);

    Markup& operator+=(const Markup& more);
    [[nodiscard]] bool empty() const { return html_.empty(); }
    [[nodiscard]] const std::string& html() const { return html_; }

  private:
    std::string html_;
};

Markup operator+(Markup left, const Markup& right);

/// Values are escaped.
using Attributes = std::vector<std::pair<const char*, std::string>>;

/// <name attributes>content</name>
Markup tag(const char* name, const Attributes& attributes, const Markup& content);
Markup tag(const char* name, const Markup& content);

/// A name of whatever length: what is too long to read is cut, and stands in full in a tool tip.
Markup name(std::string_view text);
/// The same, as something that is code: a node, a column, a command.
Markup code(std::string_view text);
/// Text to be copied: shown in full, with a button that a script brings to life.
Markup copyable(const std::string& text, const char* what);
/// A command that replays a trial.
Markup replay(std::uint64_t trial);

/// A table under headings. A heading that begins with "#" is of a column of numbers.
class Rows {
  public:
    Rows(const char* id, const char* caption, std::vector<std::string> headings);
    void add(const std::vector<Markup>& cells);
    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] Markup markup() const;

  private:
    const char* id_;
    const char* caption_;
    std::vector<std::string> headings_;
    std::size_t count_ = 0;
    Markup body_;
};

}  // namespace faultline::report::html
