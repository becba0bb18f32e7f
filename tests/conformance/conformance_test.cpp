#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "cases.h"
#include "core/error.h"
#include "difference.h"
#include "plugin/targets.h"

using namespace faultline;
using namespace faultline::conformance;

namespace {

std::vector<std::string> tags(StandardRelation& relation, const std::string& from) {
    std::vector<std::string> out;
    for (const auto& row : relation.query("SELECT tag FROM " + from).rows)
        out.push_back(std::get<std::string>(row[0]));
    return out;
}

}  // namespace

TEST_CASE("severity 0 is the identity, bit for bit and in order") {
    StandardRelation relation({});
    for (const auto& sample : cases()) {
        INFO(sample.name());
        const auto out = relation.apply(sample.fault(), 0, 1, sample.transform);
        CHECK(out.columns == relation.columns());
        CHECK(content(relation, out) == content(relation, relation.table()));
        CHECK(tags(relation, "(" + out.select + ")") == tags(relation, relation.table()));
    }
}

TEST_CASE("doses nest, in the plugin's unit, and what is counted equals an independent full diff") {
    StandardRelation relation({});
    for (const auto& sample : cases())
        for (const std::uint64_t stream : {1u, 2u}) {
            std::set<std::string> smaller;
            for (const double severity : {0.2, 0.4, 0.7, 1.0}) {
                INFO(sample.name() << " at " << severity << ", stream " << stream);
                const auto out = relation.apply(sample.fault(), severity, stream, sample.transform);
                auto found = difference(relation, out);
                check_counted(out.answer_keys.at(0), found);
                const bool must = severity == 1.0 && !sample.plugin->about().benign;
                if (must) CHECK(out.answer_keys.at(0).changed_anything());
                CHECK(std::includes(found.affected.begin(), found.affected.end(), smaller.begin(),
                                    smaller.end()));
                smaller = std::move(found.affected);
                relation.drop(out);
            }
        }
}

TEST_CASE("the same rows for 1 and 8 threads and any row order") {
    // Long enough for the engine, which hands 122,880 rows to a thread, to cut it into pieces.
    StandardRelation one({150'000, 1, false, 0}), eight({150'000, 8, true, 0, true});
    for (const auto& sample : cases()) {
        INFO(sample.name());
        const auto a = one.apply(sample.fault(), 0.8, 3, sample.transform);
        const auto b = eight.apply(sample.fault(), 0.8, 3, sample.transform);
        CHECK(a.columns == b.columns);
        CHECK(a.answer_keys.at(0).to_json() == b.answer_keys.at(0).to_json());
        CHECK(checksum(one, a) == checksum(eight, b));
        one.drop(a);
        eight.drop(b);
    }
}

TEST_CASE("the same rows for any chunk size") {
    StandardRelation whole({});
    for (const std::int64_t chunk : {1, 7, 500}) {
        StandardRelation cut({1200, 1, false, chunk});
        for (const auto& sample : cases()) {
            if (!sample.transform) continue;
            INFO(sample.name() << " in chunks of " << chunk);
            const auto a = whole.apply(sample.fault(), 0.8, 3, true),
                       b = cut.apply(sample.fault(), 0.8, 3, true);
            CHECK(content(whole, a) == content(cut, b));
            CHECK(a.answer_keys.at(0).to_json() == b.answer_keys.at(0).to_json());
            whole.drop(a);
            cut.drop(b);
        }
    }
}

TEST_CASE("the stream decides, and only where the plugin says that it draws") {
    StandardRelation relation({});
    for (const auto& sample : cases()) {
        INFO(sample.name());
        const auto fault = sample.fault();
        std::vector<std::vector<std::vector<engine::Value>>> results;
        for (const std::uint64_t stream : {1u, 1u, 2u, 3u, 4u}) {
            const auto out = relation.apply(fault, 0.8, stream, sample.transform);
            results.push_back(content(relation, out));
            relation.drop(out);
        }
        CHECK(results[0] == results[1]);
        const bool all_same =
            results[0] == results[2] && results[0] == results[3] && results[0] == results[4];
        if (!fault.draws_at(0.8)) CHECK(all_same);
        if (fault.draws_at(0.8) && !sample.plugin->about().benign) CHECK_FALSE(all_same);
    }
}

TEST_CASE("what a plugin says that it keeps, it keeps") {
    StandardRelation relation({});
    for (const auto& sample : cases()) {
        INFO(sample.name());
        const auto out = relation.apply(sample.fault(), 1, 5, sample.transform);
        const auto& about = sample.plugin->about();
        const auto found = difference(relation, out);
        // Trials are spared the steps that read none of a fault's columns: what keeps everything
        // else has to keep the other columns.
        if (about.keeps_schema && about.keeps_rows && about.keeps_order && !about.accepts.empty()) {
            std::vector<Problem> problems;
            std::set<std::string> targets;
            for (const auto at : plugin::targets_of(sample.fault(), relation.columns(), problems))
                targets.insert(relation.columns()[at].name);
            for (const auto& [column, cells] : found.cells) {
                INFO(column << ": " << cells << " cells");
                CHECK((targets.contains(column) || cells == 0));
            }
        }
        if (about.keeps_schema) CHECK(out.columns == relation.columns());
        if (about.keeps_rows) CHECK(found.rows_added + found.rows_removed == 0);
        if (about.keeps_order) {
            const auto before = tags(relation, relation.table()),
                       after = tags(relation, "(" + out.select + ")");
            std::size_t at = 0;
            for (const auto& tag : after) {
                while (at < before.size() && before[at] != tag) ++at;
                REQUIRE(at < before.size());
            }
        }
        relation.drop(out);
    }
}

TEST_CASE("unknown parameters are refused with their place") {
    for (const auto& sample : cases()) {
        INFO(sample.name());
        auto wrong = sample;
        wrong.params["no_such_parameter"] = 1;
        try {
            const auto fault = wrong.fault();
            FAIL("accepted");
        } catch (const Error& e) {
            CHECK(e.kind() == ErrorKind::user);
            REQUIRE(e.problems().size() == 1);
            CHECK(e.problems()[0].pointer == "/perturbations/0/params/no_such_parameter");
        }
    }
}
