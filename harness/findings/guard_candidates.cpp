#include "findings/guard_candidates.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/names.h"

namespace faultline::findings {
namespace {

constexpr double gone = std::numeric_limits<double>::infinity();

bool starts_with(const std::string& text, const char* prefix) {
    return text.rfind(prefix, 0) == 0;
}

bool is_moment_type(const std::string& type) {
    return starts_with(type, "DATE") || starts_with(type, "TIMESTAMP");
}

Excess excess_of(double value, double base, bool open_above) {
    if (!std::isfinite(value)) return {gone, gone};
    return {std::max(0.0, base - value), open_above ? 0 : std::max(0.0, value - base)};
}

/// Builds the candidates of one run.
class Maker {
  public:
    Maker(const Evidence& evidence, const Profiles& profiles) : profiles_(profiles) {
        for (const auto& node : evidence.pipeline.nodes)
            for (const auto& column : node.key) identifiers_.insert(model::fold_case(column));
        for (std::size_t n = 0; n < profiles.nodes.size(); ++n) {
            const auto place = evidence.pipeline.find(profiles.nodes[n]->node);
            look_at(n, place ? evidence.pipeline.nodes[*place].key : std::vector<std::string>{});
        }
    }
    std::vector<Candidate> take() && { return std::move(made_); }

  private:
    void look_at(std::size_t node, const std::vector<std::string>& key) {
        schema(node);
        const double rows = profiles_.in_base({node, {}, "rows"}).value_or(0);
        banded("row_count", {node, {}, "rows"}, 1, std::max(1.0, 0.01 * rows));
        if (profiles_.in_base({node, {}, "repeated"}) == 0.0 && !key.empty())
            strict("unique", {node, {}, "repeated"}, 2, key);
        const auto& columns = profiles_.nodes[node]->columns;
        for (std::size_t c = 0; c < columns.size(); ++c) look_at_column(node, c, columns[c]);
    }

    void look_at_column(std::size_t node, std::size_t c, const journal::ColumnProfile& column) {
        if (profiles_.in_base({node, c, "nulls"}) == 0.0) {
            strict("not_null", {node, c, "nulls"}, 1);
        } else {
            banded("null_rate", {node, c, "null_rate"}, 1, 0.005);
        }
        if (!column.values.empty()) strict("accepted_values", {node, c, "unknown"}, 1);
        for (const auto& [name, number] : column.numbers)
            if (starts_with(name, "orphans:") && number == 0) refers(node, c, name);
        const double distinct = profiles_.in_base({node, c, "distinct"}).value_or(0);
        if (distinct > 0)
            banded("distinct", {node, c, "distinct"}, 2.5, std::max(0.5, 0.01 * distinct));
        if (is_moment_type(column.type)) fresh(node, c, distinct);
        // The mean of an identifier says nothing to anybody.
        if (!profiles_.in_base({node, c, "mean"}) ||
            identifiers_.contains(model::fold_case(column.name)))
            return;
        const double spread = profiles_.in_base({node, c, "std"}).value_or(0);
        const double mean = profiles_.in_base({node, c, "mean"}).value_or(0);
        const double least = std::max(0.02 * spread, 1e-9 * std::abs(mean));
        banded("mean", {node, c, "mean"}, 1.2, least);
        banded("std", {node, c, "std"}, 1.5, std::max(0.02 * spread, 1e-9 * std::abs(mean)));
        for (const char* quantile : {"q05", "q25", "q50", "q75", "q95"})
            banded("quantile", {node, c, quantile}, 3, least);
        range(node, c);
    }

    void schema(std::size_t node) {
        Candidate made;
        made.kind = "columns";
        made.statistic = {node, {}, ""};
        made.cost = 0.5;
        made.strict = true;
        for (std::size_t t = 0; t < profiles_.records.size(); ++t)
            made.trials.push_back({0, static_cast<double>(profiles_.broken_columns(t, node))});
        keep(std::move(made));
    }

    void strict(const char* kind, Statistic statistic, double cost,
                const std::vector<std::string>& key = {}) {
        Candidate made;
        made.kind = kind;
        made.key = key;
        made.statistic = std::move(statistic);
        made.cost = cost;
        made.strict = true;
        fill_trials(made);
        keep(std::move(made));
    }

    void refers(std::size_t node, std::size_t c, const std::string& name) {
        const std::string target = name.substr(std::string("orphans:").size());
        Candidate made;
        made.kind = "relationships";
        made.statistic = {node, c, name};
        made.field = target.substr(target.rfind('.') + 1);
        made.to = target.substr(0, target.rfind('.'));
        made.cost = 2.5;
        made.strict = true;
        fill_trials(made);
        keep(std::move(made));
    }

