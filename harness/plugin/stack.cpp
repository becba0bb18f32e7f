#include "plugin/stack.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "plugin/answer_key.h"
#include "plugin/instance.h"

namespace faultline::plugin {
namespace {

std::string selected_column(std::size_t index) {
    return fmt::format("__fl_s{}", index);
}

std::string batch_column(std::size_t index) {
    return fmt::format("__fl_b{}", index);
}

std::string eligible_column(std::size_t index) {
    return fmt::format("__fl_e{}", index);
}

std::string dose_column(std::size_t index) {
    return fmt::format("__fl_d{}", index);
}

bool is_hidden(const std::string& name) {
    return name.starts_with("__fl_");
}

engine::TypeFamily family_of_hidden(const std::string& name) {
    if (name.starts_with("__fl_s") || name.starts_with("__fl_e"))
        return engine::TypeFamily::boolean;
    return name.starts_with("__fl_d") ? engine::TypeFamily::floating : engine::TypeFamily::integer;
}

std::string expression(const std::string& name, const std::string& select) {
    // Lines of its own: a plugin's text may end in a comment.
    return fmt::format("{} AS NOT MATERIALIZED (\n{}\n)", name, select);
}

}  // namespace

Stack::Stack(engine::Connection& connection, const engine::Dialect& dialect, const KeyedSite& site,
             Measures& measures, const std::function<std::string()>& scratch_table,
             const StopFlag* stop)
    : connection_(connection),
      dialect_(dialect),
      site_(site),
      measures_(measures),
      scratch_table_(scratch_table),
      stop_(stop),
      visible_(site.site.columns) {}

Stack::~Stack() {
    // A deadline that has passed would stop this, too.
    if (!made_.empty()) connection_.stop_when({});
    for (const auto& table : made_) {
        try {
            connection_.execute(dialect_.drop_table(table));
        } catch (...) {  // NOLINT: we are here because of a worse failure, which is on its way
        }
    }
}

void Stack::start(const std::vector<Hit>& hits) {
    last_ = name_of("start");
    hidden_ = {"__fl_key", "__fl_rank"};
    auto columns = list(names_of(visible_)) + ", " + list(hidden_);
    const auto add = [&](const std::string& sql, const std::string& name) {
        if (sql.empty()) return;
        columns += fmt::format(", {} AS {}", sql, dialect_.quote(name));
        hidden_.push_back(name);
    };
    for (std::size_t i = 0; i < hits.size(); ++i) {
        if (!hits[i].selected.empty()) last_acting_ = i;
        add(hits[i].selected, selected_column(i));
        add(hits[i].batch, batch_column(i));
        add(hits[i].eligible, eligible_column(i));
        add(hits[i].dose, dose_column(i));
    }
    expressions_.push_back(
        expression(last_, fmt::format("SELECT {} FROM {}", columns, site_.table)));
}

Stack::Stage Stack::open_stage(std::size_t index, const Application& application,
                               const std::vector<std::string>& targets) const {
    const auto& about = application.fault->plugin().about();
    Stage stage;
    stage.from = name_of(fmt::format("in{}", index));
    for (const auto& name : hidden_)
        if (name != selected_column(index) && name != batch_column(index) &&
            name != eligible_column(index) && name != dose_column(index))
            stage.hidden.push_back(name);
    const auto& site = site_.site;
    const auto is_one_of = [](const std::vector<std::string>& names, const std::string& name,
                              const engine::Schema& all) {
        return std::any_of(names.begin(), names.end(), [&](const std::string& candidate) {
            const auto at = position_of(all, candidate);
            return at < all.size() && all[at].name == name;
        });
    };
    for (const auto& column : visible_) {
        faultline_column out{sizeof(faultline_column), column.name.c_str(), column.type.c_str(),
                             static_cast<std::int32_t>(column.family), 0};
        if (std::find(targets.begin(), targets.end(), column.name) != targets.end() &&
            is_accepted(column.family, about.accepts))
            out.flags |= FAULTLINE_COLUMN_TARGET;
        if (is_one_of(site.key, column.name, visible_)) out.flags |= FAULTLINE_COLUMN_KEY;
        if (!site.batch.empty() && is_one_of({site.batch}, column.name, visible_))
            out.flags |= FAULTLINE_COLUMN_BATCH;
        stage.columns.push_back(out);
    }
    for (const auto& name : stage.hidden) stage.hidden_names.push_back(name.c_str());
    return stage;
}

std::string Stack::stage_body(const Stage& stage, std::size_t index,
                              const std::vector<std::string>& draws) const {
    auto columns = list(names_of(visible_)) + ", " + list(stage.hidden);
    columns += fmt::format(", {} AS \"__fl_selected\"", dialect_.quote(selected_column(index)));
    const bool batches =
        std::find(hidden_.begin(), hidden_.end(), batch_column(index)) != hidden_.end();
    if (batches)
        columns += fmt::format(", {} AS \"__fl_batch\"", dialect_.quote(batch_column(index)));
    if (std::find(hidden_.begin(), hidden_.end(), dose_column(index)) != hidden_.end())
        columns += fmt::format(", {} AS \"__fl_dose\"", dialect_.quote(dose_column(index)));
    for (const auto& draw : draws) columns += ", " + draw;
    return expression(stage.from, fmt::format("SELECT {} FROM {}", columns, last_));
}

AnswerKey Stack::apply(std::size_t index, const Application& application,
                       const std::vector<std::string>& targets) {
    const auto& plugin = application.fault->plugin();
    auto stage = open_stage(index, application, targets);
    stage.relation = {sizeof(faultline_relation), site_.site.node.c_str(),  stage.from.c_str(),
                      stage.columns.data(),       stage.columns.size(),     site_.rows,
                      stage.hidden_names.data(),  stage.hidden_names.size()};
    // Earlier faults may have taken all of its columns away; then there is nothing for it to do.
    const bool aims = !application.fault->selection().columns.empty();
    if (aims && std::none_of(stage.columns.begin(), stage.columns.end(), [](const auto& c) {
            return (c.flags & FAULTLINE_COLUMN_TARGET) != 0;
        }))
        return {};
    const auto lacks = [&](const std::string& name) {
        return std::find(hidden_.begin(), hidden_.end(), name) == hidden_.end();
    };
    if (lacks(selected_column(index)) ||
        (application.fault->doses_rows() && lacks(dose_column(index))))
        throw Error(
            ErrorKind::plugin,
            fmt::format(
                "{}: an earlier fault of the stack dropped the hidden columns that {} needs",
                site_.site.node, application.fault->id()),
            site_.site.node);

    const auto before = visible_;
    const bool transforms = plugin.about().has_transform &&
                            (!plugin.about().has_rewrite || application.prefer_transform);
    return as_of(application, [&] {
        bool identity = false;
        if (transforms)
            transform(index, application, stage, identity);
        else
            rewrite(index, application, stage, identity);
        AnswerKey key;
        compare_schemas(before, visible_, key);
        key.expected_any = !identity;
        if (plugin.about().keeps_schema && before != visible_)
            throw Error(ErrorKind::plugin, "says that it keeps the schema, and changed it");
        return key;
    });
}

template <class Work>
auto Stack::as_of(const Application& application, Work work) const -> decltype(work()) {
    try {
        return work();
    } catch (const Error& e) {
        const auto& about = application.fault->plugin().about();
        if (!e.node().empty() || !e.problems().empty() || e.kind() == ErrorKind::cancelled) throw;
        throw Error(e.kind(),
                    fmt::format("plugin {} on {}: {}", about.name, site_.site.node, e.what()),
                    site_.site.node);
    }
}

void Stack::count(std::vector<AnswerKey>& keys) {
    ask_counts();
    for (auto& [index, counted] : counted_) {
        AnswerKey& key = keys[index];
        key.rows_added = counted.rows_added;
        key.rows_removed = counted.rows_removed;
        key.rows_changed = counted.rows_changed;
        key.calls = counted.calls;
        key.records = counted.records;
        key.bytes = counted.bytes;
        key.cells = std::move(counted.cells);
    }
    counted_.clear();
}

void Stack::take_count(std::size_t index, const Application& application, AnswerKey counted) {
    if (application.fault->plugin().about().keeps_rows &&
        counted.rows_added + counted.rows_removed > 0)
        throw Error(ErrorKind::plugin, "says that it keeps the rows, and added or removed some");
    counted_[index] = std::move(counted);
}

void Stack::ask_counts() {
    // What orders joins looks at every set of a few relations, though these are of one row each.
    constexpr std::size_t most = 5;
    const auto all = std::exchange(pending_, {});
    for (std::size_t first = 0; first < all.size(); first += most) {
        const std::vector<Count> some(
            all.begin() + static_cast<std::ptrdiff_t>(first),
            all.begin() + static_cast<std::ptrdiff_t>(std::min(first + most, all.size())));
        if (some.size() > 1 && ask_together(some)) continue;
        for (const Count& count : some) as_of(*count.application, [&] { ask_alone(count); });
    }
}

bool Stack::ask_together(const std::vector<Count>& pending) {
    static const std::string next = "__fl_next";
    // What is defined for the last is what is defined for those before it, and more. Each count is
    // defined by itself: side by side in one FROM a count could read its neighbours' columns.
    std::string with = pending.back().with, columns, from;
    for (const Count& count : pending) {
        const auto name = name_of(fmt::format("count{}", count.index));
        with += ",\n" + expression(name, count.select);
        if (!from.empty()) {
            columns += fmt::format(", NULL AS {}, ", dialect_.quote(next));
            from += ", ";
        }
        columns += name + ".*";
        from += name;
    }
    engine::Rows all;
    try {
        // Of one row each; where a plugin's count has many, so few of all pairs are enough to see.
        all = connection_.query(fmt::format("{} SELECT {} FROM {} LIMIT 2", with, columns, from));
    } catch (const Error& e) {
        // Whose fault it is can only be told by asking each alone.
        if (e.kind() == ErrorKind::cancelled) throw;
        return false;
    }
    if (all.rows.size() != 1) return false;
    auto at = all.schema.begin();
    for (const Count& count : pending) {
        const auto end = std::find_if(at, all.schema.end(),
                                      [](const auto& column) { return column.name == next; });
        engine::Rows own;
        const auto from_place = at - all.schema.begin(), to_place = end - all.schema.begin();
        own.schema.assign(at, end);
        own.rows.emplace_back(all.rows[0].begin() + from_place, all.rows[0].begin() + to_place);
        as_of(*count.application,
              [&] { take_count(count.index, *count.application, answer_key_from(own)); });
        at = end == all.schema.end() ? end : end + 1;
    }
    return true;
}

void Stack::ask_alone(const Count& count) {
    const auto question = fmt::format("{} SELECT * FROM (\n{}\n)", count.with, count.select);
    engine::Rows counted;
    try {
        counted = connection_.query(question);
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::data) throw;
        check_binds(question);
        throw;
    }
    take_count(count.index, *count.application, answer_key_from(counted));
}

