#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/error.h"
#include "plugin/registry.h"
#include "standard_relation.h"

using namespace faultline;
using namespace faultline::conformance;

namespace {

std::filesystem::path hostile(const std::string& name) {
    return std::filesystem::path(FAULTLINE_PLUGIN_ROOT) / "hostile_plugins" / (name + ".so");
}

/// The message with which a plugin is turned away.
std::string refusal(const std::filesystem::path& file) {
    plugin::Registry registry;
    try {
        registry.load(file);
    } catch (const Error& e) {
        CHECK(e.kind() == ErrorKind::plugin);
        CHECK(registry.plugins().empty());
        return e.what();
    }
    return "loaded";
}

struct Misdeed {
    const char* plugin;
    const char* says;  ///< part of the message
};

}  // namespace

TEST_CASE("what is no plugin of ours is turned away with a reason") {
    for (const auto& [name, says] :
         std::vector<Misdeed>{{"no_symbol", "exports no faultline_plugin_init"},
                              {"throws_in_init", "init is tired"},
                              {"throws_int_in_init", "no std::exception"},
                              {"fails_in_init", "code 77: no licence"},
                              {"other_abi", "another plugin interface than version 1"},
                              {"no_describe", "lacks one of describe"},
                              {"null_description", "returned no text"},
                              {"bad_json", "is not JSON"},
                              {"throws_in_describe", "describe is tired"},
                              {"no_function", "offers none of rewrite, transform"}}) {
        INFO(name);
        CHECK_THAT(refusal(hostile(name)),
                   Catch::Contains(says) && Catch::Contains(std::string(name) + ".so"));
    }
    CHECK_THAT(refusal("nowhere.so"), Catch::Contains("no such file"));
    const auto text = std::filesystem::temp_directory_path() / "faultline_not_an_object.so";
    std::ofstream(text) << "just a text";
    CHECK_THAT(refusal(text), Catch::Contains("cannot be loaded"));
    std::filesystem::remove(text);
}

TEST_CASE("everything that is wrong with a description is said at once") {
    const auto message = refusal(hostile("bad_description"));
    for (const char* part :
         {"Bad Name", "\"version\" must be", "\"dose\" is \"sometimes\"", "unknown key \"colour\"",
          "\"examples\" is empty", "\"fraction\" has no description"})
        CHECK_THAT(message, Catch::Contains(part));
}

TEST_CASE("a folder with bad plugins still gives the good ones") {
    plugin::Registry registry;
    registry.load_folder(std::filesystem::path(FAULTLINE_PLUGIN_ROOT) / "hostile_plugins", true);
    registry.load_folder(std::filesystem::path(FAULTLINE_PLUGIN_ROOT) / "plugins", true);
    CHECK(registry.find("noise") != nullptr);
    CHECK(registry.rejected().size() >= 11);
    CHECK_THROWS_AS(registry.load_folder("no/such/folder", true), Error);
    CHECK_NOTHROW(registry.load_folder("no/such/folder", false));
}

TEST_CASE("of two plugins with one name the first is kept") {
    plugin::Registry registry;
    registry.load(hostile("bad_sql"));
    CHECK_THROWS_WITH(registry.load(hostile("drops_hidden")), Catch::Contains("already loaded"));
    CHECK(registry.plugins().size() == 1);
}

TEST_CASE("a plugin that misbehaves is reported, contained and leaves nothing behind") {
    StandardRelation relation({});
    for (const auto& [name, says] :
         std::vector<Misdeed>{{"throws_in_rewrite", "rewrite threw through the C boundary"},
                              {"throws_in_transform", "transform is tired"},
                              {"fails_unterminated", "xxxx"},
                              {"null_select", "returned no SQL"},
                              {"bad_sql", "does not bind"},
                              {"bad_answer_key", "rows_eaten"},
                              {"drops_hidden", "dropped the hidden columns"},
                              {"lies_about_schema", "keeps the schema"},
                              {"lies_about_rows", "keeps the rows"},
                              {"twice_the_same_column", ""},
                              {"negative_count", "no count"},
                              {"retypes_hidden", "hidden column __fl_key"},
                              {"no_stream", "returned no stream"},
                              {"keeps_input", "returned no stream"},
                              {"no_schema", "without a schema"},
                              {"fails_midway", "cannot be read"},
                              {"too_few_children", "cannot be read"},
                              {"null_buffers", "cannot be read"},
                              {"bad_format", "cannot be read"},
                              {"wrong_count", "counted 0 added, 0 removed"},
                              {"drops_column", "keeps the schema"}}) {
        INFO(name);
        plugin::Registry registry;
        const auto before = relation.tables();
        try {
            const plugin::Fault fault("bad", registry.load(hostile(name)), plugin::Json::object(),
                                      "s.json", "/p/0");
            relation.apply(fault, 1, 1, false);
            FAIL("passed");
        } catch (const Error& e) {
            CHECK(e.kind() == ErrorKind::plugin);
            CHECK(e.node() == "orders");
            CHECK_THAT(e.what(), Catch::Contains(says));
        }
        CHECK(relation.tables() == before);
    }
    // The connection is as good as before.
    CHECK(relation.query("SELECT count(*) FROM " + relation.table()).rows.size() == 1);
}

TEST_CASE("params that a plugin refuses are the user's, at their place") {
    StandardRelation relation({});
    plugin::Registry registry;
    const plugin::Fault fault("bad", registry.load(hostile("refuses_params")),
                              plugin::Json::object(), "s.json", "/p/0");
    try {
        relation.apply(fault, 1, 1, false);
        FAIL("passed");
    } catch (const Error& e) {
        CHECK(e.kind() == ErrorKind::user);
        REQUIRE(e.problems().size() == 1);
        CHECK(e.problems()[0].pointer == "/p/0/params");
        CHECK_THAT(e.problems()[0].expected, Catch::Contains("not on a Sunday"));
    }
    CHECK_THROWS_WITH(plugin::Fault("bad", registry.load(hostile("throws_in_create")),
                                    plugin::Json::object(), "s", "/p"),
                      Catch::Contains("create is tired") || Catch::Contains("already loaded"));
}
