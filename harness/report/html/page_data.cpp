#include "report/html/page_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report/display_text.h"
#include "report/html/heat_map.h"
#include "report/numbers.h"
#include "report/outcomes.h"
#include "report/phrases.h"
#include "report/ranking_story.h"
#include "report/silent_story.h"

namespace faultline::report::html {
namespace {

using findings::Json;

Json finite_or_null(const std::optional<double>& value) {
    if (!value || !std::isfinite(*value)) return nullptr;
    // Six digits are more than a page shows, and a third of the bytes.
    return std::stod(fmt::format("{:.6g}", *value));
}

/// The nodes by name, and what is said of each.
class DataBuilder {
  public:
    explicit DataBuilder(const findings::Result& result) : result_(result) {
        for (const auto& node : result.structure.nodes) index_.emplace(node.name, index_.size());
        for (const auto& ranked : result.ranking) ranked_.emplace(ranked.node, &ranked);
    }

    Json build() {
        return {{"nodes", nodes()},
                {"edges", edges()},
                {"travel", travels()},
                {"heat", heat()},
                {"doses", doses()}};
    }

  private:
    Json nodes() {
        std::map<std::string, Json> faults, checks, guards;
        for (const auto& perturbation : result_.perturbations)
            push(faults, perturbation.node, fault(perturbation));
        for (const auto& check : result_.checks) push(checks, check.node, this->check(check));
        for (const auto& guard : result_.guards.proposed)
            push(guards, guard.node,
                 {{"text", shown(guard.text)}, {"check", pasteable(guard.check)}});
        Json all = Json::array();
        for (const auto& node : result_.structure.nodes) {
            Json story = {{"name", shown(node.name)},
                          {"kind", node.kind},
                          {"owner", shown(node.owner)},
                          {"description", shown(node.description)},
                          {"output", node.output},
                          {"perturbed", node.perturbed},
                          {"damage", finite_or_null(node.damage)},
                          {"unbounded", node.unbounded},
                          {"blast", {node.blast_nodes, node.blast_outputs}},
                          {"teams", shown(listed(node.blast_owners, 8))},
                          {"points", shown(listed(node.single_point_for, 8))},
                          {"faults", taken(faults, node.name)},
                          {"checks", taken(checks, node.name)},
                          {"guards", taken(guards, node.name)}};
            if (const auto ranked = ranked_.find(node.name); ranked != ranked_.end()) {
                story["interval"] = interval_text(*ranked->second);
                story["does"] = shown(ranking_details(result_, *ranked->second));
                story["outcomes"] = outcomes_text(ranked->second->outcomes);
                story["silent"] = number_of(ranked->second->outcomes, "silent");
                story["broken"] = broken(ranked->second->outcomes);
            }
            all.push_back(std::move(story));
        }
        return all;
    }

    static void push(std::map<std::string, Json>& into, const std::string& node, Json item) {
        auto [at, fresh] = into.emplace(node, Json::array());
        at->second.push_back(std::move(item));
    }
    static Json taken(std::map<std::string, Json>& from, const std::string& node) {
        const auto found = from.find(node);
        return found == from.end() ? Json::array() : std::move(found->second);
    }

    [[nodiscard]] Json fault(const findings::PerturbationResult& perturbation) const {
        Json item = {{"id", shown(perturbation.id)},
                     {"plugin", shown(perturbation.plugin)},
                     {"outcomes", outcomes_text(perturbation.outcomes)}};
        for (const auto& silent : result_.silent)
            if (silent.perturbation == perturbation.id) {
                item["does"] = shown(what_it_does(silent));
                item["replay"] = replay_command(silent.worst_trial);
            }
        return item;
    }