void Stack::rewrite(std::size_t index, const Application& application, Stage& stage,
                    bool& identity) {
    const auto& fault = *application.fault;
    const auto& name = fault.plugin().about().name;
    const Instance instance(fault.plugin(), fault.params());
    Host host(host_context(index, application, stage));
    const faultline_call call{sizeof(faultline_call), application.severity, host.table()};
    faultline_rewrite out{sizeof(faultline_rewrite), nullptr, nullptr, 0};
    const auto answer = contained(name, "rewrite", [&](faultline_error* error) {
        return fault.plugin().table().rewrite(instance.raw(), &stage.relation, &call, &out, error);
    });
    host.rethrow();
    require_ok(answer, fault, site_.site.node);
    if (out.select == nullptr || out.answer_key == nullptr)
        throw Error(ErrorKind::plugin, "rewrite returned no SQL");
    identity = out.identity != 0;

    // Only now is it known which draws it wants to read.
    auto asked = host.drawn();
    const bool some =
        std::find(hidden_.begin(), hidden_.end(), eligible_column(index)) != hidden_.end();
    asked.push_back(fmt::format("{} AS \"__fl_eligible\"",
                                some ? dialect_.quote(eligible_column(index)) : "TRUE"));
    // Where the unit is none, nothing is in a batch. (A transform has no use for such a column.)
    if (std::find(hidden_.begin(), hidden_.end(), batch_column(index)) == hidden_.end())
        asked.push_back(dialect_.cast("NULL", dialect_.type_for(engine::TypeFamily::integer)) +
                        " AS \"__fl_batch\"");
    expressions_.push_back(stage_body(stage, index, asked));
    const auto with_stage = with();
    const auto made = name_of(fmt::format("out{}", index));
    expressions_.push_back(expression(made, out.select));
    last_ = made;
    take_schema(schema_of(made, out.select, stage, application.stream), stage, true);
    pending_.push_back({index, &application, with_stage, out.answer_key});
}

