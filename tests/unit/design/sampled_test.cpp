#include "design/sampled.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <set>

#include "core/error.h"

using namespace faultline;
using namespace faultline::design;

namespace {

Factor factor(const char* id, const char* node = "n", const char* owner = "o",
              bool reaches = true) {
    Factor made{id, true, false};
    made.node = node;
    made.owner = owner;
    made.reaches = reaches;
    return made;
}

const std::vector<Factor> three{factor("a", "x", "us"), factor("b", "y", "them"),
                                factor("c", "z", "us")};

model::DesignSpec spec_of(const std::string& method) {
    model::DesignSpec spec;
    spec.method = method;
    spec.method_stated = true;
    spec.seed = 3;
    return spec;
}

using Model = std::function<std::optional<double>(const std::map<std::string, double>&)>;
using DrawnModel = std::function<std::optional<double>(const Trial&)>;

double at(const std::map<std::string, double>& severities, const char* id) {
    const auto found = severities.find(id);
    return found == severities.end() ? 0 : found->second;
}

/// Runs a design to its end on a model with a base of 0 and a tolerance of 1.
History finish(const model::DesignSpec& spec, const std::vector<Factor>& factors,
               const DrawnModel& model, std::size_t* blocks = nullptr) {
    const auto design = make_design(spec, factors, "s.json");
    History history;
    history.base = {0};
    history.tolerance = {1};
    for (;;) {
        const auto block = design->next(history);
        CHECK(design->next(history) == block);  // a pure function of the history
        if (block.empty()) return history;
        if (blocks != nullptr) ++*blocks;
        for (const auto& trial : block) {
            CHECK(trial.number == history.trials.size());
            const auto value = model(trial);
            history.trials.push_back({trial, value ? "silent" : "crashed", {}});
            if (value) history.trials.back().metrics = {value};
        }
    }
}

History finish(const model::DesignSpec& spec, const std::vector<Factor>& factors,
               const Model& model, std::size_t* blocks = nullptr) {
    return finish(spec, factors,
                  DrawnModel([&](const Trial& trial) { return model(trial.severities); }), blocks);
}

const IndexEstimates& find(const std::vector<IndexEstimates>& all, const char* index,
                           std::size_t player) {
    for (const auto& one : all)
        if (one.index == index && one.player == player && !one.with) return one;
    FAIL("no " << index);
    return all.front();
}

std::vector<IndexEstimates> read_back(const model::DesignSpec& spec,
                                      const std::vector<Factor>& factors, const History& history) {
    const auto part = sampled_part(spec, factors, history);
    REQUIRE(part);
    std::vector<Trial> trials;
    std::vector<double> values;
    for (const auto& finished : history.trials) {
        if (finished.trial.number < part->first) continue;
        trials.push_back(finished.trial);
        values.push_back(finished.metrics.empty() ? std::nan("") : *finished.metrics[0]);
    }
    const Eigen::ArrayXXd outputs =
        Eigen::Map<const Eigen::ArrayXd>(values.data(), static_cast<Eigen::Index>(values.size()));
    return part->method.estimate(inputs_of(part->method.players, factors, trials), outputs, 0.95);
}

}  // namespace

TEST_CASE("Players are perturbations, the groups stated, or all of a node or an owner") {
    auto spec = spec_of("sobol");
    CHECK(players_of(spec, three).size() == 3);
    spec.groups = {{"c", "a"}};
    const auto stated = players_of(spec, three);
    REQUIRE(stated.size() == 2);
    CHECK(stated[0].name == "c + a");
    CHECK(stated[0].members == std::vector<std::size_t>{0, 2});
    CHECK(stated[1].name == "b");
    CHECK(groups_of(stated) == Groups{0, 0, 1});
    CHECK(columns_of(stated) == std::vector<std::size_t>{0, 2, 1});

    spec.groups.clear();
    spec.group_by = "owner";
    const auto owners = players_of(spec, three);
    REQUIRE(owners.size() == 2);
    CHECK(owners[0].name == "us");
    CHECK(owners[1].name == "b");  // a group of one is that one

    auto unseen = three;
    unseen[1].reaches = false;
    spec.group_by.clear();
    CHECK(players_of(spec, unseen).size() == 2);
}

