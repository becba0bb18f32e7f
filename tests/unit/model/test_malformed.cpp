#include "../../documents/corpus.h"
#include "expect_problem.h"
#include "model/scenario.h"

using namespace faultline;
using namespace faultline::model;

namespace {

/// Where the trouble is said, in words, and nothing beside it: one fault makes one problem, unless
/// a key's absence is the fault's other half.
void check_case(const corpus::Case& one, const std::vector<Problem>& problems) {
    INFO(one.name << "\n" << one.text << "\n" << listed(problems));
    CHECK(has_problem(problems, one.pointer, one.says));
    for (const Problem& problem : problems) {
        CHECK(problem.file == "dir/some.json");
        CHECK_FALSE(problem.found.empty());
        CHECK_FALSE(problem.expected.empty());
        CHECK(problem.message().find('\n') == std::string::npos);
        CHECK(problem.message().find('\x1b') == std::string::npos);
    }
}

}  // namespace

TEST_CASE("every malformed pipeline is refused where it is wrong") {
    const auto cases = corpus::malformed("pipeline");
    CHECK(cases.size() >= 150);
    for (const auto& one : cases)
        check_case(one, problems_of([&] { (void)parse_pipeline(one.text, "dir/some.json"); }));
}

TEST_CASE("every malformed scenario is refused where it is wrong") {
    const auto cases = corpus::malformed("scenario");
    CHECK(cases.size() >= 120);
    for (const auto& one : cases)
        check_case(one, problems_of([&] { (void)parse_scenario(one.text, "dir/some.json"); }));
}

TEST_CASE("one fault makes one problem") {
    // But for these, whose fault has two halves.
    const std::vector<std::string> twofold = {"an empty object", "misspelt kind",
                                              "column for columns", "a key with U+0000"};
    for (const std::string kind : {"pipeline", "scenario"}) {
        for (const auto& one : corpus::malformed(kind)) {
            if (std::find(twofold.begin(), twofold.end(), one.name) != twofold.end()) continue;
            const auto problems = problems_of([&] {
                if (kind == "pipeline") {
                    (void)parse_pipeline(one.text, "some.json");
                } else {
                    (void)parse_scenario(one.text, "some.json");
                }
            });
            INFO(one.name << "\n" << listed(problems));
            CHECK(problems.size() == 1);
        }
    }
}

TEST_CASE("all that is wrong with a document is said at once") {
    const auto problems = problems_of([] {
        (void)parse_pipeline(R"({
            "faultline": "pipeline/1", "name": "", "name": "twice", "colour": 1, "now": "soon",
            "nodes": {
                "a": {"sorce": {"path": "x.csv"}, "key": 5},
                "b": {"sql": "select 1", "source": {"path": "x"}, "timeout": "1 week"},
                "B": {"command": ["run", "{in:c}"]}
            },
            "outputs": ["a", "cc", 7]
        })",
                             "many.json");
    });
    INFO(listed(problems));
    const std::vector<std::pair<std::string, std::string>> wanted = {
        {"/name", "a second time"},
        {"/name", "not empty"},
        {"/colour", "unknown key"},
        {"/now", "ISO 8601"},
        {"/nodes/a", "none of \"source\""},
        {"/nodes/a/sorce", "did you mean \"source\"?"},
        {"/nodes/a/key", "found the number 5"},
        {"/nodes/b", "\"source\", \"sql\" together"},
        {"/nodes/b/source/path", "extension"},
        {"/nodes/b/timeout", "a duration"},
        {"/nodes/B", "differ by more than case"},
        {"/nodes/B/command", "no {out}"},
        {"/nodes/B/command/1", "{in:c}"},
        {"/outputs/1", "\"cc\""},
        {"/outputs/2", "the number 7"},
    };
    for (const auto& [pointer, words] : wanted) {
        INFO(pointer << ": " << words);
        CHECK(has_problem(problems, pointer, words));
    }
    CHECK(problems.size() == wanted.size());
}

TEST_CASE("a message has file, pointer, what was found, what was expected and the nearest name") {
    const auto problems = problems_of([] {
        (void)parse_pipeline(R"({"faultline": "pipeline/1", "name": "n",
                                 "nodes": {"orders": {"sql": "select 1"}}, "outputs": ["oders"]})",
                             "conf/p.json");
    });
    REQUIRE(problems.size() == 1);
    CHECK(
        problems[0].message() ==
        "conf/p.json: /outputs/0: found the string \"oders\", expected the name of a node; did you "
        "mean \"orders\"?");
}

TEST_CASE("syntax errors have line and column in characters") {
    const auto problems =
        problems_of([] { (void)parse_pipeline("{\n  \"naïve\": \"é\" oops\n}", "p.json"); });
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].pointer == "/naïve");
    CHECK(problems[0].found.find("line 2, column 16") != std::string::npos);
}
