#include <catch2/catch.hpp>

#include <limits>

#include "core/error.h"
#include "journal/records.h"

using namespace faultline;
using namespace faultline::journal;

namespace {

std::string lines_before() {
    Header header;
    header.scenario = Json::object();
    header.pipeline = Json::object();
    header.versions = Json::object();
    TrialRecord trial;
    trial.number = 3;
    return to_json(header).dump() + "\n" + to_json(Base{}).dump() + "\n" + to_json(trial).dump() +
           "\n";
}

}  // namespace

TEST_CASE("Profiles read back as they were written, sorted") {
    NodeProfile node;
    node.node = "orders";
    node.numbers = {{"rows", 10}, {"keys", 9}};
    node.sql = {{"rows", "count(*)"}};
    node.left_out = 2;
    node.columns.push_back({"price",
                            "DOUBLE",
                            {{"mean", 0.1 + 0.2}, {"max", std::numeric_limits<double>::infinity()}},
                            {"a", "b"},
                            {{"mean", "avg(price)"}}});
    NodeProfile edge;
    edge.node = "orders";
    edge.consumer = "sales";
    edge.same = true;
    const Profile base{std::nullopt, std::nullopt, {node}};
    const Profile part{std::nullopt, 0, {edge}};
    const Profile trial{3, std::nullopt, {node, edge}};
    std::string text = lines_before();
    for (const auto& profile : {trial, part, base}) text += to_json(profile).dump() + "\n";
    const Journal journal = read_text(text, "journal");
    REQUIRE(journal.profiles.size() == 3);
    CHECK(to_json(journal.profiles[0]) == to_json(base));
    CHECK(to_json(journal.profiles[1]) == to_json(part));
    CHECK(to_json(journal.profiles[2]) == to_json(trial));
    CHECK(journal.profiles[0].nodes[0].columns[0].numbers.at("mean") == 0.1 + 0.2);
}

TEST_CASE("A profile of nothing, or twice, is malformed") {
    const auto refused = [](const Profile& profile, int times) {
        std::string text = lines_before();
        for (int i = 0; i < times; ++i) text += to_json(profile).dump() + "\n";
        try {
            (void)read_text(text, "journal");
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(refused({7, std::nullopt, {}}, 1).find("trial 7, which is not there") !=
          std::string::npos);
    CHECK(refused({3, std::nullopt, {}}, 2).find("there twice") != std::string::npos);
    CHECK(refused({3, std::nullopt, {}}, 1).empty());
}
