#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "cases.h"
#include "difference.h"
#include "plugin/params.h"

// Every plugin that can follow `along` does, in every shape.

using namespace faultline;
using namespace faultline::conformance;
using plugin::Json;

namespace {

/// A shape, and which rows of the standard relation (`day`: January 1st to 30th) it leaves alone.
struct Line {
    const char* along;
    const char* without;
};
constexpr Line lines[] = {
    {R"({"shape": "step", "start": "2024-01-16"})", "day < DATE '2024-01-16'"},
    {R"({"shape": "ramp", "start": 0.25, "end": 0.75})", "day < DATE '2024-01-08'"},
    {R"({"shape": "trend"})", "day = DATE '2024-01-01'"},
    {R"({"shape": "spike", "start": "2024-01-10", "end": "2024-01-20"})",
     "day < DATE '2024-01-10' OR day > DATE '2024-01-20'"},
    {R"({"shape": "season", "cycles": 2, "start": 0.1})", "day < DATE '2024-01-03'"}};

struct Follower {
    Case sample;
    Line line;
    bool first;  ///< of its plugin
};

/// The plugins that follow: the first example of each in every shape; the others, where the plugin
/// has to see to the dose itself, in the one that has doses of all sizes. What an example says of
/// how rows are chosen gives way, since a plugin whose severity scales that takes it from nobody
/// else.
const std::vector<Follower>& followers() {
    static const auto all = [] {
        std::vector<Follower> out;
        std::set<std::string> plugins;
        for (const auto& sample : cases()) {
            const auto& about = sample.plugin->about();
            const auto admitted = plugin::admitted_keys(about);
            if (std::find(admitted.begin(), admitted.end(), "along") == admitted.end()) continue;
            const bool first = plugins.insert(about.name).second;
            for (const auto& line : lines) {
                if (!first && (!about.doses_rows || &line != std::end(lines) - 1)) continue;
                auto with = sample;
                for (const char* key : {"mechanism", "given", "sampling", "weight", "by"})
                    if (!about.doses_rows) with.params.erase(key);
                with.params["along"] = Json::parse(line.along);
                out.push_back({std::move(with), line, first});
            }
        }
        REQUIRE(plugins.size() >= 35);
        return out;
    }();
    return all;
}

}  // namespace

TEST_CASE("along a line, doses nest, answers are counted, and rows without a dose are as before") {
    StandardRelation relation({});
    for (const auto& [sample, line, first] : followers()) {
        INFO(sample.name());
        if (first) {
            const auto none = relation.apply(sample.fault(), 0, 2, sample.transform);
            CHECK(content(relation, none) == content(relation, relation.table()));
        }
        std::set<std::string> smaller;
        for (const double severity : {0.3, 1.0}) {
            INFO("severity " << severity);
            const auto out = relation.apply(sample.fault(), severity, 2, sample.transform);
            auto found = difference(relation, out);
            check_counted(out.answer_keys.at(0), found);
            CHECK(std::includes(found.affected.begin(), found.affected.end(), smaller.begin(),
                                smaller.end()));
            smaller = std::move(found.affected);
            // `total: kept` makes up for the rows that are hit with all the others.
            const bool keeps_total = sample.params.value("total", "") == "kept";
            if (!keeps_total && out.columns == relation.columns()) {
                const auto gone =
                    relation.query("SELECT count(*) FROM (FROM " + relation.table() + " WHERE " +
                                   line.without + " EXCEPT ALL FROM (" + out.select + "))");
                CHECK(std::get<std::int64_t>(gone.rows.at(0).at(0)) == 0);
            }
            relation.drop(out);
        }
    }
}

TEST_CASE("along a line, the same rows for 1 and 8 threads and any row order") {
    // Long enough for the engine to cut it into pieces for its threads.
    StandardRelation one({150'000, 1, false, 0}), eight({150'000, 8, true, 0});
    for (const auto& [sample, line, first] : followers()) {
        // How a plugin writes its SQL is the same for every shape.
        if (!first || std::string(line.along).find("season") == std::string::npos) continue;
        INFO(sample.name());
        const auto a = one.apply(sample.fault(), 0.8, 3, sample.transform);
        const auto b = eight.apply(sample.fault(), 0.8, 3, sample.transform);
        CHECK(a.answer_keys.at(0).to_json() == b.answer_keys.at(0).to_json());
        CHECK(checksum(one, a) == checksum(eight, b));
        one.drop(a);
        eight.drop(b);
    }
}
