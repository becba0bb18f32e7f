#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "journal/records.h"
#include "run/experiment.h"

namespace faultline::run {

/// One number of one metric as an engine answered it.
struct Answer {
    std::size_t metric = 0;  ///< position in Scenario::metrics
    journal::Json segment;   ///< null, or {column: value} in the order of `by`
    std::optional<double> value;
};

/// One query for all metrics of a group: a row a segment, in the order of the segments.
std::string metrics_sql(const Experiment& experiment, const MetricGroup& group,
                        const engine::Dialect& dialect);
std::vector<Answer> read_metrics(const MetricGroup& group, const engine::Rows& rows);

/// A query that returns a row when the check fires.
std::string check_sql(const BoundCheck& check);

/// What identifies a series, for matching one run's answers with another's.
std::string series_key(std::size_t metric, const journal::Json& segment);

}  // namespace faultline::run
