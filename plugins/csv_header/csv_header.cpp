#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_fields.hpp"

namespace {

using namespace faultline::sdk;

/// The line that names the columns.
class CsvHeader {
  public:
    static constexpr const char* describe = R"json({
      "name": "csv_header",
      "version": "1.0.0",
      "summary": "Loses the header line, doubles it, repeats it in the middle, or writes its names otherwise",
      "keywords": ["header row", "column names", "missing header", "renamed column",
        "column order"],
      "group": "files",
      "dose": "binary",
      "unit": "file",
      "draws": true,
      "scales": "nothing",
      "at_severity_1": "the header is lost, doubled, repeated or has other names",
      "formats": ["csv"],
      "params": {
        "type": "object",
        "properties": {
          "mode": {"enum": ["lost", "doubled", "repeated", "misspelt", "upper", "lower", "spaced", "empty", "long"],
            "description": "lost: there is none; doubled: it stands there twice; repeated: once more in the middle, as in files put together; misspelt: two letters of each name have changed places, or one comes twice; upper, lower: the case of the names; spaced: blanks around them; empty: no name stands there; long: each name is followed by so many x that it has length letters"},
          "length": {"type": ["integer", "null"], "minimum": 1, "maximum": 1000000, "default": null,
            "description": "long: how many bytes each name has at least; 100,000 unless stated"},
          "columns": {"type": ["array", "null"], "items": {"type": "string"}, "minItems": 1, "default": null,
            "description": "misspelt, upper, lower, spaced, empty, long: which names; all unless stated"}
        },
        "required": ["mode"]
      },
      "examples": [
        {"mode": "lost"},
        {"mode": "doubled"},
        {"mode": "repeated"},
        {"mode": "misspelt"},
        {"mode": "upper"},
        {"mode": "spaced"},
        {"mode": "empty", "columns": ["price"]},
        {"mode": "long", "length": 300}
      ]
    })json";

    explicit CsvHeader(const nlohmann::json& params)
        : mode_(params.at("mode").get<std::string>()),
          columns_(stated<std::vector<std::string>>(params, "columns")),
          length_(stated<std::size_t>(params, "length")) {
        if (length_ && mode_ != "long")
            throw ParamError("\"length\" goes with the mode long, not with " + mode_);
        if (columns_ && (mode_ == "lost" || mode_ == "doubled" || mode_ == "repeated"))
            throw ParamError("\"columns\" goes with a mode that changes names, not with " + mode_);
    }
    [[nodiscard]] bool draws(double /*severity*/) const { return mode_ == "misspelt"; }

    void file(const File& file, const Call& call) const {
        if (!file.header) throw ParamError(file.node + "'s files have no header");
        const Records records(file);
        Rewritten out(records);
        const auto& all = records.all();
        const auto middle = all.size() / 2 + 1;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i == 0 && mode_ == "lost")
                out.drop(all[0]);
            else if (i == 0 && mode_ != "doubled" && mode_ != "repeated")
                out.replace(all[0], renamed(all[0], file, call));
            else
                out.keep(all[i]);
            if ((i == 0 && mode_ == "doubled") || (i + 1 == middle && mode_ == "repeated"))
                out.insert(again(all, i, records));
        }
        out.write(file, call, !all.empty());
    }

  private:
    /// The header as a line of its own, after record `i`.
    static std::string again(const std::vector<Record>& all, std::size_t i,
                             const Records& records) {
        const auto end = std::string(records.line_end());
        const auto header = std::string(all[0].text);
        return all[i].end.empty() ? end + header : header + end;
    }

    [[nodiscard]] std::string renamed(const Record& header, const File& file,
                                      const Call& call) const {
        const auto style = CsvStyle::of(file);
        const auto fields = fields_of(header.text, style);
        for (const auto& wanted : columns_.value_or(std::vector<std::string>{}))
            if (std::none_of(fields.begin(), fields.end(),
                             [&](const Field& f) { return f.value == wanted; }))
                throw ParamError("the header has no \"" + wanted +
                                 "\": " + std::string(header.text));
        std::string text;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (i > 0) text += style.delimiter;
            const bool meant = !columns_ || std::find(columns_->begin(), columns_->end(),
                                                      fields[i].value) != columns_->end();
            auto field = fields[i];
            if (meant) field.value = other(field.value, static_cast<std::int64_t>(i), call);
            text += meant ? written(field, style) : std::string(field.raw);
        }
        return text;
    }

    [[nodiscard]] std::string other(std::string name, std::int64_t column, const Call& call) const {
        const auto each = [&](int (*f)(int)) {
            for (auto& c : name)
                if (static_cast<unsigned char>(c) < 0x80) c = static_cast<char>(f(c));
            return name;
        };
        if (mode_ == "upper") return each(std::toupper);
        if (mode_ == "lower") return each(std::tolower);
        if (mode_ == "spaced") return " " + name + " ";
        if (mode_ == "empty") return {};
        if (mode_ == "long") {
            const auto length = length_.value_or(longest_name);
            return name + std::string(length > name.size() ? length - name.size() : 0, 'x');
        }
        // Two neighbours that differ change places: a name that is still one, and not the same.
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i + 1 < name.size(); ++i)
            if (name[i] != name[i + 1] && (name[i] & 0x80) == 0 && (name[i + 1] & 0x80) == 0)
                places.push_back(i);
        if (places.empty()) return name + (name.empty() ? "x" : name.substr(name.size() - 1));
        const auto at =
            static_cast<std::size_t>(call.draw(column, 1) * static_cast<double>(places.size()));
        std::swap(name[places[at]], name[places[at] + 1]);
        return name;
    }

    static constexpr std::size_t longest_name = 100000;

    std::string mode_;
    std::optional<std::vector<std::string>> columns_;
    std::optional<std::size_t> length_;
};

}  // namespace

FAULTLINE_PLUGIN(CsvHeader)
