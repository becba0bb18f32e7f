#include "faultline/plugin.hpp"

namespace {

using namespace faultline::sdk;

/// Writes slices: rows of any type are repeated and lost without reading a cell.
class RepeatRows {
  public:
    static constexpr const char* describe = R"json({
      "name": "repeat_rows", "version": "1", "summary": "Repeats rows, or loses them",
      "group": "keys", "dose": "continuous", "unit": "row", "scales": "fraction",
      "at_severity_1": "the full fraction of rows is repeated", "keeps": ["schema"],
      "params": {"type": "object", "properties": {
        "times": {"type": "integer", "minimum": 0, "maximum": 5, "default": 2, "description": "how often a hit row is there; 0: lost"}}},
      "examples": [{"fraction": 0.1}, {"times": 0, "fraction": 0.25, "exact": true},
                   {"times": 3, "mechanism": "at_random_given", "given": "price", "fraction": 0.2}]
    })json";

    explicit RepeatRows(const nlohmann::json& params) : times_(params.at("times").get<int>()) {}

    void transform(const Relation& /*relation*/, const Call& call, ArrowReader& in,
                   ArrowWriter& out) const {
        const auto selected = in.index_of("__fl_selected");
        while (const auto batch = in.next()) {
            std::int64_t from = 0;
            for (std::int64_t row = 0; row < batch->rows(); ++row) {
                if (!batch->column(selected).boolean(row)) continue;
                if (times_ == 0) {
                    out.write(batch->slice(from, row - from));
                    call.count("rows_removed", 1);
                } else {
                    out.write(batch->slice(from, row + 1 - from));
                    for (int copy = 1; copy < times_; ++copy) out.write(batch->slice(row, 1));
                    call.count("rows_added", times_ - 1);
                }
                from = row + 1;
            }
            out.write(batch->slice(from, batch->rows() - from));
        }
    }

  private:
    int times_;
};

}  // namespace

FAULTLINE_PLUGIN(RepeatRows)
