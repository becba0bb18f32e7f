#include <numeric>

#include "arrow_setup.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;

TEST_CASE("a result goes out as Arrow and comes back the same") {
    ArrowSetup s;
    const char* select =
        "SELECT i, i % 7 = 0 AS b, (i % 100)::TINYINT AS ti, (i % 100)::USMALLINT AS us, i / 3 AS "
        "d, i::FLOAT AS f, "
        "(i / 7)::DECIMAL(18,3) AS dec, (i * 1000000)::DECIMAL(38,5) AS big, "
        "CASE WHEN i % 3 <> 0 THEN 'text number ' || i END AS s, repeat('x', i % 20) AS short, "
        "DATE '2020-01-01' + (i % 1000)::INTEGER AS day, TIME '00:00:00' + to_seconds(i % 86400) "
        "AS tm, "
        "TIMESTAMP '2020-01-01' + to_seconds(i) AS ts, (TIMESTAMP '2020-01-01' + "
        "to_seconds(i))::TIMESTAMPTZ AS tz, "
        "(TIMESTAMP '2020-01-01' + to_seconds(i))::TIMESTAMP_S AS tss, "
        "(TIMESTAMP '2020-01-01' + to_seconds(i))::TIMESTAMP_NS AS tsn, to_days((i % 50)::INTEGER) "
        "AS iv, "
        "CASE WHEN i % 5 <> 0 THEN range(i % 4) END AS l, [range(i % 3), NULL] AS ll, "
        "CASE WHEN i % 4 <> 0 THEN {'a': i, 'b': CASE WHEN i % 2 = 0 THEN 'v' || i END, 'c': {'d': "
        "[i]}} END AS st, "
        "MAP {'k' || i: i} AS m, [i, i + 1]::BIGINT[2] AS arr, ('' || i)::BLOB AS bl "
        "FROM range(10000) t(i)";
    ArrowArrayStream stream{};
    s.connection->export_arrow(select, &stream);
    // The stream stands on its own.
    CHECK(integer(*s.connection, "SELECT 1") == 1);
    s.connection->import_arrow("store.\"t\"", &stream);
    CHECK(stream.release == nullptr);
    CHECK(s.connection->describe("FROM store.t") == s.connection->describe(select));
    CHECK(integer(*s.connection, "SELECT count(*) FROM store.t") == 10000);
    const std::string numbered = "SELECT row_number() OVER () AS n, * FROM ";
    CHECK(integer(*s.connection, "SELECT count(*) FROM (" + numbered + "(" + select +
                                     ") EXCEPT ALL " + numbered + "store.t)") == 0);
}

TEST_CASE("types without an Arrow form of their own come back as their nearest") {
    ArrowSetup s;
    ArrowArrayStream stream{};
    s.connection->export_arrow(
        "SELECT 5::HUGEINT AS h, 'b'::ENUM('a', 'b') AS e, "
        "'00000000-0000-0000-0000-000000000001'::UUID AS u, "
        "'{\"a\": 1}'::JSON AS j, '101'::BIT AS b, NULL AS n, TIMETZ '01:02:03+02' AS tz, "
        "{'x': ['101'::BIT]} AS st",
        &stream);
    s.connection->import_arrow("store.\"t\"", &stream);
    CHECK(text(*s.connection, "SELECT CAST(t AS VARCHAR) FROM store.t") ==
          "{'h': 5, 'e': b, 'u': 00000000-0000-0000-0000-000000000001, 'j': '{\"a\": 1}', 'b': "
          "101, 'n': NULL, 'tz': '01:02:03+02', 'st': '{\\'x\\': [101]}'}");
}

TEST_CASE("an empty result has its columns") {
    ArrowSetup s;
    ArrowArrayStream stream{};
    s.connection->export_arrow("SELECT 1 AS a, [{'x': 'y'}] AS b WHERE false", &stream);
    s.connection->import_arrow("store.\"t\"", &stream);
    CHECK(s.connection->describe("FROM store.t") ==
          Schema{{"a", "INTEGER", TypeFamily::integer},
                 {"b", "STRUCT(\"x\" VARCHAR)[]", TypeFamily::nested}});
    CHECK(integer(*s.connection, "SELECT count(*) FROM store.t") == 0);
}

TEST_CASE("an export that fails hands out no stream") {
    ArrowSetup s;
    ArrowArrayStream stream{};
    CHECK(error_of([&] { s.connection->export_arrow("SELECT nothing", &stream); }).kind() ==
          ErrorKind::data);
    CHECK(stream.release == nullptr);
}

TEST_CASE("an exported stream keeps the rules of the interface") {
    ArrowSetup s;
    ArrowArrayStream stream{};
    s.connection->export_arrow("SELECT i AS a, 'x' AS b FROM range(3000) t(i)", &stream);
    for (int i = 0; i < 2; ++i) {
        ArrowSchema schema{};
        REQUIRE(stream.get_schema(&stream, &schema) == 0);
        CHECK(std::string(schema.format) == "+s");
        REQUIRE(schema.n_children == 2);
        CHECK(std::string(schema.children[0]->name) == "a");
        CHECK(std::string(schema.children[1]->format) == "u");
        schema.release(&schema);
        CHECK(schema.release == nullptr);
    }
    std::int64_t rows = 0;
    ArrowArray last{};
    for (;;) {
        ArrowArray array{};
        REQUIRE(stream.get_next(&stream, &array) == 0);
        if (array.release == nullptr) break;
        rows += array.length;
        if (last.release != nullptr) last.release(&last);
        last = array;
    }
    CHECK(rows == 3000);
    // An array lives longer than its stream and its engine.
    stream.release(&stream);
    s.connection.reset();
    s.engine.reset();
    CHECK(static_cast<const std::int64_t*>(last.children[0]->buffers[1])[last.length - 1] == 2999);
    last.release(&last);
}

