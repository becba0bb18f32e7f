#include <catch2/catch.hpp>

#include "core/error.h"
#include "design/design.h"

using namespace faultline;
using namespace faultline::design;

namespace {

model::DesignSpec spec_of(std::uint64_t replicates, std::vector<double> levels = {}) {
    model::DesignSpec spec;
    spec.method = "one_at_a_time";
    spec.replicates = replicates;
    spec.levels = std::move(levels);
    return spec;
}

const Factor noise{"noise", true, false}, shift{"shift", false, false},
    rename_it{"rename", false, true};

std::vector<std::string> refused(const model::DesignSpec& spec,
                                 const std::vector<Factor>& factors = {noise}) {
    try {
        (void)make_design(spec, factors, "s.json");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::user);
        std::vector<std::string> lines;
        for (const auto& problem : error.problems()) lines.push_back(problem.message());
        return lines;
    }
    return {};
}

}  // namespace

TEST_CASE("Each factor alone, each level, each replicate, in that order") {
    const auto design = make_design(spec_of(2, {1, 0.25}), {noise, shift}, "s.json");
    const auto trials = design->next({});
    CHECK(trials == std::vector<Trial>{{0, 0, 0, {{"noise", 0.25}}},
                                       {1, 0, 1, {{"noise", 0.25}}},
                                       {2, 0, 0, {{"noise", 1}}},
                                       {3, 0, 1, {{"noise", 1}}},
                                       {4, 0, 0, {{"shift", 0.25}}},
                                       {5, 0, 0, {{"shift", 1}}}});
    CHECK(design->size() == 6);
    CHECK(design->next({{Finished{trials[0], "absorbed", {}}}}).empty());
}

TEST_CASE("Without levels a factor is tried at full severity") {
    const auto trials = make_design(spec_of(3), {shift}, "s.json")->next({});
    CHECK(trials == std::vector<Trial>{{0, 0, 0, {{"shift", 1}}}});
}

TEST_CASE("A binary factor skips the levels at which it is off, and a repeated level counts once") {
    const auto trials =
        make_design(spec_of(8, {0.5, 0.2, 1, 0.5, 0.4999}), {rename_it}, "s.json")->next({});
    REQUIRE(trials.size() == 2);
    CHECK(trials[0].severities == std::map<std::string, double>{{"rename", 0.5}});
    CHECK(trials[1].severities == std::map<std::string, double>{{"rename", 1}});
}

TEST_CASE("No factors, no trials") {
    CHECK(make_design(spec_of(3), {}, "s.json")->next({}).empty());
}

TEST_CASE("A method of another build is refused by name") {
    auto spec = spec_of(4);
    spec.method = "one_at_time";
    CHECK_THAT(refused(spec).at(0),
               Catch::Contains("one of the methods that this build knows: one_at_a_time") &&
                   Catch::EndsWith("did you mean \"one_at_a_time\"?"));
}

TEST_CASE("Keys that the method has no use for are refused, all at once") {
    auto spec = spec_of(4);
    spec.rows = 100;
    spec.budget = 10;
    spec.stop = model::Stop{0.1};
    spec.groups = {{"noise"}};
    spec.second_order = true;
    const auto lines = refused(spec);
    REQUIRE(lines.size() == 5);
    for (const char* key : {"rows", "budget", "stop", "groups", "second_order"})
        CHECK(std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
                  return line.find("/design/" + std::string(key) + ":") != std::string::npos;
              }) == 1);
}

TEST_CASE("Numbers that make no design are refused at their place") {
    CHECK_THAT(refused(spec_of(0)).at(0), Catch::Contains("/design/replicates: found 0"));
    CHECK_THAT(refused(spec_of(1, {0.5, 1.5})).at(0),
               Catch::Contains("/design/levels/1: found 1.5"));
    CHECK_THAT(refused(spec_of(1, {0.1}), {rename_it}).at(0),
               Catch::Contains("no level at which \"rename\" is on"));
    CHECK_THAT(refused(spec_of(~std::uint64_t{0}, {0.5, 1})).at(0),
               Catch::Contains("at most 10000000 trials"));
    auto spec = spec_of(1);
    spec.confidence = 1;
    CHECK_THAT(refused(spec).at(0), Catch::Contains("/design/confidence"));
}
