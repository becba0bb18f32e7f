#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/sdk/file_text.hpp"

namespace faultline::sdk {

/// A record of a text file and what follows it up to the next: its line's end, or in JSON the
/// comma, space and bracket between two values.
struct Record {
    std::string_view text, end;
};

/// A CSV or JSON file cut into records, as its reader sees them: a CSV record may run over several
/// lines inside quotes, a JSON one is a value of the file or of the array that the file is. Put
/// together again, before() and all records are the file to the byte.
class Records {
  public:
    explicit Records(const File& file) : text_(read_file(file.in)) {
        std::size_t at = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
        if (file.format == "csv") {
            for (std::int64_t line = 0; line < file.skip && at < text_.size(); ++line)
                at = line_end(at).second;
            before_ = std::string_view(text_).substr(0, at);
            cut_csv(file, at);
        } else {
            cut_json(at);
        }
        header_ = file.format == "csv" && file.header && !records_.empty();
    }
    Records(const Records&) = delete;
    Records& operator=(const Records&) = delete;

    [[nodiscard]] std::string_view before() const { return before_; }
    [[nodiscard]] const std::vector<Record>& all() const { return records_; }
    [[nodiscard]] bool has_header() const { return header_; }
    /// Without the one that names the columns.
    [[nodiscard]] std::int64_t data_count() const {
        return static_cast<std::int64_t>(records_.size()) - (header_ ? 1 : 0);
    }
    /// The line end that the file has: its first record's, else "\n".
    [[nodiscard]] std::string_view line_end() const {
        return records_.empty() || records_[0].end.empty() ? std::string_view("\n")
                                                           : records_[0].end;
    }

  private:
    /// Where the line that holds `at` ends: before its end, and after.
    [[nodiscard]] std::pair<std::size_t, std::size_t> line_end(std::size_t at) const {
        const auto end = std::min(text_.find_first_of("\r\n", at), text_.size());
        if (end == text_.size()) return {end, end};
        const bool two = text_[end] == '\r' && end + 1 < text_.size() && text_[end + 1] == '\n';
        return {end, end + (two ? 2 : 1)};
    }

    void cut_csv(const File& file, std::size_t at) {
        const std::string_view text = text_;
        while (at < text.size()) {
            const auto begin = at;
            bool field_begins = true;
            while (at < text.size() && text[at] != '\r' && text[at] != '\n') {
                if (field_begins && !file.quote.empty() &&
                    text.substr(at).starts_with(file.quote)) {
                    at = after_quoted(file, at + file.quote.size());
                    field_begins = false;
                } else if (text.substr(at).starts_with(file.delimiter) && !file.delimiter.empty()) {
                    at += file.delimiter.size();
                    field_begins = true;
                } else {
                    ++at;
                    field_begins = false;
                }
            }
            const auto [end, next] = line_end(at);
            records_.push_back({text.substr(begin, end - begin), text.substr(end, next - end)});
            at = next;
        }
    }
    [[nodiscard]] std::size_t after_quoted(const File& file, std::size_t at) const {
        const std::string_view text = text_;
        while (at < text.size()) {
            const bool quoted = text.substr(at).starts_with(file.quote);
            const auto next = text.substr(std::min(at + file.quote.size(), text.size()));
            if (!file.escape.empty() && file.escape != file.quote &&
                text.substr(at).starts_with(file.escape))
                at += file.escape.size() + 1;
            else if (quoted && file.escape == file.quote && next.starts_with(file.quote))
                at += 2 * file.quote.size();
            else if (quoted)
                return at + file.quote.size();
            else
                ++at;
        }
        return std::min(at, text.size());
    }

    void cut_json(std::size_t at) {
        constexpr std::string_view space = " \t\r\n";
        const std::string_view text = text_;
        const auto first = std::min(text.find_first_not_of(space, at), text.size());
        const bool in_array = first < text.size() && text[first] == '[';
        at = std::min(text.find_first_not_of(space, in_array ? first + 1 : first), text.size());
        before_ = text.substr(0, at);
        while (at < text.size() && text[at] != ']') {
            const auto end = after_value(at);
            auto next = std::min(text.find_first_not_of(" \t\r\n,", end), text.size());
            if (next < text.size() && text[next] == ']') next = text.size();
            if (next == at) next = at + 1;
            records_.push_back({text.substr(at, end - at), text.substr(end, next - end)});
            at = next;
        }
        if (records_.empty()) before_ = text;
    }
    /// The end of the JSON value that begins at `at`; of what is none, the end of its line.
    [[nodiscard]] std::size_t after_value(std::size_t at) const {
        int depth = 0;
        bool in_text = false;
        for (; at < text_.size(); ++at) {
            const char c = text_[at];
            if (in_text) {
                if (c == '\\') ++at;
                if (c == '"') in_text = false;
            } else if (c == '"') {
                in_text = true;
            } else if (c == '{' || c == '[') {
                ++depth;
            } else if (c == '}' || c == ']') {
                if (depth == 0) return at;
                if (--depth == 0) return at + 1;
            } else if (depth == 0 && (c == ',' || c == '\n' || c == '\r')) {
                return at;
            }
        }
        return text_.size();
    }

    std::string text_;
    std::string_view before_;
    std::vector<Record> records_;
    bool header_ = false;
};

/// The damaged copy, record by record, and the count of what was done.
class Rewritten {
  public:
    explicit Rewritten(const Records& records) : records_(records) {}

    /// What stands before the first record; left out, it is kept.
    Rewritten& before(const std::string& text) {
        bytes_ += bytes_between(records_.before(), text);
        if (text != records_.before()) ++changed_;
        out_ += text;
        before_written_ = true;
        return *this;
    }
    Rewritten& keep(const Record& record) {
        begin();
        out_ += record.text;
        out_ += record.end;
        return *this;
    }
    Rewritten& replace(const Record& record, const std::string& text, std::string_view end) {
        begin();
        if (text != record.text || end != record.end) {
            ++changed_;
            bytes_ += bytes_between(std::string(record.text) + std::string(record.end),
                                    text + std::string(end));
        }
        out_ += text;
        out_ += end;
        return *this;
    }
    Rewritten& replace(const Record& record, const std::string& text) {
        return replace(record, text, record.end);
    }
    Rewritten& drop(const Record& record) {
        begin();
        ++changed_;
        bytes_ += static_cast<std::int64_t>(record.text.size() + record.end.size());
        return *this;
    }
    /// Text that is no record of the original; `count` records, or lines.
    Rewritten& insert(std::string_view text, std::int64_t count = 1) {
        begin();
        changed_ += count;
        bytes_ += static_cast<std::int64_t>(text.size());
        out_ += text;
        return *this;
    }
    /// Writes the copy and counts. `hit` says that there was something to do: where there was, and
    /// nothing changed, the host knows that the fault could not be applied.
    void write(const File& file, const Call& call, bool hit) {
        begin();
        write_file(file.out, out_);
        call.count("bytes", bytes_);
        call.count("records", changed_);
        if (!hit) call.count("identity", 1);
    }

  private:
    void begin() {
        if (!before_written_) out_ += records_.before();
        before_written_ = true;
    }

    const Records& records_;
    std::string out_;
    bool before_written_ = false;
    std::int64_t changed_ = 0, bytes_ = 0;
};

}  // namespace faultline::sdk