    [[nodiscard]] Json check(const findings::CheckResult& check) const {
        std::string said = check.fired_in_base ? "fires without any fault"
                           : check.fired > 0   ? "fired in " + count(check.fired, "trial")
                                               : "noticed nothing";
        for (const auto& score : result_.check_scores.checks)
            if (score.id == check.id) {
                if (score.recall)
                    said = "catches " + percent(*score.recall) + " of what it can see";
                if (!score.remark.empty()) said += "; " + score.remark;
            }
        return {{"id", shown(check.id)}, {"said", shown(said)}};
    }

    Json edges() {
        std::map<std::pair<std::string, std::string>, const findings::EdgeDamage*> carried;
        for (const auto& edge : result_.edges) carried[{edge.from, edge.to}] = &edge;
        Json all = Json::array();
        for (const auto& [from, to] : result_.structure.edges) {
            const auto a = index_.find(from), b = index_.find(to);
            if (a == index_.end() || b == index_.end()) continue;
            Json edge = {{"from", a->second}, {"to", b->second}};
            if (const auto found = carried.find({from, to}); found != carried.end()) {
                edge["change"] = finite_or_null(found->second->change);
                edge["worst"] = shown(found->second->worst_perturbation);
            }
            all.push_back(std::move(edge));
        }
        return all;
    }

    Json travels() {
        Json all = Json::array();
        for (const auto& travel : result_.travel) {
            const auto start = index_.find(travel.node);
            if (start == index_.end()) continue;
            Json stations = Json::array();
            for (const auto& station : travel.stations) {
                const auto at = index_.find(station.node);
                if (at == index_.end() || station.differs == 0) continue;
                stations.push_back({at->second, finite_or_null(station.change), shown(station.what),
                                    finite_or_null(station.damage)});
            }
            all.push_back({{"fault", shown(travel.perturbation)},
                           {"node", start->second},
                           {"stations", std::move(stations)}});
        }
        return all;
    }

    [[nodiscard]] Json heat() const {
        const HeatMap map = heat_map(result_);
        Json metrics = Json::array(), series = Json::array(), rows = Json::array();
        for (const auto& metric : map.metrics) metrics.push_back(shown(metric));
        for (const auto& one : map.series) series.push_back({one.metric, shown(one.segment)});
        for (const auto& row : map.rows) {
            Json cells = Json::array();
            for (const auto& cell : row.cells)
                cells.push_back({cell.series, finite_or_null(cell.value), std::string(1, cell.mark),
                                 shown(cell.perturbation)});
            rows.push_back({{"node", shown(row.node)}, {"cells", std::move(cells)}});
        }
        return {{"variance", map.variance},
                {"metrics", std::move(metrics)},
                {"series", std::move(series)},
                {"rows", std::move(rows)}};
    }

    [[nodiscard]] Json doses() const {
        Json all = Json::array();
        for (const auto& dose : result_.doses) {
            Json curve = Json::array();
            for (const auto& point : dose.curve)
                curve.push_back({finite_or_null(point.severity), finite_or_null(point.damage),
                                 finite_or_null(point.low), finite_or_null(point.high),
                                 finite_or_null(point.noticed), shown(point.text), point.trials});
            all.push_back({{"fault", shown(dose.perturbation)},
                           {"node", shown(dose.node)},
                           {"metric", metric_name(dose.metric, dose.segment)},
                           {"harmful", finite_or_null(dose.harmful.severity)},
                           {"noticed", finite_or_null(dose.noticed.severity)},
                           {"by", shown(dose.noticed_by)},
                           {"binary", dose.binary},
                           {"sentence", shown(dose.sentence)},
                           {"curve", std::move(curve)}});
        }
        return all;
    }

    const findings::Result& result_;
    std::map<std::string, std::size_t> index_;
    std::map<std::string, const findings::Ranked*> ranked_;
};

}  // namespace

std::string page_data(const findings::Result& result) {
    std::string out;
    for (const char c :
         DataBuilder(result).build().dump(-1, ' ', true, Json::error_handler_t::replace)) {
        if (c == '<' || c == '>' || c == '&')
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
            out += c;
    }
    return out;
}

}  // namespace faultline::report::html
