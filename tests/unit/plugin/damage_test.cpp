#include <catch2/catch.hpp>
#include <thread>

#include "file_bench.h"

using namespace faultline;
using namespace faultline::plugin;

namespace {

FileBench::Files three_files() {
    FileBench::Files files;
    for (int file = 0; file < 3; ++file) {
        std::string text = "id,day,amount\n";
        for (int i = 0; i < 40; ++i)
            text += fmt::format("{},2024-01-{:02},{}.5\n", file * 40 + i, file * 10 + i % 9 + 1, i);
        files.emplace_back(fmt::format("orders-{}.csv", file), text);
    }
    return files;
}

std::vector<std::string> texts(const Damage& damage) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < damage.copies.size(); ++i)
        out.push_back(FileBench::text(damage, i));
    return out;
}

std::vector<bool> damaged(const Damage& damage) {
    std::vector<bool> out;
    for (const auto& copy : damage.copies) out.push_back(copy.damaged);
    return out;
}

}  // namespace

TEST_CASE("severity 0 is the file itself, and nobody is called") {
    FileBench bench(three_files());
    bench.survey();
    const auto out = bench.apply(Bench::fault("byte_flips", "{}"), 0);
    CHECK(damaged(out) == std::vector<bool>{false, false, false});
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(std::filesystem::is_symlink(*out.copies[i].path));
        CHECK(FileBench::text(out, i) == FileBench::text(bench.surveyed.files[i].path));
    }
    CHECK_FALSE(out.answer_keys[0].expected_any);
    CHECK_FALSE(out.answer_keys[0].changed_anything());
}

TEST_CASE("undamaged copies are read as the table that was loaded") {
    FileBench bench(three_files());
    for (const auto reader : {model::Reader::frozen, model::Reader::sniff}) {
        bench.source.reader = reader;
        bench.survey();
        const auto out = bench.apply(Bench::fault("byte_flips", "{}"), 0);
        const auto select = bench.read_sql(out);
        CHECK(bench.connection->describe(select) == bench.surveyed.table);
        CHECK(bench.rows(select) == bench.rows("SELECT * FROM store.base"));
    }
}

TEST_CASE("files says which, by name or pattern, with or without the folder") {
    FileBench bench(three_files());
    bench.survey();
    for (const auto& [files, hit] : std::vector<std::pair<std::string, std::vector<bool>>>{
             {"orders-1.csv", {false, true, false}},
             {"data/orders-1.csv", {false, true, false}},
             {"*-[12].csv", {false, false, false}},
             {"*-?.csv", {true, true, true}},
             {"data/*2.csv", {false, false, true}}}) {
        INFO(files);
        const auto fault = Bench::fault("missing_file", R"({"files": ")" + files + "\"}");
        const auto out = bench.apply(fault);
        CHECK(damaged(out) == hit);
        CHECK(out.answer_keys[0].files == std::count(hit.begin(), hit.end(), true));
        std::vector<Problem> problems;
        check_fits_files(fault, "orders", bench.surveyed, "", problems);
        const bool none = std::none_of(hit.begin(), hit.end(), [](bool b) { return b; });
        CHECK(problems.empty() != none);
        if (none) {
            CHECK(out.answer_keys[0].expected_any);
            CHECK(problems[0].pointer == "/perturbations/0/params/files");
            CHECK_THAT(problems[0].expected, Catch::Contains("data/orders-0.csv"));
        }
    }
}

