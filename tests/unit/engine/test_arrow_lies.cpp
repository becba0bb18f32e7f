#include <functional>

#include "arrow_setup.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;

TEST_CASE("schemas that lie are refused before anything is read") {
    ArrowSetup s;
    const auto column = [](const std::string& format) {
        return structure("", {fixed<std::int64_t>(format, "a", {1})});
    };
    for (const auto* format :
         {"", "x", "e", "+us:0,1", "+r", "vu", "d:0,0", "d:39,1", "d:5", "d:5,9", "d:10,2,64",
          "w:", "w:0", "w:99999999999", "ts", "tsx:", "+w:-1"}) {
        INFO(format);
        CHECK(says(s.refusal(std::vector<Node>{column(format)}), "is not supported"));
    }
    CHECK(says(s.refusal(std::vector<Node>{fixed<std::int64_t>("l", "a", {1})}), "not a struct"));
    CHECK(says(s.refusal(std::vector<Node>{structure("", {})}), "no columns"));
    CHECK(says(s.refusal(std::vector<Node>{structure("", {structure("s", {})})}),
               "struct without fields"));
    Node leaf = fixed<std::int64_t>("l", "a", {1});
    leaf.children = {fixed<std::int64_t>("l", "b", {1})};
    CHECK(says(s.refusal(std::vector<Node>{structure("", {leaf})}), "1 children"));
    Node map = list("+m", "m", {0, 1}, structure("e", {fixed<std::int64_t>("l", "k", {1})}));
    CHECK(says(s.refusal(std::vector<Node>{structure("", {map})}), "not pairs"));
    Node deep = fixed<std::int64_t>("l", "a", {1});
    for (int i = 0; i < 100; ++i) deep = structure("d", {deep});
    CHECK(says(s.refusal(std::vector<Node>{structure("", {deep})}), "nested too deeply"));
    CHECK(says(s.refusal(std::vector<Node>{structure(
                   "", {fixed<std::int64_t>("l", "a", {1}), fixed<std::int64_t>("l", "A", {1})})}),
               "makes no table"));
    Node dictionary = fixed<double>("g", "a", {1});
    dictionary.dictionary = std::make_shared<Node>(strings("u", "", {"x"}));
    CHECK(says(s.refusal(std::vector<Node>{structure("", {dictionary})}), "not integers"));
}