TEST_CASE("hand-made Arrow of every layout is read") {
    ArrowSetup s;
    CHECK(s.imported({two_columns(), two_columns()})
              .find("{'id': 3, 'name': a string that is not inlined}") != std::string::npos);
    CHECK(
        s.imported({structure(
            "", {fixed<std::int8_t>("c", "i8", {-1, 2}), fixed<std::uint64_t>("L", "u64", {1, 2}),
                 fixed<float>("f", "f", {0.5f, 1.5f}), fixed<std::int32_t>("tdD", "d", {0, 19000}),
                 fixed<std::int64_t>("tsu:UTC", "tz", {0, 1}), strings("Z", "big", {"a", "b"}),
                 fixed<std::int32_t>("w:4", "w", {0x61616161, 0x62626262}),
                 list("+l", "l", {0, 2, 2}, fixed<std::int32_t>("i", "item", {7, 8, 9}),
                      {true, false})})}) ==
        "{'i8': -1, 'u64': 1, 'f': 0.5, 'd': 1970-01-01, 'tz': '1970-01-01 00:00:00+00', 'big': a, "
        "'w': aaaa, 'l': [7, 8]} "
        "{'i8': 2, 'u64': 2, 'f': 1.5, 'd': 2022-01-08, 'tz': '1970-01-01 00:00:00.000001+00', "
        "'big': b, 'w': bbbb, 'l': NULL}");
    Node codes = fixed<std::uint8_t>("C", "code", {1, 0, 1});
    codes.dictionary = std::make_shared<Node>(strings("u", "", {"zero", "one"}));
    CHECK(s.imported({structure("", {codes})}) == "{'code': one} {'code': zero} {'code': one}");
}

TEST_CASE("offsets are respected at every level") {
    ArrowSetup s;
    for (std::int64_t rows_offset : {0, 1, 2}) {
        for (std::int64_t column_offset : {0, 1, 3}) {
            INFO(rows_offset << ", " << column_offset);
            std::vector<std::int64_t> numbers(12), inner(12);
            std::iota(numbers.begin(), numbers.end(), 0);
            std::iota(inner.begin(), inner.end(), 100);
            std::vector<bool> valid(12);
            std::vector<std::string> names;
            std::vector<std::int32_t> ends{0};
            for (int i = 0; i < 12; ++i) {
                valid[static_cast<std::size_t>(i)] = i % 3 != 0;
                names.push_back("n" + std::to_string(i));
                ends.push_back(i + 1);
            }
            Node number = fixed("l", "n", numbers, valid);
            Node name = strings("u", "s", names, valid);
            Node nested = structure("st", {fixed("l", "x", inner)}, valid);
            Node values = list("+l", "v", ends, fixed("l", "item", inner), valid);
            Node codes =
                fixed<std::int32_t>("i", "c", {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, valid);
            codes.dictionary = std::make_shared<Node>(strings("u", "", names));
            for (Node* column : {&number, &name, &nested, &values, &codes}) {
                column->offset = column_offset;
                column->length = 12 - column_offset;
            }
            Node rows = structure("", {number, name, nested, values, codes});
            rows.offset = rows_offset;
            rows.length = 4;
            std::string expected;
            for (std::int64_t i = rows_offset + column_offset; i < rows_offset + column_offset + 4;
                 ++i) {
                const std::string n = std::to_string(i);
                const std::string x = std::to_string(100 + i);
                expected += expected.empty() ? "" : " ";
                expected += i % 3 == 0 ? "{'n': NULL, 's': NULL, 'st': NULL, 'v': NULL, 'c': NULL}"
                                       : "{'n': " + n + ", 's': n" + n + ", 'st': {'x': " + x +
                                             "}, 'v': [" + x + "], 'c': n" + n + "}";
            }
            CHECK(s.imported({rows}) == expected);
        }
    }
}

TEST_CASE("batches larger than the engine's own are cut, nested columns and all") {
    ArrowSetup s;
    constexpr std::int64_t n = 10000;
    std::vector<std::int64_t> numbers(n);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::vector<bool> valid(n);
    std::vector<std::string> names;
    std::vector<std::int32_t> ends{0};
    for (int i = 0; i < n; ++i) {
        valid[static_cast<std::size_t>(i)] = i % 3 != 0;
        names.push_back("name number " + std::to_string(i));
        ends.push_back(i + 1);
    }
    s.imported({structure(
        "",
        {fixed("l", "i", numbers), fixed("l", "v", numbers, valid), strings("u", "s", names, valid),
         structure("st", {fixed("l", "x", numbers), strings("u", "y", names, valid)}, valid),
         list("+l", "l", ends, structure("item", {fixed("l", "z", numbers)}), valid)})});
    CHECK(
        integer(*s.connection,
                "SELECT count(*) FROM store.t WHERE i = rowid AND CASE WHEN i % 3 = 0 THEN v IS "
                "NULL AND s IS NULL AND "
                "st IS NULL AND l IS NULL ELSE v = i AND s = 'name number ' || i AND st.x = i AND "
                "st.y = 'name number ' || i AND l = [{'z': i}] END") == n);
}