TEST_CASE("Perturbations, nodes and owners are asked about in one sobol run") {
    // Two faults on x and one on z are ours, one on y is theirs; y = 1·a + 2·b + 3·c + 4·d.
    const std::vector<Factor> four{factor("a", "x", "us"), factor("b", "x", "us"),
                                   factor("c", "z", "us"), factor("d", "y", "them")};
    auto spec = spec_of("sobol");
    spec.group_by = model::every_level;
    spec.rows = 4096;
    CHECK(players_of(spec, four).size() == 4);
    const auto unions = unions_of(spec, four);
    REQUIRE(unions.size() == 2);  // "them" is "d" alone
    CHECK(unions[0].name == "x");
    CHECK(unions[0].members == std::vector<std::size_t>{0, 1});
    CHECK(unions[1].name == "us");
    CHECK(unions[1].members == std::vector<std::size_t>{0, 1, 2});
    auto one_node = four;
    one_node[2].node = "x";
    CHECK(unions_of(spec, one_node).size() == 1);  // an owner whose faults are all of one node
    one_node[2].reaches = false;
    CHECK(unions_of(spec, one_node)[0].members == std::vector<std::size_t>{0, 1});

    const auto history =
        finish(spec, four, Model([](const auto& s) {
                   return at(s, "a") + 2 * at(s, "b") + 3 * at(s, "c") + 4 * at(s, "d");
               }));
    CHECK(history.trials.size() == 4096 * (4 + 2 + 2));
    const auto indices = read_back(spec, four, history);
    const double shares[] = {1, 4, 9, 16, 1 + 4, 1 + 4 + 9};
    for (std::size_t player = 0; player < 6; ++player)
        for (const auto* index : {"S1", "ST"}) {
            const auto& found = find(indices, index, player).estimates;
            INFO(index << " of player " << player);
            CHECK(found.estimate(0) == Approx(shares[player] / 30).margin(0.02));
        }
    // Moved together, what they do adds up: a mean of |1·Δa + 2·Δb + 3·Δc| is above each one's.
    CHECK(find(indices, "change", 5).estimates.estimate(0) >
          find(indices, "change", 2).estimates.estimate(0));

    spec.second_order = true;
    CHECK_THROWS_AS(make_design(spec, four, "s.json"), Error);
    for (const char* method : {"morris", "shapley", "auto", "plackett_burman"}) {
        auto other = spec_of(method);
        other.group_by = model::every_level;
        CHECK_THROWS_WITH(make_design(other, four, "s.json"), Catch::Contains("/design/groups"));
    }
}

TEST_CASE("A sampled design says every severity in every trial, and can be read back") {
    auto spec = spec_of("sobol");
    spec.rows = 10;  // up to the next multiple of the scrambles
    const auto trials = make_design(spec, three, "s.json")->next({});
    REQUIRE(trials.size() == 16 * 5);
    std::set<std::uint64_t> streams;
    for (const auto& trial : trials) {
        CHECK(trial.severities.size() == 3);
        streams.insert(trial.replicate);
    }
    CHECK(streams.size() == 8);
    const auto part = sampled_part(spec, three, {});
    REQUIRE(part);
    const Sample sample = part->method.sample(0);
    CHECK((inputs_of(part->method.players, three, trials) == Eigen::ArrayXXd(sample)).all());
}

TEST_CASE("A plane has no interactions, whichever method looks at it") {
    const Model plane = [](const auto& x) { return 3 * at(x, "a") + at(x, "b"); };
    for (const char* method : {"sobol", "shapley", "morris", "plackett_burman", "full_factorial"}) {
        INFO(method);
        const auto spec = spec_of(method);
        const auto found = read_back(spec, three, finish(spec, three, plane));
        const bool shares = std::string(method) == "sobol" || std::string(method) == "shapley";
        const char* index = std::string(method) == "sobol"     ? "ST"
                            : std::string(method) == "shapley" ? "shapley"
                            : std::string(method) == "morris"  ? "mu_star"
                                                               : "effect";
        CHECK(find(found, index, 0).estimates.estimate(0) ==
              Approx(shares ? 0.9 : 3.0).margin(shares ? 0.05 : 1e-9));
        CHECK(find(found, index, 1).estimates.estimate(0) ==
              Approx(shares ? 0.1 : 1.0).margin(shares ? 0.05 : 1e-9));
        CHECK(find(found, index, 2).estimates.estimate(0) == Approx(0).margin(1e-9));
        CHECK(find(found, "change", 2).estimates.estimate(0) == Approx(0).margin(1e-9));
    }
}

TEST_CASE("What never moved an output has exactly no share of it") {
    const Model model = [](const auto& x) { return std::sin(9 * at(x, "a")) + at(x, "b"); };
    const auto spec = spec_of("sobol");
    const auto found = read_back(spec, three, finish(spec, three, model));
    for (const char* index : {"S1", "ST"}) {
        const auto& inert = find(found, index, 2).estimates;
        CHECK((inert.estimate(0) == 0 && inert.low(0) == 0 && inert.high(0) == 0));
    }
}

