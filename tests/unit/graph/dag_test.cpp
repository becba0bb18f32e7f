#include "graph/dag.h"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "core/error.h"
#include "pipelines.h"

using namespace faultline;
using namespace faultline::graph;
using test::Inputs;
using test::numbered;
using test::pipeline_of;

namespace {

Dag dag_of(const Inputs& inputs) {
    return Dag(pipeline_of(numbered(inputs.size()), inputs), inputs);
}

std::vector<std::string> cycles_of(const std::vector<std::string>& names, const Inputs& inputs) {
    try {
        Dag(pipeline_of(names, inputs), inputs);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::user);
        std::vector<std::string> lines;
        for (const auto& problem : error.problems()) lines.push_back(problem.message());
        return lines;
    }
    return {};
}

/// Edges only from a lower to a higher place in a shuffled order: acyclic, and not sorted.
Inputs random_acyclic() {
    const auto count = *rc::gen::inRange<std::size_t>(1, 14);
    std::vector<NodeIndex> place(count);
    for (std::size_t i = 0; i < count; ++i) place[i] = i;
    for (std::size_t i = count; i > 1; --i)
        std::swap(place[i - 1], place[*rc::gen::inRange<std::size_t>(0, i)]);
    Inputs inputs(count);
    for (std::size_t later = 1; later < count; ++later)
        for (std::size_t earlier = 0; earlier < later; ++earlier)
            if (*rc::gen::inRange(0, 3) == 0) inputs[place[later]].push_back(place[earlier]);
    return inputs;
}

bool reaches(const Dag& dag, NodeIndex from, NodeIndex to, std::optional<NodeIndex> without = {}) {
    if (from == without) return false;
    if (from == to) return true;
    for (const NodeIndex next : dag.consumers(from))
        if (reaches(dag, next, to, without)) return true;
    return false;
}

}  // namespace

TEST_CASE("Among the ready nodes the order is the document's") {
    // 3 → 0, 1 and 2 free: 1 before 2 before 3, and 0 as soon as 3 is done.
    CHECK(dag_of({{3}, {}, {}, {}}).order() == std::vector<NodeIndex>{1, 2, 3, 0});
    CHECK(dag_of({{}, {}, {}}).order() == std::vector<NodeIndex>{0, 1, 2});
    CHECK(dag_of({{2}, {0}, {}}).order() == std::vector<NodeIndex>{2, 0, 1});
}

TEST_CASE("An input named twice counts once, in the place of its first mention") {
    const Dag dag = dag_of({{}, {}, {1, 0, 1}});
    CHECK(dag.inputs(2) == std::vector<NodeIndex>{1, 0});
    CHECK(dag.consumers(1) == std::vector<NodeIndex>{2});
}

TEST_CASE("Cycles are printed from their earliest node, all of them at once") {
    CHECK(cycles_of({"a", "b", "c"}, {{2}, {0}, {1}}) ==
          std::vector<std::string>{"pipeline.json: /nodes/a: found the cycle a → b → c → a, "
                                   "expected an acyclic graph"});
    CHECK(cycles_of({"x", "self"}, {{}, {0, 1}}) ==
          std::vector<std::string>{"pipeline.json: /nodes/self: found the cycle self → self, "
                                   "expected an acyclic graph"});
    // Two knots, with the second also downstream of the first.
    const auto both = cycles_of({"a", "b", "c", "d"}, {{1}, {0}, {1, 3}, {2}});
    REQUIRE(both.size() == 2);
    CHECK(both[0].find("a → b → a") != std::string::npos);
    CHECK(both[1].find("c → d → c") != std::string::npos);
}

TEST_CASE("The cycle that is printed is a shortest one through that node") {
    // a → b → c → d → a and the short cut b → d.
    const auto lines = cycles_of({"a", "b", "c", "d"}, {{3}, {0}, {1}, {2, 1}});
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find("a → b → d → a,") != std::string::npos);
}

TEST_CASE("A long cycle loses its middle") {
    const std::size_t count = 3000;
    Inputs inputs(count);
    for (std::size_t i = 0; i < count; ++i) inputs[i] = {(i + count - 1) % count};
    const auto lines = cycles_of(numbered(count), inputs);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find("n11 → … (2976 more) → n2988 → ") != std::string::npos);
    CHECK(lines[0].find("n2999 → n0,") != std::string::npos);
}

TEST_CASE("Inputs that name no node are the harness's fault") {
    CHECK_THROWS_AS(dag_of({{7}}), Error);
    CHECK_THROWS_AS(Dag(pipeline_of({"a"}, {{}}), {}), Error);
}

TEST_CASE("Dominators of a diamond and of a chain") {
    //  0 → 1 → {2, 3} → 4 → 5
    const Dag dag = dag_of({{}, {0}, {1}, {1}, {2, 3}, {4}});
    CHECK(dag.dominators(5) == std::vector<NodeIndex>{4, 1, 0});
    CHECK(dag.dominators(4) == std::vector<NodeIndex>{1, 0});
    CHECK(dag.dominators(0).empty());
    // Two sources: neither is on every path.
    CHECK(dag_of({{}, {}, {0, 1}}).dominators(2).empty());
}

TEST_CASE("Order, reach and dominators agree with their definitions") {
    REQUIRE(rc::check("against a plain search", [] {
        const Dag dag = dag_of(random_acyclic());
        std::vector<std::size_t> place(dag.size());
        for (std::size_t i = 0; i < dag.size(); ++i) place[dag.order()[i]] = i;
        for (NodeIndex node = 0; node < dag.size(); ++node) {
            for (const NodeIndex input : dag.inputs(node)) RC_ASSERT(place[input] < place[node]);
            const auto down = dag.descendants(node), up = dag.ancestors(node);
            const auto chain = dag.dominators(node);
            for (NodeIndex other = 0; other < dag.size(); ++other) {
                RC_ASSERT(down[other] == reaches(dag, node, other));
                RC_ASSERT(up[other] == reaches(dag, other, node));
                bool without = false;  // is there a way from a source that avoids `other`?
                for (NodeIndex start = 0; start < dag.size(); ++start)
                    without =
                        without || (dag.inputs(start).empty() && reaches(dag, start, node, other));
                const bool listed = std::find(chain.begin(), chain.end(), other) != chain.end();
                RC_ASSERT(listed == (other != node && !without));
            }
        }
    }));
}

// What is quadratic in the nodes outlives the time-out of a test here; what is recursive, the
// stack.
TEST_CASE("Five thousand nodes are no matter") {
    const std::size_t count = 5000;
    Inputs layered(count), chain(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) chain[i] = {i - 1};
        if (i >= 100)
            for (std::size_t k = 0; k < 5; ++k)
                layered[i].push_back(i / 100 * 100 - 100 + (i * 7 + k * 13) % 100);
    }
    for (const auto* inputs : {&layered, &chain}) {
        const auto pipeline = pipeline_of(numbered(count), *inputs, {"n4999", "n4998"});
        const Dag dag(pipeline, *inputs);
        for (NodeIndex node = 0; node < count; node += 25) CHECK(dag.descendants(node)[node]);
        CHECK(to_dot(pipeline, dag).size() > count);
        CHECK(to_json(pipeline, dag).size() > count);
    }
}
