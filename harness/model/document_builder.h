#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <unordered_set>
#include <vector>

#include "model/pipeline.h"
#include "model/problems.h"

namespace faultline::model {

/// Builds a document from the parser's events, and sees what a finished tree no longer shows: keys
/// that stand twice, and nesting too deep to be worth building. Members are appended, never looked
/// up in the tree, so that an object of a million keys takes linear time.
class DocumentBuilder final : public nlohmann::json_sax<Json> {
  public:
    explicit DocumentBuilder(Problems& problems) : problems_(problems) {}

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    bool number_float(number_float_t value, const string_t& written) override;
    bool string(string_t& value) override;
    bool binary(binary_t& value) override;
    bool start_object(std::size_t size) override;
    bool key(string_t& name) override;
    bool end_object() override { return end(); }
    bool start_array(std::size_t size) override;
    bool end_array() override { return end(); }
    bool parse_error(std::size_t position, const std::string& token,
                     const nlohmann::json::exception& error) override;

    /// The document, once the parser has said that it is whole.
    [[nodiscard]] Json take() { return std::move(root_); }
    /// Where reading stood when it stopped: the innermost value that had begun.
    [[nodiscard]] std::string pointer() const;
    /// The parser's own words and position (bytes read so far), when the syntax was at fault.
    [[nodiscard]] const std::string& syntax_error() const { return syntax_error_; }
    [[nodiscard]] std::size_t position() const { return position_; }

  private:
    struct Frame {
        Json value;
        std::string key;
        bool repeated = false;  ///< the key stood before: its value is read and dropped
        std::unordered_set<std::string> keys;
    };

    bool start(Json empty);
    bool end();
    bool put(Json value);
    bool within_bounds();
    void refuse_nul(const std::string& text, const char* what);

    Problems& problems_;
    Json root_;
    std::vector<Frame> frames_;
    std::size_t values_ = 0;
    std::string syntax_error_;
    std::size_t position_ = 0;
};

}  // namespace faultline::model