TEST_CASE(
    "Stopping: looks double the rows until the widest interval is narrow, or the budget ends") {
    const Model model = [](const auto& x) { return at(x, "a") * at(x, "b") + at(x, "c"); };
    auto spec = spec_of("sobol");
    spec.rows = 64;
    spec.stop = model::Stop{0.3};
    std::size_t blocks = 0;
    const auto history = finish(spec, three, model, &blocks);
    CHECK(blocks > 1);
    const std::uint64_t chunks = history.trials.size() / (64 * 5);
    CHECK(looks_after(chunks) == blocks);
    CHECK(confidence_after(spec, chunks) > 0.95);
    CHECK_THAT(make_design(spec, three, "s.json")->explain(history).back(),
               Catch::StartsWith("narrow enough"));

    spec.stop = model::Stop{1e-6};
    spec.budget = 64 * 5 * 5 + 1;
    const auto spent = finish(spec, three, model);
    CHECK(spent.trials.size() == 64 * 5 * 5);  // whole chunks alone
    CHECK_THAT(make_design(spec, three, "s.json")->explain(spent).back(),
               Catch::StartsWith("the budget is spent"));
}

TEST_CASE("auto: alone, in company, then the shares of those that matter") {
    std::vector<Factor> five{factor("a"), factor("b"), factor("c"), factor("d"), factor("e")};
    const Model model = [](const auto& x) -> std::optional<double> {
        if (at(x, "e") >= 0.5) return std::nullopt;
        return 3 * at(x, "a") + 4 * at(x, "b") * at(x, "c") + 0.001 * at(x, "d");
    };
    auto spec = spec_of("auto");
    spec.budget = 1500;
    const auto history = finish(spec, five, model);
    CHECK(history.trials.size() <= 1500);
    const auto part = sampled_part(spec, five, history);
    REQUIRE(part);
    std::set<std::string> chosen;
    for (const auto& player : part->method.players) chosen.insert(player.name);
    CHECK(chosen == std::set<std::string>{"a", "b", "c"});
    // Too small a budget for shares still gives every fault alone.
    spec.budget = 45;
    CHECK(finish(spec, five, model).trials.size() <= 45);
}

TEST_CASE("Nothing stated: alone, in company and in pairs, and exact where nothing draws") {
    std::vector<Factor> exact{factor("a"), factor("b"), factor("c")};
    for (auto& one : exact) one.draws = false;
    const Model model = [](const auto& x) { return 2 * at(x, "a") + 5 * at(x, "b") * at(x, "c"); };
    model::DesignSpec unstated;  // no method, no budget
    const auto design = make_design(unstated, exact, "s.json");
    const auto history = finish(unstated, exact, model);
    // 3 alone, all and all but one, and the three pairs: b and c matter in company alone. Then five
    // doses each: every trial here does harm, so the smallest that does is sought below them all.
    CHECK(history.trials.size() == 3 + 4 + 3 + 3 * 5);
    CHECK(*design->most() > history.trials.size());  // doses are searched where there is harm
    const auto part = sampled_part(unstated, exact, history);
    REQUIRE(part);
    CHECK(part->method.players.empty());  // no shares
    CHECK_THAT(design->explain(history).back(),
               Catch::StartsWith("3 of 3 factors matter") && Catch::Contains("\"budget\""));
    unstated.budget = 2000;
    CHECK(finish(unstated, exact, model).trials.size() > 1000);
    auto named = spec_of("auto");
    CHECK(finish(named, exact, model).trials.size() > 1000);
}

TEST_CASE("What a design may come to is known before it runs") {
    auto spec = spec_of("sobol");
    spec.rows = 64;
    CHECK(make_design(spec, three, "s.json")->most() == 64 * 5);
    spec.stop = model::Stop{0.1};
    CHECK(make_design(spec, three, "s.json")->most() == 64 * 5 * 32);
    CHECK_THAT(make_design(spec, three, "s.json")->explain({}).back(),
               Catch::Contains("32 times the first look"));
    spec.budget = 1000;
    CHECK(make_design(spec, three, "s.json")->most() == 960);  // whole looks
    CHECK(make_design(spec_of("auto"), three, "s.json")->most() == 2000);
    CHECK(make_design(spec_of("sequential_bifurcation"), three, "s.json")->most() ==
          3 * 2 * (8 + 4));
}

TEST_CASE("Sizes that make no design are refused at their pointers") {
    auto spec = spec_of("sobol");
    spec.rows = 100'000'000;
    CHECK_THROWS_WITH(make_design(spec, three, "s.json"), Catch::Contains("/design/rows"));
    spec.rows = 64;
    spec.budget = 100;
    CHECK_THROWS_WITH(make_design(spec, three, "s.json"), Catch::Contains("/design/budget"));
    std::vector<Factor> many;
    for (int i = 0; i < 40; ++i) many.push_back(factor(("f" + std::to_string(i)).c_str()));
    CHECK_THROWS_WITH(make_design(spec_of("full_factorial"), many, "s.json"),
                      Catch::Contains("plackett_burman and sobol need far fewer"));
}
