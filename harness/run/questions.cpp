#include "run/questions.h"

#include <fmt/format.h>

namespace faultline::run {
namespace {

std::optional<double> number_in(const engine::Value& value) {
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? 1 : 0;
    return std::nullopt;
}

journal::Json json_of(const engine::Value& value) {
    return std::visit(
        [](const auto& held) -> journal::Json {
            if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) {
                return nullptr;
            } else {
                return held;
            }
        },
        value);
}

}  // namespace

std::string metrics_sql(const Experiment& experiment, const MetricGroup& group,
                        const engine::Dialect& dialect) {
    std::string by, order;
    for (std::size_t i = 0; i < group.by.size(); ++i) {
        by += dialect.quote(group.by[i]) + ", ";
        order += (i == 0 ? "" : ", ") + std::to_string(i + 1);
    }
    std::string values;
    const std::string number = dialect.type_for(engine::TypeFamily::floating);
    for (std::size_t i = 0; i < group.metrics.size(); ++i)
        values += fmt::format(
            "{}{} AS __fl_m{}", i == 0 ? "" : ", ",
            dialect.cast("(" + experiment.scenario.metrics[group.metrics[i]].sql + "\n)", number),
            i);
    const std::string from = dialect.quote(experiment.workflow.pipeline.nodes[group.output].name);
    if (group.by.empty()) return fmt::format("SELECT {} FROM {}", values, from);
    return fmt::format("SELECT {}{} FROM {} GROUP BY {} ORDER BY {}", by, values, from, order,
                       order);
}

std::vector<Answer> read_metrics(const MetricGroup& group, const engine::Rows& rows) {
    std::vector<Answer> answers;
    for (const auto& row : rows.rows) {
        journal::Json segment;
        for (std::size_t i = 0; i < group.by.size(); ++i) segment[group.by[i]] = json_of(row[i]);
        for (std::size_t i = 0; i < group.metrics.size(); ++i)
            answers.push_back({group.metrics[i], segment, number_in(row[group.by.size() + i])});
    }
    return answers;
}

std::string check_sql(const BoundCheck& check) {
    return fmt::format("SELECT 1 FROM ({}\n) AS __fl_failing LIMIT 1", check.sql);
}

std::string series_key(std::size_t metric, const journal::Json& segment) {
    return std::to_string(metric) +
           segment.dump(-1, ' ', false, journal::Json::error_handler_t::replace);
}

}  // namespace faultline::run