    void banded(const char* kind, Statistic statistic, double cost, double floor) {
        const auto base = profiles_.in_base(statistic);
        if (!base || !std::isfinite(*base)) return;
        Candidate made;
        made.kind = kind;
        made.statistic = std::move(statistic);
        made.cost = cost;
        made.floor = floor;
        made.base = made.base_low = made.base_high = *base;
        fill_trials(made);
        std::vector<double> without;
        double mean = 0;
        for (std::size_t g = 0; g < profiles_.parts(); ++g) {
            without.push_back(profiles_.without_part(g, made.statistic).value_or(*base));
            mean += without.back() / static_cast<double>(profiles_.parts());
        }
        for (const double value : without) {
            const double moved =
                std::sqrt(2.0 * static_cast<double>(without.size() - 1)) * (value - mean);
            made.parts.push_back(excess_of(*base + moved, *base, false));
        }
        keep(std::move(made));
    }

    void fresh(std::size_t node, std::size_t c, double distinct) {
        Candidate made;
        made.kind = "freshness";
        made.statistic = {node, c, "max"};
        made.cost = 1;
        made.open_above = true;
        const auto last = profiles_.in_base(made.statistic);
        const auto first = profiles_.in_base({node, c, "min"});
        if (!last || !first || distinct < 2) return;
        // One batch late is every day's life: the spacing of values, and a half for irregular ones.
        made.floor = 1.5 * (*last - *first) / (distinct - 1);
        made.base = made.base_low = made.base_high = *last;
        fill_trials(made);
        keep(std::move(made));
    }

    void range(std::size_t node, std::size_t c) {
        const Statistic low{node, c, "min"}, high{node, c, "max"};
        const auto base_low = profiles_.in_base(low), base_high = profiles_.in_base(high);
        if (!base_low || !base_high || !std::isfinite(*base_high - *base_low)) return;
        Candidate made;
        made.kind = "range";
        made.statistic = {node, c, "range"};
        made.cost = 1;
        made.base_low = *base_low;
        made.base_high = *base_high;
        made.floor = std::max(0.05 * (*base_high - *base_low), 1e-9 * std::abs(*base_high));
        for (std::size_t t = 0; t < profiles_.records.size(); ++t) {
            const auto lowest = profiles_.in_trial(t, low), highest = profiles_.in_trial(t, high);
            Excess excess;
            if (lowest) excess.below = std::max(0.0, *base_low - *lowest);
            if (highest) excess.above = std::max(0.0, *highest - *base_high);
            if (profiles_.lacks(t, made.statistic) || std::isnan(excess.below + excess.above))
                excess = {gone, gone};
            made.trials.push_back(excess);
        }
        for (std::size_t g = 0; g < profiles_.parts(); ++g)
            made.parts.push_back(
                {std::abs(profiles_.without_part(g, low).value_or(*base_low) - *base_low),
                 std::abs(profiles_.without_part(g, high).value_or(*base_high) - *base_high)});
        keep(std::move(made));
    }

    /// A column that is gone makes the check's own SQL fail, which counts as fired. Of one that has
    /// another type nothing is known: it is taken for not noticed.
    void fill_trials(Candidate& made) const {
        for (std::size_t t = 0; t < profiles_.records.size(); ++t) {
            const auto value = profiles_.in_trial(t, made.statistic);
            if (profiles_.lacks(t, made.statistic)) {
                made.trials.push_back({gone, gone});
            } else if (value) {
                made.trials.push_back(made.strict ? Excess{0, std::max(0.0, *value)}
                                                  : excess_of(*value, made.base, made.open_above));
            } else {
                made.trials.push_back(emptied(t, made) ? Excess{gone, gone} : Excess{});
            }
        }
    }

    /// A mean, a maximum, a share of no rows at all is NULL, and a guard on it fires.
    [[nodiscard]] bool emptied(std::size_t trial, const Candidate& made) const {
        return !made.strict && profiles_.in_trial(trial, {made.statistic.node, {}, "rows"}) == 0.0;
    }

    void keep(Candidate made) {
        const bool any = std::any_of(made.trials.begin(), made.trials.end(),
                                     [](const Excess& e) { return e.below > 0 || e.above > 0; });
        if (any) made_.push_back(std::move(made));
    }

    const Profiles& profiles_;
    std::set<std::string> identifiers_;
    std::vector<Candidate> made_;
};

}  // namespace

std::vector<Candidate> guard_candidates(const Evidence& evidence, const Profiles& profiles) {
    return Maker(evidence, profiles).take();
}

}  // namespace faultline::findings
