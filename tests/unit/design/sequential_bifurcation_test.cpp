#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <set>

#include "core/digest.h"
#include "core/error.h"
#include "design/sampled.h"

using namespace faultline;
using namespace faultline::design;

namespace {

std::vector<Factor> factors_of(std::size_t count, bool draws) {
    std::vector<Factor> factors;
    for (std::size_t i = 0; i < count; ++i)
        factors.push_back({"f" + std::to_string(i), draws, false});
    return factors;
}

model::DesignSpec spec_of() {
    model::DesignSpec spec;
    spec.method = "sequential_bifurcation";
    spec.seed = 3;
    return spec;
}

using Metrics = std::vector<std::optional<double>>;
using Model = std::function<std::optional<Metrics>(const Trial&)>;

History finish(const model::DesignSpec& spec, const std::vector<Factor>& factors, double tolerance,
               const Model& model, std::size_t stop_after = 1'000'000) {
    const auto design = make_design(spec, factors, "s.json");
    History history;
    const auto base = model({});
    for (const auto& value : *base) history.base.push_back(value.value_or(std::nan("")));
    history.tolerance.assign(history.base.size(), tolerance);
    for (;;) {
        const auto block = design->next(history);
        CHECK(design->next(history) == block);  // a pure function of the history
        if (block.empty()) return history;
        for (const auto& trial : block) {
            REQUIRE(trial.number == history.trials.size());
            REQUIRE(trial.severities.size() == factors.size());
            const auto values = model(trial);
            history.trials.push_back({trial, values ? "silent" : "crashed", {}});
            if (values) history.trials.back().metrics = *values;
            if (history.trials.size() == stop_after) return history;
        }
    }
}

bool on(const Trial& trial, int factor) {
    const auto found = trial.severities.find("f" + std::to_string(factor));
    return found != trial.severities.end() && found->second >= 0.5;
}

/// Effects by player, of the first output.
std::vector<analysis::Estimates> effects(const model::DesignSpec& spec,
                                         const std::vector<Factor>& factors, const History& history,
                                         const char* index = "effect") {
    const auto part = sampled_part(spec, factors, history);
    REQUIRE(part);
    CHECK(part->first == 0);
    const auto runs = static_cast<Eigen::Index>(part->method.runs);
    const Sample inputs = part->method.sample(0);
    REQUIRE(inputs.rows() == runs);
    const auto width = static_cast<Eigen::Index>(history.base.size());
    Eigen::ArrayXXd outputs = Eigen::ArrayXXd::Constant(runs, width, std::nan(""));
    for (const auto& finished : history.trials) {
        const auto row = static_cast<Eigen::Index>(finished.trial.number);
        CHECK(severities_of(part->method.players, factors, inputs.row(row)) ==
              finished.trial.severities);
        CHECK(part->method.part(finished.trial.number) == finished.trial.replicate);
        for (std::size_t s = 0; s < finished.metrics.size(); ++s)
            if (finished.metrics[s])
                outputs(row, static_cast<Eigen::Index>(s)) = *finished.metrics[s];
    }
    std::vector<analysis::Estimates> found;
    for (const auto& one : part->method.estimate(inputs, outputs, 0.95))
        if (one.index == index) found.push_back(one.estimates);
    REQUIRE(found.size() == part->method.players.size());
    return found;
}

std::string told(const model::DesignSpec& spec, const std::vector<Factor>& factors,
                 const History& history) {
    std::string all;
    for (const auto& sentence : make_design(spec, factors, "s.json")->explain(history))
        all += sentence + "\n";
    return all;
}

const std::map<int, double> few{{3, 5.0}, {57, 2.0}, {58, 1.0}, {120, 3.0}, {199, 4.0}};

double plane(const Trial& trial) {
    double y = 10;
    for (const auto& [factor, effect] : few) y += on(trial, factor) ? effect : 0;
    return y;
}

}  // namespace

TEST_CASE("Five active factors of 200 are found exactly, with far fewer runs than factors") {
    const auto factors = factors_of(200, false);
    const auto history =
        finish(spec_of(), factors, 1, [](const Trial& t) { return Metrics{plane(t)}; });
    CHECK(history.trials.size() <= 64);
    const auto found = effects(spec_of(), factors, history);
    for (int j = 0; j < 200; ++j) {
        const auto& mine = found[static_cast<std::size_t>(j)];
        const double truth = few.count(j) ? few.at(j) : 0;
        INFO(j);
        CHECK(mine.estimate(0) == Approx(truth).margin(1e-12));
        CHECK(mine.low(0) <= truth + 1e-12);
        CHECK(mine.high(0) >= truth - 1e-12);
        CHECK(mine.high(0) - mine.low(0) < 1e-9);
    }
    CHECK_THAT(told(spec_of(), factors, history),
               Catch::Contains("5 of 200 factors matter") && !Catch::Contains("act together"));
}

