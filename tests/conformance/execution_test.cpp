#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "core/draws.h"
#include "core/error.h"
#include "plugin/disturb.h"
#include "plugin/registry.h"

// What every plugin must do that disturbs a node's execution, and what a bad one cannot do.

using namespace faultline;
using plugin::Disturbance;
using plugin::Fault;
using plugin::Json;

namespace {

using Clock = std::chrono::steady_clock;

/// An engine to be disturbed in front of, and one execution of a node of 1,000,000 rows.
class Runway {
  public:
    Runway() : engine_(engine::open_duckdb({})), connection_(engine_->connect()) {}

    Disturbance before(const Fault& fault, double severity, std::uint64_t stream = 1,
                       std::int64_t call = 1, std::optional<std::chrono::milliseconds> allowed = {},
                       const StopFlag* stop = nullptr) {
        plugin::Execution execution{
            *connection_, engine_->dialect(), "orders", call, 1'000'000, stop, {}};
        if (allowed) execution.deadline = Clock::now() + *allowed;
        Disturbance out;
        try {
            plugin::disturb(fault, severity, stream, execution, out);
        } catch (...) {
            last = out;
            throw;
        }
        return last = out;
    }
    Disturbance last;

  private:
    std::unique_ptr<engine::SqlEngine> engine_;
    std::unique_ptr<engine::Connection> connection_;
};

const plugin::Registry& built_in() {
    static const plugin::Registry registry = [] {
        plugin::Registry loaded;
        loaded.load_folder(std::filesystem::path(FAULTLINE_PLUGIN_ROOT) / "plugins", true);
        return loaded;
    }();
    return registry;
}

struct Case {
    const plugin::Plugin* plugin;
    Json params;
    [[nodiscard]] std::string name() const { return plugin->about().name + " " + params.dump(); }
    [[nodiscard]] Fault fault() const { return {"sample", *plugin, params, "s.json", "/p/0"}; }
};

std::vector<Case> cases() {
    std::vector<Case> out;
    for (const auto* plugin : built_in().plugins())
        if (plugin->about().has_before_run)
            for (const auto& example : plugin->about().examples) out.push_back({plugin, example});
    REQUIRE(out.size() >= 8);
    return out;
}

/// What came of it, as text: the failure, a stop, or what was counted.
std::string outcome(Runway& runway, const Fault& fault, double severity, std::uint64_t stream,
                    std::int64_t call = 1) {
    try {
        const auto done = runway.before(fault, severity, stream, call, std::chrono::seconds(30));
        return done.failure.value_or("goes on") + " " + done.key.to_json().dump();
    } catch (const Error& e) {
        return e.kind() == ErrorKind::cancelled ? "outlived its time" : e.what();
    }
}

std::filesystem::path hostile(const std::string& name) {
    return std::filesystem::path(FAULTLINE_PLUGIN_ROOT) / "hostile_plugins" / (name + ".so");
}

}  // namespace

TEST_CASE(
    "an execution is disturbed the same way each time, and by chance only where that is said") {
    Runway runway;
    for (const auto& sample : cases()) {
        INFO(sample.name());
        const auto fault = sample.fault();
        if (sample.plugin->about().hangs) continue;
        std::vector<std::string> ends;
        for (std::uint64_t replicate = 0; replicate < 12; ++replicate) {
            const auto call = static_cast<std::int64_t>(replicate) + 1;
            ends.push_back(outcome(runway, fault, 0.8, replicate, call));
            CHECK(ends.back() == outcome(runway, fault, 0.8, replicate, call));
        }
        const bool same =
            std::all_of(ends.begin(), ends.end(), [&](const auto& end) { return end == ends[0]; });
        if (!fault.draws_at(0.8)) CHECK(same);
    }
}

