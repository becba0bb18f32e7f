#include "rechunked.h"

#include <algorithm>

#include "faultline/plugin.hpp"

namespace faultline::conformance {

void Rechunked::export_arrow(const std::string& select, ArrowArrayStream* out) {
    ArrowArrayStream whole{};
    real_->export_arrow(select, &whole);
    sdk::ArrowReader reader(&whole);
    sdk::ArrowWriter writer;
    writer.use_schema(reader.schema());
    while (const auto batch = reader.next())
        for (std::int64_t from = 0; from < batch->rows(); from += rows_)
            writer.write(batch->slice(from, std::min(rows_, batch->rows() - from)));
    std::move(writer).export_to(out);
}

}  // namespace faultline::conformance
