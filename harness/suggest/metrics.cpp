#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "model/names.h"
#include "model/utf8.h"
#include "suggest/measured.h"
#include "suggest/wording.h"

namespace faultline::suggest {
namespace {

constexpr std::size_t most_metrics_an_output = 4;
constexpr std::int64_t most_segments = 12;

/// What is added up makes no sense for these; the mean does.
bool is_average(const ColumnProfile& column) {
    const auto name = model::fold_case(column.column.name);
    for (const char* part : {"rate", "ratio", "share", "pct", "percent", "avg", "average", "mean",
                             "price", "score", "median"})
        if (name.find(part) != std::string::npos) return true;
    return false;
}

/// Numbers that name something, or say when, are no measures of anything.
bool is_measure(const ColumnProfile& column, const std::vector<std::string>& key) {
    if (!column.numeric() || column.present() == 0 || !column.low) return false;
    const auto name = model::fold_case(column.column.name);
    for (const auto& part : key)
        if (model::fold_case(part) == name) return false;
    for (const char* end : {"id", "key", "code", "zip", "number"})
        if (name.ends_with(end)) return false;
    for (const char* when : {"year", "quarter", "month", "week", "day", "hour"})
        if (name == when) return false;
    return true;
}

/// The column that cuts the output into the most parts that can still be told one by one.
const ColumnProfile* segment_of(const RelationProfile& profile) {
    const ColumnProfile* best = nullptr;
    for (const auto& column : profile.columns) {
        const bool labels = column.column.family == engine::TypeFamily::text ||
                            column.column.family == engine::TypeFamily::boolean;
        if (!labels || column.distinct < 2 || column.distinct > most_segments) continue;
        if (best == nullptr || column.distinct > best->distinct) best = &column;
    }
    return best;
}

struct Values {
    double low = 0, high = 0, size = 0;  ///< the smallest, the largest, the mean of their sizes
    bool any = false;
};

/// What the metric is today, by segment.
Values values_of(engine::Connection& connection, const engine::Dialect& dialect,
                 const std::string& select, const std::string& sql, const ColumnProfile* by) {
    const auto number = dialect.cast(sql, dialect.type_for(engine::TypeFamily::floating));
    const auto group = by == nullptr ? "" : " GROUP BY " + dialect.quote(by->column.name);
    const auto rows = connection.query(
        fmt::format("SELECT {} AS v FROM ({}) AS output{}", number, select, group));
    Values out;
    double sum = 0;
    std::size_t count = 0;
    for (const auto& row : rows.rows) {
        const auto* value = std::get_if<double>(&row.at(0));
        if (value == nullptr || !std::isfinite(*value)) continue;
        out.low = count == 0 ? *value : std::min(out.low, *value);
        out.high = count == 0 ? *value : std::max(out.high, *value);
        sum += std::abs(*value);
        ++count;
    }
    out.any = count > 0;
    if (count > 0) out.size = sum / static_cast<double>(count);
    return out;
}

/// A share of today's value; where that is nothing, or next to it, an amount as well.
Json tolerance_for(const Values& values, double share) {
    Json tolerance = {{"relative", share}};
    const double least = values.low <= 0 && values.high >= 0
                             ? 0
                             : std::min(std::abs(values.low), std::abs(values.high));
    if (least < values.size / 100 || values.size == 0)
        tolerance["absolute"] = values.size > 0 ? rounded(values.size * share) : share;
    return tolerance;
}

/// One output's metrics.
class OutputMetrics {
  public:
    OutputMetrics(const model::Node& about, const RelationProfile& profile, std::string select,
                  engine::Connection& connection, const engine::Dialect& dialect)
        : about_(about),
          profile_(profile),
          select_(std::move(select)),
          connection_(connection),
          dialect_(dialect),
          segment_(segment_of(profile)) {}

    std::vector<Item> all() {
        std::vector<const ColumnProfile*> measures;
        for (const auto& column : profile_.columns)
            if (is_measure(column, about_.key)) measures.push_back(&column);
        const auto more =
            measures.size() > most_metrics_an_output ? measures.size() - most_metrics_an_output : 0;
        measures.resize(measures.size() - more);
        for (const auto* column : measures) {
            const bool average = is_average(*column);
            add(column->column.name,
                fmt::format("{}({})", average ? "avg" : "sum", dialect_.quote(column->column.name)),
                segment_, "");
        }
        if (more > 0 && !items_.empty())
            items_.back().why +=
                fmt::format("; {} of this output can be measured the same way",
                            counted(static_cast<std::int64_t>(more), "more number"));
        add("rows", "count(*)", nullptr, "");
        return std::move(items_);
    }

  private:
    void add(const std::string& what, const std::string& sql, const ColumnProfile* by,
             const std::string& more) {
        Values values;
        try {
            values = values_of(connection_, dialect_, select_, sql, by);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::data) throw;
            return;  // a sum that overflows is no metric
        }
        if (!values.any) return;
        const double share = by == nullptr ? 0.02 : 0.05;
        Json body = {{"id", model::printable(about_.name + "_" + what, 110)},
                     {"output", about_.name},
                     {"sql", sql}};
        if (by != nullptr) body["by"] = Json::array({by->column.name});
        body["tolerance"] = tolerance_for(values, share);
        const auto range = values.low == values.high
                               ? shown(values.low)
                               : shown(values.low) + " to " + shown(values.high);
        const auto why = by == nullptr
                             ? fmt::format("{} today; it may move by {}", range, percent(share))
                             : fmt::format("{} today, by {}; a part may move by {}", range,
                                           named(by->column.name), percent(share));
        items_.push_back({std::move(body), why + more});
    }

    const model::Node& about_;
    const RelationProfile& profile_;
    std::string select_;
    engine::Connection& connection_;
    const engine::Dialect& dialect_;
    const ColumnProfile* segment_;
    std::vector<Item> items_;
};

/// Ids that were cut short, or that two names share, are told apart by a number.
void tell_apart(std::vector<Item>& items) {
    std::set<std::string> ids;
    for (auto& item : items) {
        const auto id = item.body["id"].get<std::string>();
        auto unique = id;
        for (int n = 2; !ids.insert(unique).second; ++n) unique = id + "_" + std::to_string(n);
        item.body["id"] = unique;
    }
}

}  // namespace

std::vector<Item> metrics_of(const run::Experiment& experiment, const run::BaseRun& base,
                             engine::Connection& connection) {
    std::vector<Item> items;
    const auto& pipeline = experiment.workflow.pipeline;
    const auto& dialect = base.engine().dialect();
    for (const auto& output : pipeline.outputs) {
        const auto node = *pipeline.find(output);
        const auto& about = pipeline.nodes[node];
        const auto select = base.relations().select(base.plan().result(node));
        const auto wanted = worth_a_look(base.columns(node), {}, about.key);
        const auto profile = profile_of(connection, dialect, select, wanted,
                                        base.columns(node).size() - wanted.size());
        for (auto& item : OutputMetrics(about, profile, select, connection, dialect).all())
            items.push_back(std::move(item));
    }
    tell_apart(items);
    return items;
}

}  // namespace faultline::suggest