TEST_CASE("arrays that lie are refused and leave no table") {
    ArrowSetup s;
    const auto broken = [&](const std::function<void(Node&)>& breaking) {
        Node bad = two_columns();
        breaking(bad);
        return s.refusal(std::vector<Node>{two_columns(), bad});
    };
    CHECK(says(broken([](Node& n) { n.length = -1; }), "a length of -1"));
    CHECK(says(broken([](Node& n) { n.length = 5; }), "4 values where 5 are needed"));
    CHECK(says(broken([](Node& n) { n.offset = 1; }), "4 values where 5 are needed"));
    CHECK(says(broken([](Node& n) { n.offset = INT64_MAX; }), "an offset of"));
    CHECK(says(broken([](Node& n) { n.length = INT64_MAX; }), "a length of"));
    CHECK(says(broken([](Node& n) { n.null_count = 2; }), "nulls"));
    CHECK(says(broken([](Node& n) {
                   n.null_count = -1;
                   n.buffers[0] = bits({true, false, true, true});
               }),
               "rows that are NULL"));
    CHECK(
        says(broken([](Node& n) { n.children.pop_back(); }), "1 children where the schema has 2"));
    CHECK(says(broken([](Node& n) { n.children[0].length = 3; }), "3 values"));
    CHECK(says(broken([](Node& n) { n.children[0].length = -7; }), "a child of -7 values"));
    CHECK(says(broken([](Node& n) { n.children[0].buffers[1] = nullptr; }), "buffer 1 is missing"));
    CHECK(says(broken([](Node& n) { n.children[0].buffers.pop_back(); }), "1 buffers"));
    CHECK(says(broken([](Node& n) { n.children[0].null_count = 1; }), "without a validity buffer"));
    CHECK(says(broken([](Node& n) { n.children[0].null_count = 9; }), "9 nulls"));
    CHECK(says(broken([](Node& n) {
                   n.children[1].buffers[1] = bytes<std::int32_t>({0, 5, 2, 3, 4});
               }),
               "offsets that fall"));
    CHECK(says(broken([](Node& n) {
                   n.children[1].buffers[1] = bytes<std::int32_t>({-4, 0, 1, 2, 3});
               }),
               "negative offset"));
    CHECK(says(broken([](Node& n) { n.children[1].buffers[2] = nullptr; }), "buffer 2 is missing"));
    CHECK(says(broken([](Node& n) { (*n.children[1].buffers[2])[0] = '\xff'; }),
               "in column name: text that is not UTF-8"));

    const auto refused = [&](const Node& column) {
        return s.refusal(std::vector<Node>{structure("", {column})});
    };
    CHECK(says(refused(list("+l", "l", {0, 9}, fixed<std::int64_t>("l", "x", {1}))),
               "1 values where 9 are needed"));
    CHECK(says(refused(list("+l", "l", {1, 0}, fixed<std::int64_t>("l", "x", {1}))),
               "offsets that fall"));
    Node pairs = fixed<std::int64_t>("l", "x", {1});
    Node array;
    array.format = "+w:3";
    array.name = "a";
    array.length = 1;
    array.buffers = {nullptr};
    array.children = {pairs};
    CHECK(says(refused(array), "1 values where 3 are needed"));
    Node codes = fixed<std::int32_t>("i", "c", {0, 2});
    codes.dictionary = std::make_shared<Node>(strings("u", "", {"x", "y"}));
    CHECK(says(refused(codes), "dictionary index out of range"));
    codes.buffers[1] = bytes<std::int32_t>({0, -1});
    CHECK(says(refused(codes), "dictionary index out of range"));
    CHECK(says(refused(fixed<std::int64_t>("d:3,1", "d", {99999, 0})), "values where") == false);
    Node decimal = fixed<std::int64_t>("d:3,1", "d", {99999, 0});
    decimal.length = 1;
    CHECK(says(refused(decimal), "more than 3 digits"));
}

TEST_CASE("streams that fail are reported in their own words") {
    ArrowSetup s;
    SECTION("in the schema") {
        HandMade made({two_columns()});
        made.fail_schema = true;
        CHECK(says(s.refusal(made),
                   "the Arrow stream failed to give its schema: the plugin's own words"));
    }
    SECTION("after a batch") {
        HandMade made({two_columns(), two_columns()});
        made.fail_at = 1;
        CHECK(says(s.refusal(made), "failed to give its rows: the plugin's own words"));
    }
    SECTION("without words") {
        HandMade made({two_columns()});
        made.fail_at = 0;
        made.error = nullptr;
        CHECK(says(s.refusal(made), "error 5"));
    }
    SECTION("by throwing") {
        HandMade made({two_columns()});
        made.throws = true;
        CHECK(says(s.refusal(made), "threw an exception"));
    }
    SECTION("released or empty") {
        ArrowArrayStream none{};
        CHECK(error_of([&] { s.connection->import_arrow("store.\"t\"", &none); }).kind() ==
              ErrorKind::plugin);
    }
}

TEST_CASE("an import that fails leaves a table of the same name alone") {
    ArrowSetup s;
    s.connection->execute("CREATE TABLE store.t AS SELECT 1 AS a");
    HandMade made({two_columns()});
    const Error error = error_of([&] { s.connection->import_arrow("store.\"t\"", made.stream()); });
    CHECK(says(error.what(), "already exists"));
    CHECK(made.alive == 0);
    CHECK(integer(*s.connection, "SELECT a FROM store.t") == 1);
}

TEST_CASE("an import stops when it is told to") {
    ArrowSetup s;
    StopFlag flag;
    flag.request();
    s.connection->stop_when({std::nullopt, &flag});
    HandMade made({two_columns()});
    CHECK(error_of([&] { s.connection->import_arrow("store.\"t\"", made.stream()); }).kind() ==
          ErrorKind::cancelled);
    CHECK(made.alive == 0);
    s.connection->stop_when({});
    CHECK(integer(*s.connection, "SELECT count(*) FROM duckdb_tables()") == 0);
}