engine::Schema Stack::schema_of(const std::string& made, const std::string& select,
                                const Stage& stage, std::uint64_t stream) {
    std::string question = "columns of " + select;
    const auto forget = [&](const std::string& name) {
        for (auto at = question.find(name); at != std::string::npos; at = question.find(name, at))
            question.replace(at, name.size(), "#");
    };
    for (const auto& table : made_) forget(table);
    for (const auto& column : held_) forget(column->mark());
    forget(std::to_string(stream));
    question += "\nlooking up" + looked_up_ + "\nover";
    for (const auto& column : visible_) question += '\n' + column.name + ' ' + column.type;
    for (const auto& name : stage.hidden) question += '\n' + name;
    // Of no one table: the columns of what it reads say it all.
    const auto known = measures_.get("", question, [&]() -> engine::Rows {
        try {
            return {connection_.describe(fmt::format("{} SELECT * FROM {}", with(), made)), {}};
        } catch (const Error& e) {
            if (e.kind() != ErrorKind::data) throw;
            throw Error(ErrorKind::plugin, fmt::format("its SELECT does not bind: {}", e.what()));
        }
    });
    return known.schema;
}

void Stack::check_binds(const std::string& answer_key) {
    try {
        connection_.describe(answer_key);
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::data) throw;
        throw Error(ErrorKind::plugin, fmt::format("its answer key does not bind: {}", e.what()));
    }
}

