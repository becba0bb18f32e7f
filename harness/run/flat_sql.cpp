#include "run/flat_sql.h"

#include <fmt/format.h>

namespace faultline::run {

std::string FlatSql::free_name(NodeIndex node) {
    const auto& nodes = experiment_.workflow.pipeline;
    const std::string& plain = nodes.nodes[node].name;
    unsigned& known = names_[plain];
    if (known++ == 0) return dialect_.quote(plain);
    // Another form of the same node, as where one edge alone is perturbed.
    for (;;) {
        const std::string name = fmt::format("{}__fl_{}", plain, known++);
        if (!nodes.find(name)) return dialect_.quote(name);
    }
}

std::size_t FlatSql::part_of(NodeIndex node, const std::string& address) {
    const auto known = by_address_.find(address);
    if (known != by_address_.end()) return known->second;
    Part part;
    if (const auto step_of = relations_.step(address)) {
        part.body = step(*step_of);
        part.computed = true;
        part.step = step_of;
    } else {
        part.body = relations_.select(address);
        part.computed = part.body.starts_with("WITH");
        const std::size_t body = relations_.body(address);
        // Another form of the same node has the same names, and keeps them to itself.
        if (body > 0 && perturbed_.insert(node).second) {
            constexpr std::size_t with = 5;
            part.before = part.body.substr(with, body - with);
            part.body.erase(0, body);
        }
    }
    part.name = free_name(node);
    parts_.push_back(std::move(part));
    by_address_.emplace(address, parts_.size() - 1);
    return parts_.size() - 1;
}

void FlatSql::bind(std::string& with, NodeIndex node, const std::string& address) {
    Part& part = parts_[part_of(node, address)];
    ++part.readers;
    const std::string name = dialect_.quote(experiment_.workflow.pipeline.nodes[node].name);
    if (part.name == name) return;
    with += fmt::format("{}{} AS NOT MATERIALIZED (SELECT * FROM {})",
                        with.empty() ? "WITH " : ", ", name, part.name);
}

std::string FlatSql::step(NodeIndex node) {
    const Workflow& workflow = experiment_.workflow;
    std::string with;
    for (const NodeIndex input : workflow.dag.inputs(node))
        bind(with, input, plan_.delivered(input, node).address);
    // The line break ends a comment with which the text may close.
    return fmt::format("{} SELECT * FROM ({}\n)", with, workflow.text[node]);
}

std::string FlatSql::question(const std::vector<NodeIndex>& reads, const std::string& body) {
    std::string with;
    for (const NodeIndex node : reads) bind(with, node, plan_.handed_on(node).address);
    return with.empty() ? body : with + " " + body;
}

std::string FlatSql::relation(NodeIndex node, const std::string& address) {
    Part& part = parts_[part_of(node, address)];
    ++part.readers;
    return "SELECT * FROM " + part.name;
}

std::string FlatSql::statement(const std::string& select) const {
    std::string with;
    const auto define = [&](const std::string& name, const char* how, const std::string& body) {
        with += fmt::format("{}{} AS {}({})", with.empty() ? "WITH " : ",\n", name, how, body);
    };
    for (const Part& part : parts_) {
        if (!part.before.empty()) with += (with.empty() ? "WITH " : ",\n") + part.before;
        const bool held = part.computed && part.readers > 1;
        if (held && part.step && needed_ != nullptr && needed_->narrows(*part.step)) {
            const std::string narrow =
                dialect_.quote(experiment_.workflow.pipeline.nodes[*part.step].name +
                               fmt::format("__fl_narrow{}", &part - parts_.data()));
            define(narrow, "MATERIALIZED ", needed_->narrowed(*part.step, part.body));
            define(part.name, "NOT MATERIALIZED ", needed_->widened(*part.step, narrow));
        } else {
            define(part.name,
                   held            ? "MATERIALIZED "
                   : part.computed ? ""
                                   : "NOT MATERIALIZED ",
                   part.body);
        }
    }
    if (with.empty()) return select;
    // Names that mean something else in this part than in the list around it.
    const bool renames = select.starts_with("WITH");
    return with + "\n" + (renames ? "SELECT * FROM (" + select + "\n) AS renamed" : select);
}

}  // namespace faultline::run
