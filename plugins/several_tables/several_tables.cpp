#include <cmath>
#include <string>

#include "faultline/plugin.hpp"
#include "faultline/sdk/file_records.hpp"

namespace {

using namespace faultline::sdk;

/// A second table below the first, as people put into one sheet. Severity scales its length.
class SeveralTables {
  public:
    static constexpr const char* describe = R"json({
      "name": "several_tables",
      "version": "1.0.0",
      "summary": "Appends a second table, with a header of its own, to the same file",
      "keywords": ["concatenated files", "second header", "multiple tables", "spreadsheet"],
      "group": "files",
      "dose": "continuous",
      "unit": "file",
      "draws": true,
      "scales": "magnitude",
      "amounts": [{"param": "rows", "measure": "rows"}],
      "at_severity_1": "the second table has its full number of rows",
      "formats": ["csv"],
      "params": {
        "type": "object",
        "properties": {
          "rows": {"type": "integer", "minimum": 1, "maximum": 1000000, "default": 5,
            "description": "of the second table, beside its header; severity scales it, rounded up"},
          "columns": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 2,
            "description": "of the second table"},
          "gap": {"type": "integer", "minimum": 0, "maximum": 100, "default": 1,
            "description": "empty lines between the two"}
        }
      },
      "examples": [
        {},
        {"rows": 3, "columns": 5, "gap": 0}
      ]
    })json";

    explicit SeveralTables(const nlohmann::json& params)
        : rows_(params.at("rows").get<std::int64_t>()),
          columns_(params.at("columns").get<std::int64_t>()),
          gap_(params.at("gap").get<std::int64_t>()) {}

    void file(const File& file, const Call& call) const {
        const Records records(file);
        const auto end = std::string(records.line_end());
        const auto text = read_file(file.in);
        std::string more;
        if (!text.empty() && text.back() != '\n' && text.back() != '\r') more += end;
        for (std::int64_t i = 0; i < gap_; ++i) more += end;
        more += "group";
        for (std::int64_t c = 1; c < columns_; ++c)
            more += file.delimiter + "total_" + std::to_string(c);
        more += end;
        const auto rows =
            static_cast<std::int64_t>(std::ceil(static_cast<double>(rows_) * call.severity()));
        for (std::int64_t row = 0; row < rows; ++row) {
            more += "G" + std::to_string(row + 1);
            for (std::int64_t c = 1; c < columns_; ++c)
                more += file.delimiter +
                        std::to_string(static_cast<int>(call.draw(row * columns_ + c, 1) * 10000));
            more += end;
        }
        write_file(file.out, text + more);
        call.count("bytes", static_cast<std::int64_t>(more.size()));
        call.count("records", gap_ + 1 + rows);
    }

  private:
    std::int64_t rows_, columns_, gap_;
};

}  // namespace

FAULTLINE_PLUGIN(SeveralTables)
