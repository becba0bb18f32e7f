#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <map>

#include "core/error.h"
#include "design/design.h"

using namespace faultline;
using namespace faultline::design;

namespace {

/// How a trial of one factor at one severity under one stream ends.
using World = std::function<std::string(const std::string& factor, double severity, std::uint64_t)>;

History played(const Design& design, const World& world) {
    History history;
    for (int blocks = 0; blocks < 100; ++blocks) {
        const auto trials = design.next(history);
        if (trials.empty()) return history;
        for (const auto& trial : trials) {
            REQUIRE(trial.number == history.trials.size());
            const auto& [factor, severity] = *trial.severities.begin();
            history.trials.push_back({trial, world(factor, severity, trial.replicate), {}});
        }
    }
    FAIL("the design never ends");
    return history;
}

/// The neighbouring doses of a factor between which the outcome changes from harmless.
std::pair<double, double> bracket(const History& history, const std::string& factor,
                                  std::uint64_t replicate) {
    double low = 0, high = 2;
    for (const auto& [trial, outcome, metrics] : history.trials) {
        if (trial.severities.begin()->first != factor || trial.replicate != replicate) continue;
        const double severity = trial.severities.begin()->second;
        if (outcome == "silent" || outcome == "detected") high = std::min(high, severity);
    }
    for (const auto& [trial, outcome, metrics] : history.trials)
        if (trial.severities.begin()->first == factor && trial.replicate == replicate &&
            trial.severities.begin()->second < high)
            low = std::max(low, trial.severities.begin()->second);
    return {low, high};
}

model::DesignSpec dose_response() {
    model::DesignSpec spec;
    spec.method = "dose_response";
    return spec;
}

const Factor shift{"shift", false, false}, noise{"noise", true, false},
    renamed{"renamed", false, true};

}  // namespace

TEST_CASE("The smallest harmful dose is bisected to within five per cent, wherever it is") {
    for (const double truth : {0.0021, 0.0437, 0.31, 0.777, 0.995}) {
        const auto design = make_design(dose_response(), {shift}, "s.json");
        const auto history = played(*design, [&](const auto&, double severity, auto) {
            return severity > truth ? "silent" : "absorbed";
        });
        const auto [low, high] = bracket(history, "shift", 0);
        CHECK(low <= truth);
        CHECK(truth < high);
        CHECK(high <= low * 1.06);
        CHECK(history.trials.size() <= *design->most());
        CHECK(history.trials.size() < 20);  // eight for the curve
    }
}

TEST_CASE("The first check is bisected by itself") {
    const auto design = make_design(dose_response(), {shift}, "s.json");
    const auto history = played(*design, [&](const auto&, double severity, auto) {
        return severity < 0.0437 ? "absorbed" : severity < 0.47 ? "silent" : "detected";
    });
    double silent = 0, detected = 1;
    for (const auto& [trial, outcome, metrics] : history.trials) {
        const double severity = trial.severities.begin()->second;
        if (outcome == "silent") silent = std::max(silent, severity);
        if (outcome == "detected") detected = std::min(detected, severity);
    }
    CHECK(silent < 0.47);
    CHECK(0.47 <= detected);
    CHECK(detected <= silent * 1.06);
}

TEST_CASE(
    "A fault that draws is tried under every stream at every dose, around its middle and ends") {
    // Thresholds 0.10, 0.12, … 0.24 of eight streams: the median is between the fourth and the
    // fifth.
    const auto design = make_design(dose_response(), {noise}, "s.json");
    const auto history = played(*design, [&](const auto&, double severity, std::uint64_t stream) {
        return severity > 0.10 + 0.02 * static_cast<double>(stream) ? "silent" : "absorbed";
    });
    std::map<double, std::size_t> streams;
    for (const auto& finished : history.trials)
        ++streams[finished.trial.severities.begin()->second];
    for (const auto& [severity, count] : streams) CHECK(count == 8);
    for (const std::uint64_t stream : {0u, 3u, 7u}) {
        const auto [low, high] = bracket(history, "noise", stream);
        CHECK(high <= low * 1.06);
    }
}

TEST_CASE("What is harmless or on or off needs no bisection") {
    const auto design = make_design(dose_response(), {shift, renamed}, "s.json");
    const auto history = played(*design, [&](const auto& factor, double, auto) {
        return factor == "shift" ? "absorbed" : "silent";
    });
    CHECK(history.trials.size() == 9);
    CHECK(history.trials.back().trial.severities == std::map<std::string, double>{{"renamed", 1}});
}

TEST_CASE(
    "A crash is harm, and is noticed; what recovers at larger doses is found where it begins") {
    const auto design = make_design(dose_response(), {shift}, "s.json");
    const auto history = played(*design, [&](const auto&, double severity, auto) {
        return severity > 0.0833 && severity < 0.4 ? "silent"
               : severity > 0.7                    ? "crashed"
                                                   : "absorbed";
    });
    const auto [low, high] = bracket(history, "shift", 0);
    CHECK(low <= 0.0833);
    CHECK(0.0833 < high);
    CHECK(high <= low * 1.06);
}

TEST_CASE("A resumed run takes the same path, and a budget is kept") {
    const World world = [](const auto&, double severity, std::uint64_t stream) {
        return severity > 0.2 + 0.01 * static_cast<double>(stream) ? "silent" : "absorbed";
    };
    const auto whole = played(*make_design(dose_response(), {noise, shift}, "s.json"), world);
    const auto again = played(*make_design(dose_response(), {noise, shift}, "s.json"), world);
    REQUIRE(whole.trials.size() == again.trials.size());
    for (std::size_t t = 0; t < whole.trials.size(); ++t)
        CHECK(whole.trials[t].trial == again.trials[t].trial);

    auto spec = dose_response();
    spec.budget = 100;
    const auto design = make_design(spec, {noise, shift}, "s.json");
    const auto cut = played(*design, world);
    CHECK(cut.trials.size() <= 100);
    CHECK(cut.trials.size() > 72);
    CHECK(design->most() == 100u);
    spec.budget = 71;
    CHECK_THROWS_AS(make_design(spec, {noise, shift}, "s.json"), Error);
}

TEST_CASE("With levels a dose response is those levels and no others") {
    auto spec = dose_response();
    spec.levels = {0.5, 1};
    const auto design = make_design(spec, {shift}, "s.json");
    const auto history = played(*design, [&](const auto&, double severity, auto) {
        return severity > 0.7 ? "silent" : "absorbed";
    });
    CHECK(history.trials.size() == 2);
    spec.budget = 10;
    CHECK_THROWS_AS(make_design(spec, {shift}, "s.json"), Error);
}
