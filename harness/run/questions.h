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

/// Several questions asked in one statement, so that what they have in common is computed once and
/// one plan serves them all. Each is a SELECT with a number of columns of its own; the answers come
/// apart again by a first column that says whose row it is.
class AskedTogether {
  public:
    /// `select` gives `columns` columns, the first `order` of which order its rows.
    void add(std::string select, std::size_t columns, std::size_t order);
    [[nodiscard]] std::size_t size() const { return questions_.size(); }
    [[nodiscard]] std::string sql() const;
    /// Rows of the statement taken apart, in the order of the questions. Schemas are left empty.
    [[nodiscard]] std::vector<engine::Rows> apart(engine::Rows rows) const;

  private:
    struct Question {
        std::string select;
        std::size_t columns = 0, order = 0, first = 0;
    };
    std::vector<Question> questions_;
    std::size_t columns_ = 0;
};

/// A query that returns a row when the check fires.
std::string check_sql(const BoundCheck& check);

/// What identifies a series, for matching one run's answers with another's.
std::string series_key(std::size_t metric, const journal::Json& segment);

}  // namespace faultline::run