TEST_CASE("an execution counts one call, or says that there was nothing to do") {
    Runway runway;
    for (const auto& sample : cases()) {
        INFO(sample.name());
        const std::chrono::milliseconds allowed{sample.plugin->about().hangs ? 20 : 10'000};
        for (std::int64_t call = 1; call <= 6; ++call) {
            try {
                runway.before(sample.fault(), 1, static_cast<std::uint64_t>(call), call, allowed);
            } catch (const Error& e) {
                CHECK(e.kind() == ErrorKind::cancelled);
            }
            CHECK(runway.last.key.calls == (runway.last.key.expected_any ? 1 : 0));
        }
    }
}

TEST_CASE("a time-out and a stop end any execution at once") {
    Runway runway;
    plugin::Registry registry;
    for (const auto& [name, params] : std::vector<std::pair<const char*, Json>>{
             {"hang", Json::object()}, {"slow", {{"seconds", 3600}}}}) {
        INFO(name);
        const Fault fault("f", *built_in().find(name), params, "s.json", "/p/0");
        auto start = Clock::now();
        CHECK_THROWS_AS(runway.before(fault, 1, 1, 1, std::chrono::milliseconds(100)), Error);
        CHECK(Clock::now() - start < std::chrono::seconds(2));
        CHECK(runway.last.key.calls == 1);
        StopFlag stop;
        std::thread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            stop.request();
        });
        start = Clock::now();
        CHECK_THROWS_AS(runway.before(fault, 1, 1, 1, {}, &stop), Error);
        later.join();
        CHECK(Clock::now() - start < std::chrono::seconds(2));
    }
}

TEST_CASE("the waits are of the distribution that was asked for") {
    // The draws, without the waiting: a mean of n exponential numbers is within 5 standard errors.
    constexpr int n = 20'000;
    double exponential = 0, uniform_sum = 0;
    for (int i = 1; i <= n; ++i) {
        const auto u = faultline::uniform(i, stream_of(5, "f", static_cast<std::uint64_t>(i)), 1);
        exponential -= std::log(u);
        uniform_sum += u;
    }
    CHECK(exponential / n == Approx(1).margin(5 / std::sqrt(n)));
    CHECK(uniform_sum / n == Approx(0.5).margin(5 / std::sqrt(12.0 * n)));
    // And that the plugin waits what it drew.
    Runway runway;
    const Fault slow("f", *built_in().find("slow"),
                     Json{{"seconds", 0.1}, {"distribution", "uniform"}}, "s.json", "/p/0");
    for (const std::uint64_t stream : {3u, 4u, 5u}) {
        const auto start = Clock::now();
        runway.before(slow, 0.5, stream);
        const std::chrono::duration<double> took = Clock::now() - start;
        CHECK(took.count() >= 0.05 * faultline::uniform(1, stream, 1));
        CHECK(took.count() < 0.05 * faultline::uniform(1, stream, 1) + 1);
    }
}

TEST_CASE("an execution that misbehaves is reported and contained") {
    Runway runway;
    for (const auto& [name, says] : std::vector<std::pair<const char*, const char*>>{
             {"throws_in_before_run", "before_run threw through the C boundary"},
             {"fails_in_before_run", "code 3: out of luck"},
             {"says_cancelled", "was stopped, and nobody did"},
             {"counts_rows", "counted more than this one call"},
             {"measures_nothing", "no relation to measure"}}) {
        INFO(name);
        plugin::Registry registry;
        const Fault fault("bad", registry.load(hostile(name)), Json::object(), "s.json", "/p/0");
        try {
            runway.before(fault, 1);
            FAIL("passed");
        } catch (const Error& e) {
            CHECK(e.kind() == ErrorKind::plugin);
            CHECK(e.node() == "orders");
            CHECK_THAT(e.what(), Catch::Contains(says));
        }
    }
    plugin::Registry registry;
    const Fault mute("bad", registry.load(hostile("step_without_reason")), Json::object(), "s.json",
                     "/p/0");
    CHECK(runway.before(mute, 1).failure == "no reason given");
    plugin::Registry other;
    const Fault lazy("bad", other.load(hostile("counts_nothing")), Json::object(), "s.json",
                     "/p/0");
    CHECK(runway.before(lazy, 1).key.expected_any);  // so that its trial is not_applied
    plugin::Registry third;
    const Fault drawing("bad", third.load(hostile("throws_in_draws")), Json::object(), "s.json",
                        "/p/0");
    CHECK_THROWS_WITH(drawing.draws_at(1), Catch::Contains("draws threw"));
}

TEST_CASE("a plugin that disturbs executions says so consistently") {
    plugin::Registry registry;
    CHECK_THROWS_WITH(registry.load(hostile("selects_nothing")),
                      Catch::Contains("\"selects\": false"));
    CHECK_THROWS_WITH(registry.load(hostile("hangs_nowhere")), Catch::Contains("no before_run"));
}