void Stack::take_schema(const engine::Schema& schema, const Stage& stage, bool hidden_required) {
    engine::Schema visible;
    std::vector<std::string> hidden;
    for (const auto& column : schema) {
        if (!is_hidden(column.name)) {
            if (position_of(visible, column.name) < visible.size())
                throw Error(ErrorKind::plugin,
                            fmt::format("returned two columns named {}", column.name));
            visible.push_back(column);
        } else if (std::find(stage.hidden.begin(), stage.hidden.end(), column.name) !=
                   stage.hidden.end()) {
            if (column.family != family_of_hidden(column.name))
                throw Error(ErrorKind::plugin, fmt::format("returned the hidden column {} as a {}",
                                                           column.name, column.type));
            hidden.push_back(column.name);
        }
    }
    if (visible.empty()) throw Error(ErrorKind::plugin, "returned no column");
    if (hidden_required && hidden.size() < stage.hidden.size())
        throw Error(ErrorKind::plugin,
                    fmt::format("dropped the hidden columns (it must pass on {})",
                                fmt::join(stage.hidden, ", ")));
    visible_ = std::move(visible);
    hidden_ = std::move(hidden);
}

Host::Context Stack::host_context(std::size_t index, const Application& application,
                                  const Stage& stage) {
    const auto& name = application.fault->plugin().about().name;
    Host::Context context{
        connection_, dialect_, site_, measures_, application.stream,
        with(),      last_,    stop_, &notes_,   fmt::format("{} on {}: ", name, site_.site.node)};
    context.doses = application.fault->doses_rows();
    // What a transform reads is defined by now, and it asks for no values.
    if (!expressions_.empty() && expressions_.back().starts_with(stage.from + " AS NOT"))
        return context;
    context.table = [this](const std::string& statement, bool lasting) {
        return table_of(statement, lasting);
    };
    // The first fault receives the relation as it is, whatever its stream hits.
    context.first = last_ == name_of("start");
    if (site_.held)
        context.hold = [this, first = context.first](const std::string& statement,
                                                     std::size_t places, bool lasting) {
            return held_of(statement, places, first, lasting);
        };
    // Behind a transform there is a table, and no expression yet.
    const auto before = expressions_.empty() ? "WITH " : with() + ",\n";
    context.chosen = [this, before, &stage, index](const std::vector<std::string>& draws) {
        return before + stage_body(stage, index, draws);
    };
    auto columns = list(names_of(visible_));
    for (const auto& kept : hidden_)
        if (kept == "__fl_key" || kept == "__fl_rank") columns += ", " + dialect_.quote(kept);
    context.received = (context.first ? "WITH " : before) +
                       expression(stage.from, fmt::format("SELECT {} FROM {}", columns,
                                                          context.first ? site_.table : last_));
    return context;
}

