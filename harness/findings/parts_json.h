#pragma once

#include "findings/result.h"

namespace faultline::findings {

/// Parts of result.json, keys in the order of docs/result-reference.md.
Json to_json(const DoseResponse& row);
Json to_json(const CheckScores& scores);
Json to_json(const Guards& guards);
Json to_json(const Structure& structure);
Json to_json(const Travel& row);
Json to_json(const EdgeDamage& row);

}  // namespace faultline::findings