TEST_CASE("The foldover keeps interactions of two factors out of the main effects") {
    const auto factors = factors_of(120, false);
    // Coded as −1 and 1 an interaction moves no main effect: +2·z3·z90 is 8·x3·x90 − 4·x3 − 4·x90.
    const auto z = [](const Trial& t, int j) { return on(t, j) ? 1.0 : -1.0; };
    const auto history = finish(spec_of(), factors, 1, [&](const Trial& t) {
        return Metrics{3 * z(t, 3) + 2 * z(t, 90) + 2 * z(t, 3) * z(t, 90) +
                       5 * z(t, 20) * z(t, 70)};
    });
    CHECK(history.trials.size() < 60);
    const auto found = effects(spec_of(), factors, history);
    for (int j = 0; j < 120; ++j)
        CHECK(found[static_cast<std::size_t>(j)].estimate(0) == Approx(j == 3    ? 6
                                                                       : j == 90 ? 4
                                                                                 : 0)
                                                                    .margin(1e-12));
    CHECK_THAT(told(spec_of(), factors, history), Catch::Contains("act together"));
}

TEST_CASE("A factor matters if it moves any metric, and bounds hold for those put aside") {
    const auto factors = factors_of(128, false);
    const auto history = finish(spec_of(), factors, 1, [](const Trial& t) {
        double small = 0;
        for (int j = 0; j < 128; ++j) small += on(t, j) ? 0.0005 : 0;
        return Metrics{on(t, 7) ? -2.0 + small : small, on(t, 99) ? 3.0 : 0.0};
    });
    CHECK_THAT(told(spec_of(), factors, history),
               Catch::Contains("2 of 128 factors matter") && Catch::Contains("f7, f99"));
    const auto found = effects(spec_of(), factors, history);
    CHECK(found[7].estimate(0) == Approx(-2 + 0.0005));
    CHECK(found[99].estimate(1) == Approx(3));
    for (std::size_t j = 0; j < 128; ++j) {
        if (j == 7) continue;
        CHECK(found[j].estimate(0) == Approx(0.0005).margin(1e-9));
        CHECK((found[j].low(0) <= 0.0005 + 1e-12 && found[j].high(0) >= 0.0005 - 1e-12));
    }
}

TEST_CASE("What breaks the pipeline is found by itself and hides nothing else") {
    const auto factors = factors_of(150, false);
    const auto history =
        finish(spec_of(), factors, 1, [](const Trial& t) -> std::optional<Metrics> {
            if (on(t, 17) || on(t, 80)) return std::nullopt;
            Metrics values{on(t, 40) ? 3.0 : 0.0, 1.0};
            if (on(t, 120)) values[1].reset();  // a segment vanishes
            return values;
        });
    CHECK(history.trials.size() < 100);
    CHECK_THAT(told(spec_of(), factors, history),
               Catch::Contains("f17") && Catch::Contains("f80") && Catch::Contains("f120") &&
                   Catch::Contains("1 of 150 factors matter"));
    const auto found = effects(spec_of(), factors, history);
    CHECK(found[40].estimate(0) == 3);
    CHECK(found[0].estimate(0) == 0);
    CHECK(std::isnan(found[17].estimate(0)));
    CHECK(std::isinf(found[17].high(0)));
    CHECK(found[120].estimate(0) == 0);
    CHECK(std::isnan(found[120].estimate(1)));
}

TEST_CASE("What breaks only in company is said to, and nothing is made up") {
    const auto factors = factors_of(16, false);
    const auto history =
        finish(spec_of(), factors, 1, [](const Trial& t) -> std::optional<Metrics> {
            if (on(t, 2) && on(t, 13)) return std::nullopt;
            return Metrics{on(t, 5) ? 3.0 : 0.0};
        });
    CHECK_THAT(told(spec_of(), factors, history), Catch::Contains("together and not in halves"));
    for (const auto& one : effects(spec_of(), factors, history)) {
        CHECK(std::isnan(one.estimate(0)));
        CHECK((one.low(0) == -INFINITY && one.high(0) == INFINITY));
    }
    // Broken from the start, whatever is on: one look, and an end.
    const auto never = finish(spec_of(), factors, 1, [](const Trial& t) -> std::optional<Metrics> {
        if (t.severities.empty()) return Metrics{0.0};  // the base
        return std::nullopt;
    });
    CHECK(never.trials.size() == 2);
    CHECK_THAT(told(spec_of(), factors, never), Catch::Contains("nothing can be told"));
}

