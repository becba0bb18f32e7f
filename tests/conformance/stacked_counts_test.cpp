#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <list>
#include <string>
#include <vector>

#include "core/error.h"
#include "plugin/registry.h"
#include "standard_relation.h"

// What several faults of a stack have counted is asked in one statement; nothing that one of them
// does wrong may become another's.

using namespace faultline;
using namespace faultline::conformance;

namespace {

/// Faults by the file of their plugin, each loaded by itself: hostile ones share a name.
class Faults {
  public:
    explicit Faults(const char* folder) : folder_(folder) {}
    const plugin::Fault& get(const std::string& name, const std::string& params = "{}") {
        const auto file = std::filesystem::path(FAULTLINE_PLUGIN_ROOT) / folder_ / (name + ".so");
        return faults_.emplace_back(name, registries_.emplace_back().load(file),
                                    plugin::Json::parse(params), "s.json", "/p/0");
    }

  private:
    const char* folder_;
    std::list<plugin::Registry> registries_;
    std::list<plugin::Fault> faults_;
};

struct Wrong {
    const char* plugin;
    const char* says;  ///< what is said of it wherever it stands
};
constexpr Wrong wrongs[] = {{"counts_neighbour", "rows_changed"},
                            {"counts_each_row", "1200 rows, not one"},
                            {"counts_no_row", "0 rows, not one"},
                            {"bad_answer_key", "rows_eaten"},
                            {"negative_count", "no count"}};

std::string refusal(StandardRelation& relation, const std::vector<plugin::Application>& stack) {
    const auto before = relation.tables();
    std::string said;
    try {
        relation.apply(stack);
        FAIL("passed");
    } catch (const Error& e) {
        CHECK(e.kind() == ErrorKind::plugin);
        CHECK(e.node() == "orders");
        said = e.what();
    }
    CHECK(relation.tables() == before);
    return said;
}

/// Statements that ask for what was counted.
std::ptrdiff_t counts_in(const std::vector<std::string>& asked) {
    return std::count_if(asked.begin(), asked.end(), [](const std::string& sql) {
        return sql.find("rows_changed") != std::string::npos;
    });
}

}  // namespace

TEST_CASE("a count beside sound ones reads nothing of theirs, and is of one row") {
    StandardRelation relation({});
    Faults sound("plugins"), bad("hostile_plugins");
    const auto& before = sound.get("shift", R"({"columns": ["price"], "delta": 1})");
    const auto& after = sound.get("nulls", R"({"columns": ["score"], "fraction": 0.5})");
    for (const auto& wrong : wrongs) {
        INFO(wrong.plugin);
        const auto& fault = bad.get(wrong.plugin);
        CHECK_THAT(refusal(relation, {{&before, 1, 1}, {&fault, 1, 2}, {&after, 1, 3}}),
                   Catch::Contains(wrong.says) && Catch::Contains("plugin sound on orders"));
    }
}

TEST_CASE("of two counts that are wrong the earlier is named") {
    StandardRelation relation({});
    Faults bad("hostile_plugins");
    for (const auto& first : wrongs)
        for (const auto& second : wrongs) {
            if (std::string(first.plugin) == second.plugin) continue;
            INFO(first.plugin << ", then " << second.plugin);
            CHECK_THAT(refusal(relation,
                               {{&bad.get(first.plugin), 1, 1}, {&bad.get(second.plugin), 1, 2}}),
                       Catch::Contains(first.says));
        }
}

TEST_CASE("counts of a stack are asked five at a time, and each alone where that fails") {
    std::vector<std::string> asked;
    StandardRelation::How how;
    how.asked = &asked;
    StandardRelation relation(how);
    Faults sound("plugins"), bad("hostile_plugins");
    const auto& noise = sound.get("noise", R"({"columns": ["score"], "std": 1})");
    for (const auto& [faults, statements] :
         {std::pair<std::size_t, std::ptrdiff_t>{1, 1}, {2, 1}, {5, 1}, {6, 2}, {11, 3}}) {
        INFO(faults << " faults");
        std::vector<plugin::Application> stack;
        while (stack.size() < faults) stack.push_back({&noise, 1, stack.size() + 1});
        asked.clear();
        CHECK(relation.apply(stack).answer_keys.size() == faults);
        CHECK(counts_in(asked) == statements);
    }
    asked.clear();
    refusal(relation, {{&noise, 1, 1}, {&bad.get("counts_each_row"), 1, 2}, {&noise, 1, 3}});
    // All three at once, then until it is known whose fault it is.
    CHECK(counts_in(asked) == 1 + 2);
}
