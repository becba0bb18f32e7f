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

void AskedTogether::add(std::string select, std::size_t columns, std::size_t order) {
    questions_.push_back({std::move(select), columns, order, columns_});
    columns_ += columns;
}

std::string AskedTogether::sql() const {
    if (questions_.size() == 1) return questions_.front().select;
    std::string sql, order;
    for (std::size_t q = 0; q < questions_.size(); ++q) {
        const Question& question = questions_[q];
        std::string columns = std::to_string(q), aliases;
        for (std::size_t c = 0; c < columns_; ++c) {
            const bool own = c >= question.first && c < question.first + question.columns;
            columns += own ? ", c" + std::to_string(c) : ", NULL";
            if (own) aliases += (aliases.empty() ? "c" : ", c") + std::to_string(c);
        }
        for (std::size_t c = 0; c < question.order; ++c)
            order += ", " + std::to_string(question.first + c + 2);
        sql += fmt::format("{}SELECT {} FROM ({}) AS __fl_q{} ({})", q == 0 ? "" : "\nUNION ALL ",
                           columns, question.select, q, aliases);
    }
    return order.empty() ? sql : sql + "\nORDER BY 1" + order;
}

std::vector<engine::Rows> AskedTogether::apart(engine::Rows rows) const {
    std::vector<engine::Rows> answers(questions_.size());
    if (questions_.size() == 1) {
        answers[0].rows = std::move(rows.rows);
        return answers;
    }
    for (const auto& row : rows.rows) {
        const auto q = static_cast<std::size_t>(std::get<std::int64_t>(row.at(0)));
        const auto begin = row.begin() + 1 + static_cast<std::ptrdiff_t>(questions_.at(q).first);
        answers[q].rows.emplace_back(begin,
                                     begin + static_cast<std::ptrdiff_t>(questions_[q].columns));
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