TEST_CASE("In noise the important ones are found, and intervals hold them", "[sweep]") {
    // 40 runs of each of the 100 factors of which four matter; noise of each fault by its stream.
    const auto factors = factors_of(100, true);
    auto spec = spec_of();
    spec.replicates = 16;
    const std::map<int, double> truth{{10, 4.0}, {11, 3.0}, {55, 5.0}, {98, 3.5}};
    std::size_t missed = 0, outside = 0, runs = 0;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        const auto history = finish(spec, factors, 1, [&](const Trial& t) {
            double y = 0;
            for (const auto& [factor, effect] : truth) {
                const auto bits = Digest()
                                      .add(seed)
                                      .add(t.replicate)
                                      .add(static_cast<std::uint64_t>(factor))
                                      .word();
                const double noise = static_cast<double>(bits >> 12) * 0x1p-52 - 0.5;
                y += on(t, factor) ? effect + noise : 0;
            }
            return Metrics{y};
        });
        runs += history.trials.size();
        const auto found = effects(spec, factors, history);
        for (const auto& [factor, effect] : truth) {
            const auto& mine = found[static_cast<std::size_t>(factor)];
            missed += mine.estimate(0) > 1 ? 0 : 1;
            outside += mine.low(0) <= effect && effect <= mine.high(0) ? 0 : 1;
        }
        CHECK(std::abs(found[0].estimate(0)) < 0.1);
    }
    CHECK(missed == 0);
    CHECK(outside <= 16);  // of 160 at 95 %: 8 expected, 16 has a chance of 0.6 %
    CHECK(runs / 40 < 100 * 4);
}

TEST_CASE("A budget goes to what moves the most, and the rest keeps its bounds") {
    const auto factors = factors_of(200, false);
    auto spec = spec_of();
    spec.budget = 30;
    const auto history = finish(spec, factors, 1, [](const Trial& t) { return Metrics{plane(t)}; });
    CHECK(history.trials.size() <= 30);
    CHECK(history.trials.size() >= 28);
    CHECK_THAT(told(spec, factors, history), Catch::Contains("the budget did not reach"));
    const auto found = effects(spec, factors, history);
    for (const auto& [factor, effect] : few) {
        const auto& mine = found[static_cast<std::size_t>(factor)];
        CHECK((mine.low(0) <= effect + 1e-12 && mine.high(0) >= effect - 1e-12));
    }
    spec.budget = 1;
    CHECK_THROWS_WITH(make_design(spec, factors, "s.json"), Catch::Contains("/design/budget"));
}

TEST_CASE("A run that was cut off is read back as far as it came") {
    const auto factors = factors_of(50, false);
    const Model model = [](const Trial& t) { return Metrics{on(t, 20) ? 4.0 : 0.0}; };
    for (const std::size_t after : {1u, 2u, 3u, 7u}) {
        const auto history = finish(spec_of(), factors, 1, model, after);
        const auto found = effects(spec_of(), factors, history);
        if (after < 2) {
            CHECK(std::isnan(found[20].estimate(0)));
        } else {
            CHECK(found[20].high(0) >= 4);
            CHECK(found[20].low(0) <= 4);
        }
    }
}

TEST_CASE("Keys that mean nothing to a search are refused; one factor and none are searches too") {
    auto spec = spec_of();
    spec.rows = 8;
    CHECK_THROWS_WITH(make_design(spec, factors_of(3, false), "s.json"),
                      Catch::Contains("/design/rows"));
    const Model one = [](const Trial& t) { return Metrics{on(t, 0) ? 2.0 : 0.0}; };
    const auto history = finish(spec_of(), factors_of(1, false), 1, one);
    CHECK(history.trials.size() == 2);
    CHECK(effects(spec_of(), factors_of(1, false), history)[0].estimate(0) == 2);
    CHECK(finish(spec_of(), {}, 1, one).trials.empty());
}
