#pragma once

#include "model/names.h"
#include "model/place.h"
#include "model/scenario.h"

namespace faultline::model {

/// The grammar of `design`. Types and ranges only: which keys suit which method is the design
/// layer's to say.
struct DesignGrammar {
    const NameIndex& perturbations;  ///< borrowed: what `groups` may name
    bool operator()(const Place& place, DesignSpec& design) const;
};

/// The grammar of `limits`.
bool read_limits(const Place& place, Limits& limits);

}  // namespace faultline::model
