#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/error.h"
#include "journal/records.h"
#include "journals.h"

using namespace faultline;
using namespace faultline::journal;
using namespace faultline::journal::test;

namespace {

/// Any bits at all: tiny, huge, negative zero, infinite, not a number.
std::optional<double> any_number() {
    if (*rc::gen::inRange(0, 8) == 0) return std::nullopt;
    const auto bits = *rc::gen::arbitrary<std::uint64_t>();
    switch (*rc::gen::inRange(0, 6)) {
        case 0:
            return std::numeric_limits<double>::infinity();
        case 1:
            return -std::numeric_limits<double>::infinity();
        case 2:
            return std::numeric_limits<double>::quiet_NaN();
        case 3:
            return -0.0;
        default:
            break;
    }
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    return number;
}

bool same_bits(const std::optional<double>& a, const std::optional<double>& b) {
    if (a.has_value() != b.has_value()) return false;
    return !a || (std::isnan(*a) && std::isnan(*b)) || std::memcmp(&*a, &*b, sizeof *a) == 0;
}

std::string any_text() {
    std::string text;
    const int length = *rc::gen::inRange(0, 8);
    for (int i = 0; i < length; ++i)
        text += *rc::gen::elementOf(
            std::vector<std::string>{"a", "\"", "\\", "\n", "é", "表", "\x01", " ", "🙂"});
    return text;
}

void refused(const std::string& text, const std::string& why) {
    try {
        (void)read_text(text, "journal.jsonl");
        FAIL("accepted: " << text);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::user);
        CHECK_THAT(error.what(), Catch::Contains(why));
    }
}

}  // namespace

TEST_CASE("A journal reads back as it was written") {
    const auto journal = read_text(line(header()) + line(base()) + line(trial(1)) + line(trial(0)) +
                                       line(Closing{"completed", ""}),
                                   "journal.jsonl");
    CHECK(to_json(journal.header) == to_json(header()));
    CHECK(journal.header.seed == 18446744073709551615u);
    CHECK(journal.header.scenario.dump() == R"({"faultline":"scenario/1","z":1,"a":2})");
    REQUIRE(journal.base);
    CHECK(to_json(*journal.base) == to_json(base()));
    REQUIRE(journal.trials.size() == 2);
    CHECK(to_json(journal.trials[0]) ==
          to_json(trial(0)));  // by number, whatever order they ended in
    CHECK(journal.trials[1].number == 1);
    REQUIRE(journal.closing);
    CHECK(journal.closing->status == "completed");
    CHECK_FALSE(journal.torn);
}

TEST_CASE("Every line says its type, and the first one its format") {
    CHECK(to_json(header())["type"] == "header");
    CHECK(to_json(header())["faultline"] == "journal/1");
    CHECK(to_json(base())["type"] == "base");
    CHECK(to_json(trial(0))["type"] == "trial");
    CHECK(to_json(Closing{"failed", "why"})["type"] == "closing");
    for (const auto outcome :
         {Outcome::absorbed, Outcome::detected, Outcome::silent, Outcome::false_alarm,
          Outcome::crashed, Outcome::timed_out, Outcome::not_applied})
        CHECK(outcome_named(name_of(outcome)) == outcome);
    CHECK_FALSE(outcome_named("fine"));
}

TEST_CASE("Trials keep every bit and every byte") {
    REQUIRE(rc::check("round trip", [] {
        TrialRecord trial;
        trial.number = *rc::gen::arbitrary<std::uint64_t>();
        trial.outcome = static_cast<Outcome>(*rc::gen::inRange(0, 7));
        trial.severities[any_text()] = any_number().value_or(0);
        std::vector<std::optional<double>> values;
        for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
            values.push_back(any_number());
            trial.extra.push_back({{any_text(), Json{{any_text(), any_text()}}}, any_number()});
            trial.fired[any_text()] = {*rc::gen::arbitrary<bool>(), *rc::gen::arbitrary<bool>()};
        }
        trial.values = values;
        if (*rc::gen::arbitrary<bool>())
            trial.failure = Failure{any_text(), any_text(), any_text()};
        Base base;
        base.series.resize(trial.values.size());
        base.values.resize(trial.values.size());
        base.noise_floor.resize(trial.values.size());

        const auto journal = read_text(line(header()) + line(base) + line(trial), "j");
        RC_ASSERT(journal.trials.size() == 1u);
        const auto& back = journal.trials[0];
        RC_ASSERT(back.values.size() == trial.values.size());
        for (std::size_t i = 0; i < trial.values.size(); ++i) {
            RC_ASSERT(same_bits(back.values[i], trial.values[i]));
            RC_ASSERT(same_bits(back.extra[i].second, trial.extra[i].second));
        }
        RC_ASSERT(to_json(back) == to_json(trial));
    }));
}

TEST_CASE("A last line cut at any byte is left out, and nothing else is lost") {
    const std::string good = line(header()) + line(base()) + line(trial(0)), last = line(trial(1));
    for (std::size_t kept = 0; kept < last.size(); ++kept) {
        const auto journal = read_text(good + last.substr(0, kept), "j");
        CHECK(journal.trials.size() == 1);
        CHECK(journal.torn == (kept > 0));
    }
    CHECK(read_text(good + last, "j").trials.size() == 2);
}

TEST_CASE("A header that never got to disk is no journal") {
    const std::string text = line(header());
    for (const std::size_t kept : {std::size_t{0}, std::size_t{1}, text.size() - 1})
        refused(text.substr(0, kept), "cut off before it began");
}

TEST_CASE("What is wrong in the middle is named by its line") {
    const std::string head = line(header()), start = head + line(base());
    refused(start + "{\"type\": \"tri\n" + line(trial(1)),
            "journal.jsonl:3: malformed journal: not JSON");
    refused(start + "\n" + line(trial(1)), ":3:");
    refused(start + "[]\n", "the line is not an object");
    refused(start + "{\"type\": \"portrait\"}\n", "lines of type \"portrait\" are unknown");
    refused(start + line(trial(4)) + line(trial(4)),
            ":4: malformed journal: trial 4 is there twice");
    refused(head + head, ":2: malformed journal: a second header");
    refused(start + line(base()), "a second base run");
    refused(head + line(trial(0)), "a trial before the base run");
    refused(line(base()), "the first line is not a header");
    Json other = to_json(header());
    other["faultline"] = "journal/9";
    refused(other.dump() + "\n", "its format is \"journal/9\"");
    Json edges = to_json(header());
    edges["edges"] = {{"a"}};
    refused(edges.dump() + "\n", "\"edges\"");
    Json short_of_values = to_json(trial(0));
    short_of_values["values"] = {1.0};
    refused(start + short_of_values.dump() + "\n", "trial 0 has 1 values");
    refused(start + "{\"type\":\"closing\",\"status\":\"fine\",\"message\":\"\"}\n",
            "no run can end as \"fine\"");
}

TEST_CASE("Every field is asked for by name and type") {
    const std::string start = line(header()) + line(base());
    const Json good = to_json(trial(0));
    for (const auto& [key, value] : good.items()) {
        Json without = good, other = good;
        without.erase(key);
        other[key] = Json::array({Json::array({Json::array()})});
        refused(start + without.dump() + "\n", "\"" + key + "\"");
        refused(start + other.dump() + "\n", "");
    }
}

TEST_CASE("A run that went on after its closing line is not closed by it") {
    const auto journal = read_text(
        line(header()) + line(base()) + line(Closing{"interrupted", ""}) + line(trial(0)), "j");
    CHECK_FALSE(journal.closing);
}
