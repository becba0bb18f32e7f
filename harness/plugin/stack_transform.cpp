#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "faultline/arrow.h"
#include "plugin/answer_key.h"
#include "plugin/instance.h"
#include "plugin/stack.h"

namespace faultline::plugin {
namespace {

/// Owns a stream and releases it whatever happens.
class Stream {
  public:
    Stream() = default;
    ~Stream() {
        if (raw_.release == nullptr) return;
        try {
            raw_.release(&raw_);
        } catch (...) {  // NOLINT: a plugin's release that throws changes nothing any more
        }
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    [[nodiscard]] ArrowArrayStream* get() { return &raw_; }
    [[nodiscard]] bool empty() const { return raw_.release == nullptr; }

  private:
    ArrowArrayStream raw_{};
};

/// Name and format of every column. An engine's type may come back from Arrow as another one (a
/// UUID as text) although nobody touched it; the format says whether somebody did.
std::map<std::string, std::string> formats_of(const std::string& plugin, ArrowArrayStream* stream) {
    std::map<std::string, std::string> out;
    ArrowSchema schema{};
    const auto answer = contained(plugin, "get_schema", [&](faultline_error*) {
        return stream->get_schema == nullptr ? -1 : stream->get_schema(stream, &schema);
    });
    if (answer.code != 0 || schema.release == nullptr)
        throw Error(ErrorKind::plugin, "returned a stream without a schema");
    const bool sound =
        schema.n_children > 0 && schema.children != nullptr && schema.format != nullptr;
    for (std::int64_t i = 0; sound && i < schema.n_children; ++i) {
        const auto* child = schema.children[i];
        if (child != nullptr && child->name != nullptr && child->format != nullptr)
            out[child->name] = child->format;
    }
    contained(plugin, "release", [&](faultline_error*) {
        schema.release(&schema);
        return 0;
    });
    if (!sound) throw Error(ErrorKind::plugin, "returned a stream with a malformed schema");
    return out;
}

}  // namespace

void Stack::spell_for_arrow(std::size_t index, const Stage& stage) {
    std::string columns;
    bool any = false;
    for (std::size_t i = 0; i < visible_.size(); ++i) {
        const auto name = dialect_.quote(visible_[i].name);
        const bool target = (stage.columns[i].flags & FAULTLINE_COLUMN_TARGET) != 0;
        const bool spelt = !target && !dialect_.fits_arrow(visible_[i].type);
        any = any || spelt;
        const auto text = dialect_.type_for(engine::TypeFamily::text);
        columns += fmt::format("{}{}", columns.empty() ? "" : ", ",
                               spelt ? dialect_.cast(name, text) + " AS " + name : name);
    }
    if (!any) return;
    if (!hidden_.empty()) columns += ", " + list(hidden_);
    const auto spelt = name_of(fmt::format("spelt{}", index));
    expressions_.push_back(
        fmt::format("{} AS NOT MATERIALIZED (SELECT {} FROM {})", spelt, columns, last_));
    last_ = spelt;
}

void Stack::transform(std::size_t index, const Application& application, Stage& stage,
                      bool& identity) {
    ask_counts();  // of the expressions that end here
    const auto& fault = *application.fault;
    const auto& plugin = fault.plugin();
    std::vector<std::string> draws;
    for (unsigned u = 0; u < plugin.about().uniforms; ++u)
        draws.push_back(Host::uniform_column(dialect_, application.stream, u));
    if (plugin.about().doses_rows && !fault.doses_rows())
        draws.push_back(fmt::format("{} AS \"__fl_dose\"", dialect_.literal(1.0)));
    // What nobody after it needs need not come along; the key always does.
    if (index == last_acting_) {
        std::erase_if(stage.hidden, [](const std::string& name) { return name != "__fl_key"; });
        stage.hidden_names = {stage.hidden.empty() ? nullptr : stage.hidden[0].c_str()};
        stage.relation.hidden = stage.hidden_names.data();
        stage.relation.hidden_count = stage.hidden.size();
    }
    spell_for_arrow(index, stage);
    expressions_.push_back(stage_body(stage, index, draws));
    const auto rows_before = rows_of(stage.from);

    Stream in, out;
    connection_.export_arrow(fmt::format("{} SELECT * FROM {}", with(), stage.from), in.get());
    const auto formats_before = formats_of(plugin.about().name, in.get());
    const Instance instance(plugin, fault.params());
    Host host(host_context(index, application, stage));
    const faultline_call call{sizeof(faultline_call), application.severity, host.table()};
    const auto answer = contained(plugin.about().name, "transform", [&](faultline_error* error) {
        return plugin.table().transform(instance.raw(), &stage.relation, &call, in.get(), out.get(),
                                        error);
    });
    host.rethrow();
    require_ok(answer, fault, site_.site.node);
    if (out.empty()) throw Error(ErrorKind::plugin, "transform returned no stream");
    const auto formats_after = formats_of(plugin.about().name, out.get());

    const auto table = scratch_table_();
    try {
        // Of the hidden columns only what a later fault needs is worth storing.
        connection_.import_arrow(table, out.get(), [&](const std::string& name) {
            return !name.starts_with("__fl_") ||
                   (index < last_acting_ && std::find(stage.hidden.begin(), stage.hidden.end(),
                                                      name) != stage.hidden.end());
        });
    } catch (const Error& e) {
        if (e.kind() == ErrorKind::cancelled) throw;
        throw Error(ErrorKind::plugin,
                    fmt::format("returned data that cannot be read: {}", e.what()));
    }
    made_.push_back(table);
    expressions_.clear();
    last_ = table;

    const auto before = visible_;
    take_schema(connection_.describe(fmt::format("SELECT * FROM {}", table)), stage, false);
    std::string columns = list(names_of(visible_));
    bool lossy = false;
    for (auto& column : visible_) {
        const auto old = position_of(before, column.name);
        if (old == before.size() || before[old].name != column.name ||
            before[old].type == column.type)
            continue;
        const auto format = formats_before.find(column.name);
        if (format == formats_before.end() || formats_after.at(column.name) != format->second)
            continue;
        column = before[old];
        lossy = true;
    }
    if (lossy) {
        columns.clear();
        for (const auto& column : visible_)
            columns += fmt::format("{}{} AS {}", columns.empty() ? "" : ", ",
                                   dialect_.cast(dialect_.quote(column.name), column.type),
                                   dialect_.quote(column.name));
        if (!hidden_.empty()) columns += ", " + list(hidden_);
        last_ = name_of(fmt::format("out{}", index));
        expressions_.push_back(
            fmt::format("{} AS NOT MATERIALIZED (SELECT {} FROM {})", last_, columns, table));
    }

    identity = host.counts().contains("identity");
    auto key = answer_key_from(host.counts());
    const auto rows_after = rows_of(last_);
    if (rows_after - rows_before != key.rows_added - key.rows_removed)
        throw Error(ErrorKind::plugin,
                    fmt::format("turned {} rows into {} and counted {} added, {} removed",
                                rows_before, rows_after, key.rows_added, key.rows_removed));
    take_count(index, application, std::move(key));
}

}  // namespace faultline::plugin
