#include "plugin/host.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "core/draws.h"
#include "engine/draw_sql.h"

namespace faultline::plugin {
namespace {

constexpr std::uint32_t max_index = 500;
constexpr const char* row_key = "\"__fl_key\"";

std::string normal_column(const engine::Dialect& dialect, std::uint64_t stream,
                          std::uint32_t index) {
    return fmt::format("{} AS \"__fl_n{}\"",
                       engine::normal_expression(dialect, row_key, stream, index), index);
}

Host& self_of(void* context) {
    return *static_cast<Host*>(context);
}

void check_index(std::uint32_t index) {
    if (index >= max_index)
        throw std::out_of_range(
            fmt::format("draw {}: a plugin has {} of each kind", index, max_index));
}

}  // namespace

std::string Host::uniform_column(const engine::Dialect& dialect, std::uint64_t stream,
                                 std::uint32_t index) {
    // Draw 0 of a stream is the selection's.
    return fmt::format("{} AS \"__fl_u{}\"",
                       engine::uniform_expression(dialect, row_key, stream, index + 1), index);
}

template <class F>
const char* Host::text(F f) noexcept {
    try {
        return strings_.emplace_back(f(context_.dialect)).c_str();
    } catch (...) {
        failure_ = std::current_exception();
        return "NULL";  // valid SQL, so that a plugin which ignores us fails no further
    }
}

Host::Host(Context context) : context_(std::move(context)) {
    using engine::Dialect;
    table_.size = sizeof table_;
    table_.context = this;
    table_.quote = [](void* c, const char* name) {
        return self_of(c).text([&](const Dialect& d) { return d.quote(name); });
    };
    table_.text = [](void* c, const char* value) {
        return self_of(c).text([&](const Dialect& d) { return d.literal(std::string(value)); });
    };
    table_.number = [](void* c, double value) {
        return self_of(c).text([&](const Dialect& d) { return d.literal(value); });
    };
    table_.cast = [](void* c, const char* expression, const char* type) {
        return self_of(c).text([&](const Dialect& d) { return d.cast(expression, type); });
    };
    table_.try_cast = [](void* c, const char* expression, const char* type) {
        return self_of(c).text([&](const Dialect& d) { return d.try_cast(expression, type); });
    };
    table_.differs = [](void* c, const char* a, const char* b) {
        return self_of(c).text([&](const Dialect& d) { return d.differs(a, b); });
    };
    table_.differs_as = [](void* c, const char* type, const char* a, const char* b) {
        return self_of(c).text([&](const Dialect& d) { return d.differs(type, a, b); });
    };
    table_.type_name = [](void* c, std::int32_t family) {
        return self_of(c).text([&](const Dialect& d) {
            if (family < FAULTLINE_BOOLEAN || family > FAULTLINE_OTHER)
                throw std::out_of_range(fmt::format("{} is no family of types", family));
            return d.type_for(static_cast<engine::TypeFamily>(family));
        });
    };
    table_.selected = [](void*) { return "\"__fl_selected\""; };
    table_.eligible = [](void*) { return "\"__fl_eligible\""; };
    table_.dose = [](void* c) { return self_of(c).context_.doses ? "\"__fl_dose\"" : "1"; };
    table_.key = [](void*) { return "\"__fl_key\""; };
    table_.rank = [](void*) { return "\"__fl_rank\""; };
    table_.batch = [](void*) { return "\"__fl_batch\""; };
    table_.uniform = [](void* c, std::uint32_t index) {
        auto& self = self_of(c);
        return self.text([&](const Dialect& d) {
            check_index(index);
            // A draw that costs a call is made where it is used, and so for the rows hit alone.
            if (d.draws_natively())
                return engine::uniform_expression(d, row_key, self.context_.stream, index + 1);
            self.uniforms_.insert(index);
            return fmt::format("\"__fl_u{}\"", index);
        });
    };
    table_.normal = [](void* c, std::uint32_t index) {
        return self_of(c).text([&](const Dialect&) { return self_of(c).normal(index, 1); });
    };
    table_.normal_of = [](void* c, std::uint32_t index, double deviation) {
        return self_of(c).text([&](const Dialect&) { return self_of(c).normal(index, deviation); });
    };
    table_.measure = [](void* c, const char* aggregate, double* value, int* is_null,
                        faultline_error* error) {
        return self_of(c).measure(aggregate, value, is_null, error);
    };
    table_.value = [](void* c, const char* select, const char** literal, faultline_error* error) {
        return self_of(c).value(select, literal, error);
    };
    table_.table = [](void* c, const char* select, const char** name, faultline_error* error) {
        return self_of(c).make_table(select, name, error);
    };
    table_.hold = [](void* c, const char* select, std::int64_t places, std::uint32_t* held,
                     faultline_error* error) {
        return self_of(c).hold(select, places, held, error);
    };
    table_.held_at = [](void* c, std::uint32_t held, std::uint32_t column, const char* place) {
        auto& self = self_of(c);
        return self.text([&](const Dialect&) { return self.held_at(held, column, place); });
    };
    table_.rows = [](void* c) -> std::uint32_t {
        const auto& given = self_of(c).context_;
        if (!given.first) return 0;
        return given.keyed.in_order ? FAULTLINE_ROWS_UNIQUE | FAULTLINE_ROWS_IN_ORDER
                                    : FAULTLINE_ROWS_UNIQUE;
    };
    table_.uniform_below = [](void* c, std::uint32_t index, double share) {
        auto& self = self_of(c);
        return self.text([&](const Dialect& d) {
            check_index(index);
            if (d.draws_natively())
                return engine::below_expression(d, row_key, self.context_.stream, index + 1, share);
            self.uniforms_.insert(index);
            return fmt::format("(\"__fl_u{}\" < {})", index, d.literal(share));
        });
    };
    table_.clamped = [](void* c, const char* number, const char* low, const char* high) {
        return self_of(c).text([&](const Dialect& d) { return d.clamped(number, low, high); });
    };
    table_.count = [](void* c, const char* what, std::int64_t units) {
        auto& self = self_of(c);
        try {
            self.counts_[what] += units;
        } catch (...) {
            self.failure_ = std::current_exception();
        }
    };
    table_.cancelled = [](void* c) { return self_of(c).stopped() ? 1 : 0; };
    table_.draw = [](void* c, std::int64_t unit, std::uint32_t index) {
        // Draw 0 of a stream is the selection's, as for uniform_column().
        return uniform(unit, self_of(c).context_.stream, index + 1);
    };
    table_.wait = [](void* c, double seconds) { return self_of(c).wait(seconds) ? 0 : 1; };
    table_.log = [](void* c, std::int32_t level, const char* message) {
        auto& self = self_of(c);
        try {
            if (level >= 1 && message != nullptr && self.context_.notes != nullptr)
                self.context_.notes->push_back(self.context_.prefix + message);
        } catch (...) {
            self.failure_ = std::current_exception();
        }
    };
}

std::string Host::normal(std::uint32_t index, double deviation) {
    check_index(index);
    const auto& dialect = context_.dialect;
    if (dialect.draws_natively())
        return engine::normal_expression(dialect, row_key, context_.stream, index, deviation);
    normals_.insert(index);
    const auto column = fmt::format("\"__fl_n{}\"", index);
    return deviation == 1 ? column : fmt::format("({} * {})", dialect.literal(deviation), column);
}

bool Host::stopped() const {
    return (context_.stop != nullptr && context_.stop->requested()) ||
           (context_.deadline && std::chrono::steady_clock::now() >= *context_.deadline);
}

bool Host::wait(double seconds) const {
    using Clock = std::chrono::steady_clock;
    constexpr auto look = std::chrono::milliseconds(10);
    const auto start = Clock::now();
    while (!stopped()) {
        const std::chrono::duration<double> left =
            std::chrono::duration<double>(seconds) - (Clock::now() - start);
        if (left.count() <= 0) return true;
        std::this_thread::sleep_for(std::min(left, std::chrono::duration<double>(look)));
    }
    return false;
}

std::vector<std::string> Host::drawn() const {
    std::vector<std::string> out;
    for (const auto index : uniforms_)
        out.push_back(uniform_column(context_.dialect, context_.stream, index));
    for (const auto index : normals_)
        out.push_back(normal_column(context_.dialect, context_.stream, index));
    return out;
}

void Host::rethrow() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

int Host::measure(const char* aggregate, double* value, int* is_null,
                  faultline_error* error) noexcept {
    try {
        const auto question =
            context_.dialect.cast(fmt::format("({})", aggregate),
                                  context_.dialect.type_for(engine::TypeFamily::floating));
        const auto ask = [&](const std::string& with, const std::string& from) {
            return context_.measures.get(context_.keyed.table, with + question, [&] {
                return context_.connection.query(
                    fmt::format("{} SELECT {} AS value FROM {}", with, question, from));
            });
        };
        if (context_.keyed.table.empty())
            throw Error(ErrorKind::plugin, "there is no relation to measure here");
        engine::Rows rows;
        try {
            const auto& measured = context_.keyed.measured;
            rows = ask({}, measured.empty() ? context_.keyed.table : measured);
        } catch (const Error& e) {
            // A column that an earlier fault of the stack made or renamed is only there by now.
            if (e.kind() != ErrorKind::data) throw;
            rows = ask(context_.with, context_.from);
        }
        const auto& answer = rows.rows.at(0).at(0);
        *is_null = std::holds_alternative<double>(answer) ? 0 : 1;
        *value = *is_null != 0 ? 0 : std::get<double>(answer);
        return FAULTLINE_OK;
    } catch (const std::exception& e) {
        return failed(e, error);
    }
}

bool Host::chooses(std::string_view sql) {
    const auto mentions = [&](const char* name) {
        return sql.find(name) != std::string_view::npos;
    };
    // Draws are numbered; other names of ours may begin alike.
    const auto draws = [&](std::string_view name) {
        for (auto at = sql.find(name); at != std::string_view::npos; at = sql.find(name, at + 1)) {
            const auto next = at + name.size();
            const auto end = sql.find_first_not_of("0123456789", next);
            if (end != std::string_view::npos && end > next && sql[end] == '"') return true;
        }
        return false;
    };
    return mentions("\"__fl_selected\"") || mentions("\"__fl_batch\"") ||
           mentions("\"__fl_dose\"") || draws("\"__fl_u") || draws("\"__fl_n");
}

int Host::make_table(const char* select, const char** name, faultline_error* error) noexcept {
    try {
        if (!context_.table)
            throw Error(ErrorKind::plugin, "there is no relation to make a table of");
        const auto [statement, lasting] = asked(select);
        *name = strings_.emplace_back(context_.table(statement, lasting)).c_str();
        return FAULTLINE_OK;
    } catch (const std::exception& e) {
        return failed(e, error);
    }
}

Host::Asked Host::asked(const char* select) const {
    const std::string_view text = select;
    const bool chosen = chooses(text);
    const bool trial = chosen || text.find("faultline_") != std::string_view::npos;
    return {fmt::format("{}\n{}", chosen ? context_.chosen(drawn()) : context_.received, text),
            context_.first && !trial};
}

int Host::hold(const char* select, std::int64_t places, std::uint32_t* held,
               faultline_error* error) noexcept {
    try {
        *held = 0;
        if (!context_.hold || places <= 0) return FAULTLINE_OK;
        const auto [statement, lasting] = asked(select);
        auto columns = context_.hold(statement, static_cast<std::size_t>(places), lasting);
        if (columns.empty()) return FAULTLINE_OK;
        held_.push_back(std::move(columns));
        *held = static_cast<std::uint32_t>(held_.size());
        return FAULTLINE_OK;
    } catch (const std::exception& e) {
        return failed(e, error);
    }
}

std::string Host::held_at(std::uint32_t held, std::uint32_t column,
                          const std::string& place) const {
    if (held == 0 || held > held_.size() || column >= held_[held - 1].size())
        throw std::out_of_range(
            fmt::format("column {} of what is held as {}: there is no such", column, held));
    return held_[held - 1][column]->at(place);
}

int Host::value(const char* select, const char** literal, faultline_error* error) noexcept {
    try {
        if (context_.received.empty())
            throw Error(ErrorKind::plugin, "there is no relation to look up a value in");
        const std::string_view text = select;
        const auto question = fmt::format(
            "{}\n{}", chooses(text) ? context_.chosen(drawn()) : context_.received, text);
        const auto ask = [&] { return context_.connection.query(question); };
        // What an earlier fault leaves is of this trial alone, and so not worth keeping.
        const auto rows =
            context_.first ? context_.measures.get(context_.keyed.table, question, ask) : ask();
        if (rows.schema.size() != 1 || rows.rows.size() > 1)
            throw Error(ErrorKind::plugin,
                        fmt::format("asked for one value, and got {} rows of {} columns",
                                    rows.rows.size(), rows.schema.size()));
        *literal = nullptr;
        if (rows.rows.empty() || std::holds_alternative<std::monostate>(rows.rows[0][0]))
            return FAULTLINE_OK;
        const auto* answer = std::get_if<std::string>(&rows.rows[0][0]);
        if (answer == nullptr) throw Error(ErrorKind::plugin, "asked for a value that is no text");
        *literal = strings_.emplace_back(context_.dialect.literal(*answer)).c_str();
        return FAULTLINE_OK;
    } catch (const std::exception& e) {
        return failed(e, error);
    }
}

int Host::failed(const std::exception& e, faultline_error* error) noexcept {
    if (error != nullptr) std::snprintf(error->message, sizeof error->message, "%s", e.what());
    const auto* ours = dynamic_cast<const Error*>(&e);
    if (ours != nullptr && ours->kind() == ErrorKind::cancelled)
        failure_ = std::current_exception();
    return FAULTLINE_E_FAILED;
}

}  // namespace faultline::plugin
