#pragma once

#include <vector>

#include "model/place.h"

namespace faultline::model {

/// `{"name": "TYPE", …}` or `[{"name": …, "type": …}, …]`, in the document's order; in the second
/// form the type may be left out where `type_required` is not set. Names differ by more than case.
struct Columns {
    bool type_required = false;
    bool operator()(const Place& place, std::vector<ColumnSpec>& target) const;
};

}  // namespace faultline::model
