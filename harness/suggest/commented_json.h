#pragma once

#include <string>
#include <string_view>

#include "model/pipeline.h"

namespace faultline::suggest {

/// Writes a JSON object over several lines with comments in between: the form in which people write
/// documents. A comment is one line whatever is in it.
class CommentedJson {
  public:
    /// Opens the document's object, below `comment`'s lines.
    explicit CommentedJson(std::string_view comment);

    void comment(std::string_view text);
    void blank();
    void member(std::string_view key, const model::Json& value);
    /// An array of which every element stands on a line of its own; comments go before elements.
    void open_array(std::string_view key);
    void element(const model::Json& value);
    void close_array();
    /// The whole text, closed.
    [[nodiscard]] std::string finish();

    /// A value on one line, with blanks after commas and colons.
    static std::string line(const model::Json& value);

  private:
    void begin_item();

    std::string text_, indent_ = "  ";
    std::string pending_;  ///< comments and blank lines that go before the next item
    bool first_ = true;
};

}  // namespace faultline::suggest