TEST_CASE("files are drawn exactly, nested, by their names and not by their number") {
    FileBench bench(three_files());
    bench.survey();
    const auto fault = Bench::fault("missing_file", "{}");
    for (std::uint64_t stream = 1; stream <= 20; ++stream) {
        std::vector<bool> before(3, false);
        for (const auto& [severity, count] :
             std::vector<std::pair<double, int>>{{0.1, 0}, {0.2, 1}, {0.5, 2}, {0.8, 2}, {1, 3}}) {
            const auto now = damaged(bench.apply(fault, severity, stream));
            CHECK(std::count(now.begin(), now.end(), true) == count);
            for (std::size_t i = 0; i < 3; ++i) CHECK((!before[i] || now[i]));
            before = now;
        }
    }
    // Which of two is taken first is the same whether a third is there or not.
    auto files = three_files();
    files.erase(files.begin());
    FileBench fewer(files);
    fewer.survey();
    for (std::uint64_t stream = 1; stream <= 20; ++stream) {
        const auto two = damaged(fewer.apply(fault, 0.5, stream));
        const auto all_three = damaged(bench.apply(fault, 0.5, stream));
        // Of three, two are taken: the one that goes first of the two is among them.
        CHECK((two[0] ? all_three[1] : all_three[2]));
    }
}

TEST_CASE("faults of one source act in the order of the stack") {
    FileBench bench(FileBench::Files{{"a.csv", "id,name\n1,x\n2,y\n"}});
    bench.survey();
    const auto upper = Bench::fault("csv_header", R"({"mode": "upper"})");
    const auto title = Bench::fault("preamble", R"({"lines": 1, "text": "title"})");
    const auto gone = Bench::fault("missing_file", "{}");
    const auto both = bench.apply({{&upper, 1, 1}, {&title, 1, 2}});
    CHECK(FileBench::text(both) == "title\nID,NAME\n1,x\n2,y\n");
    // A title first is taken for the header: a fault knows the file as the base read it.
    CHECK(FileBench::text(bench.apply({{&title, 1, 2}, {&upper, 1, 1}})) ==
          "TITLE\nid,name\n1,x\n2,y\n");
    const auto none = bench.apply({{&gone, 1, 1}, {&upper, 1, 2}});
    CHECK(FileBench::text(none) == "(gone)");
    CHECK(none.answer_keys[0].files == 1);
    CHECK_FALSE(none.answer_keys[1].changed_anything());
    CHECK(none.answer_keys[1].expected_any);
}

TEST_CASE("the originals are left alone and other files of the folder go") {
    FileBench bench(three_files());
    bench.survey();
    const auto before = three_files();
    for (const auto* name : {"byte_flips", "empty_file", "missing_file", "file_truncated", "bom"}) {
        const auto out = bench.apply(Bench::fault(name, "{}"));
        for (std::size_t i = 0; i < 3; ++i)
            CHECK(FileBench::text(bench.surveyed.files[i].path) == before[i].second);
    }
}

TEST_CASE("several threads may damage the same source at once") {
    FileBench bench(three_files());
    bench.survey();
    const auto fault = Bench::fault("ragged_records", R"({"fraction": 0.3})");
    const auto expected = texts(bench.apply(fault));
    std::vector<std::vector<std::string>> seen(4);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < seen.size(); ++t)
        threads.emplace_back([&, t] {
            const auto connection = bench.engine->connect();
            const auto out =
                damage({*connection, bench.engine->dialect(), "orders", bench.source.format,
                        bench.surveyed, bench.folder / "threads" / std::to_string(t)},
                       {{&fault, 1, 7}});
            seen[t] = texts(out);
        });
    for (auto& thread : threads) thread.join();
    for (const auto& one : seen) CHECK(one == expected);
}

TEST_CASE("rows and columns are no business of a fault of files") {
    for (const char* params : {R"({"where": "id > 1"})", R"({"columns": ["id"]})",
                               R"({"mechanism": "at_random"})", R"({"along": {"shape": "step"}})"})
        CHECK_THROWS_AS(Bench::fault("byte_flips", params), Error);
    // Of whole files the share is always exact, so there is nothing to state.
    CHECK_THROWS_AS(Bench::fault("missing_file", R"({"exact": true})"), Error);
    CHECK_NOTHROW(Bench::fault("byte_flips", R"({"exact": true, "fraction": 0.2})"));
    CHECK_THROWS_AS(Bench::fault("byte_flips", R"({"fraction": 1.5})"), Error);
}
