#include "model/document_builder.h"

#include <fmt/format.h>

#include "core/json_pointer.h"
#include "model/document.h"
#include "model/utf8.h"

namespace faultline::model {

std::string DocumentBuilder::pointer() const {
    std::string result;
    for (const Frame& frame : frames_) {
        if (frame.value.is_array()) {
            result = pointer_to(result, frame.value.size());
        } else if (!frame.keys.empty()) {
            result = pointer_to(result, frame.key);
        }
    }
    return result;
}

bool DocumentBuilder::put(Json value) {
    if (!within_bounds()) return false;
    if (frames_.empty()) {
        root_ = std::move(value);
        return true;
    }
    Frame& parent = frames_.back();
    if (parent.value.is_array()) {
        parent.value.get_ref<Json::array_t&>().push_back(std::move(value));
    } else if (!parent.repeated) {
        // The vector below the ordered map: its own emplace would search every key so far.
        Json::object_t::Container& members = parent.value.get_ref<Json::object_t&>();
        members.emplace_back(parent.key, std::move(value));
    }
    return true;
}

bool DocumentBuilder::start(Json empty) {
    if (frames_.size() == most_document_depth) {
        problems_.add(pointer(), fmt::format("nesting deeper than {} levels", most_document_depth),
                      fmt::format("at most {} levels", most_document_depth));
        return false;
    }
    Frame frame;
    frame.value = std::move(empty);
    frames_.push_back(std::move(frame));
    return true;
}

bool DocumentBuilder::end() {
    Json done = std::move(frames_.back().value);
    frames_.pop_back();
    return put(std::move(done));
}

bool DocumentBuilder::within_bounds() {
    if (++values_ <= most_document_values) return true;
    problems_.add(pointer(), fmt::format("more than {} values", most_document_values),
                  fmt::format("a document of at most {} values", most_document_values));
    return false;
}

void DocumentBuilder::refuse_nul(const std::string& text, const char* what) {
    if (text.find('\0') == std::string::npos) return;
    problems_.add(pointer(), fmt::format("{} \"{}\"", what, printable(text)),
                  "text without the character U+0000");
}

bool DocumentBuilder::number_float(number_float_t value, const string_t&) {
    return put(value);
}

bool DocumentBuilder::string(string_t& value) {
    refuse_nul(value, "the string");
    return put(std::move(value));
}

bool DocumentBuilder::binary(binary_t&) {
    return false;
}

bool DocumentBuilder::start_object(std::size_t) {
    return start(Json::object());
}

bool DocumentBuilder::start_array(std::size_t) {
    return start(Json::array());
}

bool DocumentBuilder::key(string_t& name) {
    Frame& frame = frames_.back();
    frame.repeated = !frame.keys.insert(name).second;
    frame.key = name;
    refuse_nul(name, "the key");
    if (frame.repeated)
        problems_.add(pointer(), fmt::format("the key \"{}\" a second time", printable(name)),
                      "each key once in an object");
    return true;
}

bool DocumentBuilder::parse_error(std::size_t position, const std::string&,
                                  const nlohmann::json::exception& error) {
    position_ = position;
    syntax_error_ = error.what();
    return false;
}

}  // namespace faultline::model
