#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "core/error.h"
#include "laboratory.h"
#include "run/identity.h"

using namespace faultline;
using namespace faultline::run;

namespace {

const char* const pipeline = R"json({"faultline": "pipeline/1", "name": "shop", "nodes": {
    "orders": {"source": {"sql": "select i as id, i % 3 as place, (i * 7 % 11) + 0.5 as amount from range(60) t(i)"},
               "key": ["id"]},
    "large": {"sql": "select * from orders where amount > 2"},
    "by_place": {"sql": "select place, sum(amount) as total from large group by place"},
    "count": {"sql": "select count(*) as n from large"}},
    "outputs": ["by_place", "count"]})json";

/// `profiles`: how many of each fault's trials are looked into when they are done.
std::string scenario(const std::string& design, int profiles = 0) {
    return R"json({"faultline": "scenario/1", "title": "t", "pipeline": "pipeline.json", "seed": 3, "perturbations": [
        {"id": "noisy", "node": "orders", "plugin": "noise", "params": {"columns": ["amount"], "std": 2}},
        {"id": "holes", "node": "large", "plugin": "nulls", "params": {"columns": ["amount"], "fraction": 0.2}}],
        "metrics": [{"id": "total", "output": "by_place", "sql": "sum(total)", "by": ["place"], "tolerance": {"relative": 0.05}},
                    {"id": "n", "output": "count", "sql": "sum(n)", "tolerance": {"absolute": 0}}],
        "design": )json" +
           design + R"(, "profile": )" + std::to_string(profiles) + "}";
}

std::string contents(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// All that findings see of a run: neither how long its trials took, nor in what order they ended.
std::string seen(journal::Journal journal) {
    journal.base->node_milliseconds.clear();
    std::string text = to_json(*journal.base).dump() + journal.closing->status;
    for (const auto& profile : journal.profiles) text += to_json(profile).dump() + "\n";
    for (auto& trial : journal.trials) {
        trial.milliseconds = 0;
        trial.node_milliseconds.clear();
        text += to_json(trial).dump() + "\n";
    }
    return text;
}

/// A folder whose journal is what a run that was cut off has left behind.
struct Cut {
    Cut(const Laboratory& laboratory, const std::string& journal) : experiment(laboratory.load()) {
        options.out = laboratory.folder() / "cut";
        options.resume = true;
        options.jobs = 2;
        std::filesystem::create_directories(options.out);
        std::ofstream(options.out / "journal.jsonl", std::ios::binary) << journal;
    }
    ~Cut() { std::filesystem::remove_all(options.out); }
    Cut(const Cut&) = delete;
    Cut& operator=(const Cut&) = delete;
    Experiment experiment;
    RunOptions options;
};

std::string refused(const Cut& cut) {
    const std::string before = contents(cut.options.out / "journal.jsonl");
    std::string said;
    try {
        (void)execute(cut.experiment, cut.options);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::user);
        said = error.what();
    }
    CHECK(contents(cut.options.out / "journal.jsonl") == before);
    return said;
}

}  // namespace

constexpr const char* one_at_a_time = R"({"method": "one_at_a_time", "replicates": 3})";
constexpr const char* adaptive =
    R"({"method": "sobol", "rows": 2, "stop": {"width": 0.001}, "budget": 32})";

TEST_CASE("wherever a journal is cut off, it is known what is there", "[single-threaded]") {
    Laboratory laboratory(pipeline, scenario(one_at_a_time, 2));
    (void)laboratory.run();
    const std::string text = contents(laboratory.folder() / "out0" / "journal.jsonl");

    // At every byte about the ends of lines, some of them, and every so many within
    // (tests/unit/journal cuts one line at every byte).
    std::size_t lines = 0;
    for (std::size_t cut = 0; cut < text.size(); ++cut) {
        if (cut > 0 && text[cut - 1] == '\n') ++lines;
        if (lines == 0) continue;
        const std::size_t line_end = text.find('\n', cut);
        const bool near_end = line_end - cut < 3 || cut - text.rfind('\n', cut - 1) < 4;
        if (!(near_end && lines % 4 == 1) && cut % 509 != 0) continue;
        const auto part = journal::read_text(text.substr(0, cut), "j");
        REQUIRE(part.torn == (text[cut - 1] != '\n'));
        REQUIRE(part.trials.size() + part.profiles.size() + (part.closing ? 1 : 0) ==
                (lines < 2 ? 0 : lines - 2));
        REQUIRE(text.substr(0, part.whole_bytes) == text.substr(0, text.rfind('\n', cut - 1) + 1));
    }
}

TEST_CASE("a journal cut off anywhere is gone on with, to the same result") {
    for (const auto& [design, profiles] : {std::pair(one_at_a_time, 2), std::pair(adaptive, 0)}) {
        Laboratory laboratory(pipeline, scenario(design, profiles));
        const std::string expected = seen(laboratory.run());
        const std::string text = contents(laboratory.folder() / "out0" / "journal.jsonl");
        // About the first lines and every ninth: by turns at the end of one and within the next.
        std::size_t number = 0;
        for (std::size_t end = 0; end < text.size(); end = text.find('\n', end) + 1) {
            if (++number > 3 && number % 9 != 0) continue;
            const std::size_t cut = number % 2 == 0 ? end : std::min(end + 17, text.size());
            const Cut begun(laboratory, text.substr(0, cut));
            CAPTURE(design, cut);
            CHECK(seen(execute(begun.experiment, begun.options)) == expected);
            const std::string now = contents(begun.options.out / "journal.jsonl");
            CHECK(now.substr(0, end) == text.substr(0, end));
        }
    }
}

