#pragma once

#include <string>

#include "findings/result.h"

namespace faultline::report::html {

/// What the page's script draws, as JSON that can stand inside a <script> element: no "<", ">", "&"
/// and nothing but ASCII. Strings have been through shown(). Much smaller than result.json: of the
/// attribution only the worst damage by node and number.
///
/// {"nodes": [{"name", "kind", "owner", "description", "output", "perturbed", "damage",
/// "unbounded",
///             "low", "high", "outcomes", "silent", "blast", "points", "checks", "faults",
///             "guards"}],
///  "edges": [{"from": index, "to": index, "change", "worst"}],
///  "travel": [{"fault", "node": index, "stations": [[index, change, what, damage]…]}],
///  "heat": {"metrics": […], "series": [{"metric": index, "segment"}],
///           "rows": [{"node": index or null, "name", "cells": [[series, damage or null,
///           mark]…]}]},
///  "doses": [{"fault", "node", "metric", "harmful", "noticed", "binary", "sentence", "by",
///  "curve"}]}
std::string page_data(const findings::Result& result);

}  // namespace faultline::report::html
