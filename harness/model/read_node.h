#pragma once

#include "model/names.h"
#include "model/place.h"

namespace faultline::model {

/// What a node may refer to.
struct NodeContext {
    const NameIndex& nodes;   ///< borrowed
    const NameIndex* owners;  ///< borrowed; nullptr: the document lists none
};

/// The grammar of one member of `nodes`. `name` is the member's key.
bool read_node(const Place& place, const std::string& name, const NodeContext& context, Node& node);

}  // namespace faultline::model