TEST_CASE(
    "a power cut leaves bytes that were never written, and they are cut off with what follows") {
    Laboratory laboratory(pipeline, scenario(R"({"method": "one_at_a_time", "replicates": 3})"));
    const std::string expected = seen(laboratory.run());
    std::string text = contents(laboratory.folder() / "out0" / "journal.jsonl");
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(text.size() / 2),
              text.begin() + static_cast<std::ptrdiff_t>(text.size() / 2 + 40), '\0');
    const Cut cut(laboratory, text);
    CHECK(seen(execute(cut.experiment, cut.options)) == expected);
}

TEST_CASE("a complete run is left as it is") {
    Laboratory laboratory(pipeline, scenario(R"({"method": "one_at_a_time", "replicates": 3})"));
    const std::string expected = seen(laboratory.run());
    const std::string text = contents(laboratory.folder() / "out0" / "journal.jsonl");
    const Cut cut(laboratory, text);
    CHECK(seen(execute(cut.experiment, cut.options)) == expected);
    CHECK(contents(cut.options.out / "journal.jsonl") == text);
}

TEST_CASE("what is not this run's journal is refused and left as it is") {
    Laboratory laboratory(pipeline, scenario(R"({"method": "one_at_a_time", "replicates": 3})"));
    (void)laboratory.run();
    std::string text = contents(laboratory.folder() / "out0" / "journal.jsonl");
    text.resize(text.rfind('\n', text.size() - 2) - 5);  // in the middle of the last trial
    {
        Cut cut(laboratory, text);
        cut.experiment.scenario.seed = 4;
        CHECK_THAT(refused(cut), Catch::Contains("the seed: 3 then, 4 now"));
    }
    {
        Cut cut(laboratory, text);
        cut.options.threads_per_trial = 2;
        CHECK_THAT(refused(cut), Catch::Contains("threads a trial: 1 then, 2 now"));
    }
    const auto with = [&](const std::string& old, const std::string& now) {
        std::string other = text;
        const auto at = other.find(old);
        REQUIRE(at != std::string::npos);
        return other.replace(at, old.size(), now);
    };
    const auto what_is_said = [&](const std::string& old, const std::string& now) {
        return refused(Cut(laboratory, with(old, now)));
    };
    CHECK_THAT(what_is_said("DuckDB v", "DuckDB w"), Catch::Contains("the engine"));
    CHECK_THAT(what_is_said("amount > 2", "amount > 1"),
               Catch::Contains("the pipeline at /nodes/large/sql"));
    CHECK_THAT(what_is_said("\"fraction\":0.2", "\"fraction\":0.1"),
               Catch::Contains("/perturbations/1/params/fraction: 0.1 then, 0.2 now"));
    CHECK_THAT(refused(Cut(laboratory, "my thesis")), Catch::Contains("no header"));
    // The base of this run is another one: its trials were held against something else.
    CHECK_THAT(what_is_said("\"values\":[", "\"values\":[1e9,"), Catch::Contains("malformed"));
    const auto base = text.find("\"values\":[") + 10;
    const auto first = text.substr(base, text.find(',', base) - base);
    CHECK_THAT(what_is_said("\"values\":[" + first, "\"values\":[12345.5"),
               Catch::Contains("no longer give the same unperturbed results"));
}

TEST_CASE("how long a run may take decides nothing") {
    Laboratory laboratory(pipeline, scenario("{}"));
    const auto experiment = laboratory.load();
    const auto engine = engine::open_duckdb({});
    const auto sources = address_sources(experiment, *engine, nullptr);
    const auto then = make_header(experiment, *engine, sources, 1, 0);
    auto now = then;
    CHECK(changes_between(then, now).empty());
    now.scenario["limits"] = {{"deadline", "3h"}};
    CHECK(changes_between(then, now).empty());
    now.scenario["limits"]["timeout"] = "3s";
    REQUIRE(changes_between(then, now).size() == 1);
    CHECK_THAT(changes_between(then, now)[0], Catch::Contains("/limits"));
}

TEST_CASE("the data's size alone decides how many threads a trial has") {
    CHECK(threads_for(large_source - 1) == 1);
    CHECK(threads_for(large_source) >= 2);
    Laboratory laboratory(pipeline, scenario(R"({"method": "one_at_a_time", "replicates": 2})"));
    const auto run = [&](const char* out, std::uint64_t large, unsigned threads) {
        RunOptions options;
        options.out = laboratory.folder() / out;
        options.large = large;
        options.threads_per_trial = threads;
        return execute(laboratory.load(), options);
    };
    // 60 rows of three values of eight bytes.
    CHECK(run("small", 60 * 24 + 1, 0).header.threads_per_trial == 1);
    const auto large = run("large", 60 * 24, 0);
    CHECK(large.header.threads_per_trial >= 2);
    CHECK(large.header.approximate);
    CHECK_FALSE(run("stated", 60 * 24, 1).header.approximate);
}