std::string Stack::table_of(const std::string& statement, bool lasting) {
    const auto make = [&] {
        auto name = scratch_table_();
        connection_.execute(dialect_.create_table_as(name, statement));
        return name;
    };
    if (lasting && site_.tables)
        return site_.tables->get(statement, make, [&] { connection_.check_stop(); });
    auto& name = made_.emplace_back(make());
    // A name of this trial's says nothing of what it has for columns.
    for (const auto& column : connection_.describe("SELECT * FROM " + name))
        looked_up_ += '\n' + column.name + ' ' + column.type;
    return name;
}

engine::HeldColumns Stack::held_of(const std::string& statement, std::size_t places, bool first,
                                   bool lasting) {
    const auto make = [&](std::size_t most) { return connection_.hold(statement, places, most); };
    // What an earlier fault leaves is of this trial alone, and so not worth keeping.
    auto held = first ? site_.held->get(fmt::format("{} {}\n{}", site_.table, places, statement),
                                        lasting, make, [&] { connection_.check_stop(); })
                      : HeldTables::Held{make(site_.held->most()), false};
    held_.insert(held_.end(), held.columns.begin(), held.columns.end());
    holds_own_ = holds_own_ || (!held.columns.empty() && !(lasting && held.kept));
    return std::move(held.columns);
}

Perturbed Stack::finish(std::vector<AnswerKey> keys) {
    Perturbed out;
    out.columns = visible_;
    out.answer_keys = std::move(keys);
    if (!expressions_.empty()) out.select = with() + "\n";
    out.body = out.select.size();
    out.select += fmt::format("SELECT {} FROM {}", list(names_of(visible_)),
                              last_.empty() ? site_.table : last_);
    out.made = std::exchange(made_, {});
    out.held = std::move(held_);
    out.holds_own = holds_own_;
    out.notes = std::move(notes_);
    return out;
}

std::string Stack::name_of(const std::string& what) const {
    const std::string& tag = site_.site.tag;
    return fmt::format("\"__fl_{}{}{}\"", tag, tag.empty() ? "" : "_", what);
}

std::string Stack::with() const {
    return expressions_.empty() ? "" : fmt::format("WITH {}", fmt::join(expressions_, ",\n"));
}

std::string Stack::list(const std::vector<std::string>& names) const {
    std::vector<std::string> quoted;
    for (const auto& name : names) quoted.push_back(dialect_.quote(name));
    return fmt::format("{}", fmt::join(quoted, ", "));
}

std::int64_t Stack::rows_of(const std::string& relation) {
    const auto rows =
        connection_.query(fmt::format("{} SELECT count(*) FROM {}", with(), relation));
    return std::get<std::int64_t>(rows.rows.at(0).at(0));
}

}  // namespace faultline::plugin
