#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "../../documents/mutate.h"
#include "../../documents/tries.h"
#include "expect_problem.h"
#include "model/document.h"
#include "model/scenario.h"
#include "model/utf8.h"

using namespace faultline;
using namespace faultline::model;
namespace fs = std::filesystem;

namespace {

/// A folder of its own that goes when the test ends.
class Folder {
  public:
    Folder()
        : path_(fs::temp_directory_path() / ("faultline-model-" + std::to_string(::getpid()))) {
        fs::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    [[nodiscard]] fs::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return path_ / name;
    }
    [[nodiscard]] const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

Problem only_problem(const std::string& text) {
    const auto problems = problems_of([&] { (void)parse_pipeline(text, "p.json"); });
    INFO(listed(problems));
    REQUIRE(problems.size() == 1);
    return problems[0];
}

std::string repeated(const std::string& text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
}

}  // namespace

TEST_CASE("files that cannot be read are each said in words") {
    const Folder folder;
    const auto found = [](const fs::path& file) {
        const auto problems = problems_of([&] { (void)read_pipeline(file); });
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].file == file.string());
        return problems[0].found;
    };
    CHECK(found(folder.path() / "none.json") == "no such file");
    CHECK(found(folder.path()) == "a directory");
    CHECK(found(folder.write("empty.json", "")) == "an empty file");
    CHECK(found(folder.write("blank.json", " \n")) == "nothing but white space");
    CHECK(found(folder.write("file.json", "{}") / "below.json") == "no such file");
    const fs::path closed = folder.write("closed.json", "{}");
    fs::permissions(closed, fs::perms::none);
    // To the superuser no file is closed.
    if (::geteuid() != 0) CHECK(found(closed) == "a file that cannot be opened");
    CHECK(
        read_pipeline(folder.write("good.json", corpus::document("small.pipeline.json"))).folder ==
        folder.path());
    CHECK(read_scenario(folder.write("goods.json", corpus::document("small.scenario.json"))).seed ==
          0);
    if (fs::exists("/dev/zero")) CHECK(found("/dev/zero") == "more than 64 MiB");
}

TEST_CASE("bytes that are no text are placed by line and column") {
    CHECK(only_problem("{\n  \"né\": \"\xff\"}").found ==
          "a byte that is not UTF-8 at line 2, column 10");
    CHECK(only_problem("// \xc3\n{}").found == "a byte that is not UTF-8 at line 1, column 4");
    CHECK(only_problem(std::string("{}\0garbage", 10)).found == "a zero byte at line 1, column 3");
    CHECK(only_problem(std::string("\xff\xfe{\0}\0", 6)).found == "text in UTF-16");
    CHECK(only_problem("\xef\xbb\xbf").found == "nothing but white space");
    CHECK(only_problem("{\"a\": \"\xed\xa0\x80\"}").found ==
          "a byte that is not UTF-8 at line 1, column 8");
}

TEST_CASE("depth beyond reason is refused, whatever it is made of") {
    CHECK(only_problem(repeated("[", 10000000)).found == "nesting deeper than 64 levels");
    CHECK(only_problem(repeated("{\"a\":", 5000000)).found == "nesting deeper than 64 levels");
    CHECK(only_problem(repeated("[{\"a\":", 1000)).pointer == repeated("/0/a", 32));
    // The deepest that is allowed, in params.
    const std::string deep = repeated("[", 60) + repeated("]", 60);
    std::string text = corpus::document("small.scenario.json");
    text = corpus::swapped(text, corpus::Json({"[\"price\"]", deep}));
    CHECK(parse_scenario(text, "s.json").perturbations[0].params["columns"].is_array());
    text = corpus::swapped(text, corpus::Json({deep, "[" + deep + "]"}));
    problems_of([&] { (void)parse_scenario(text, "s.json"); });
}

TEST_CASE("size beyond reason is refused in bounded time and memory") {
    CHECK(only_problem(std::string(65u << 20, ' ')).found == "more than 64 MiB");
    CHECK(only_problem("[" + repeated("0,", 1000001) + "0]").found == "more than 1000000 values");
    // Keys that all differ, which a linear search per key would never finish.
    std::string keys = "{\"faultline\": \"pipeline/1\"";
    for (int i = 0; i < 300000; ++i) keys += ",\"k" + std::to_string(i) + "\":0";
    const auto problems = problems_of([&] { (void)parse_pipeline(keys + "}", "p.json"); });
    CHECK(problems.size() == 1001);
    CHECK(problems.back().message().find("problems more than are listed") != std::string::npos);
    // One key that stands very often.
    problems_of(
        [] { (void)parse_pipeline("{" + repeated("\"a\":0,", 300000) + "\"a\":0}", "p.json"); });
}

TEST_CASE("long names make short messages") {
    const std::string name(1000000, 'x');
    const auto problems = problems_of([&] {
        (void)parse_pipeline("{\"" + name + "\": \"" + name + "\", \"name\": [\"" + name + "\"]}",
                             "p.json");
    });
    for (const Problem& problem : problems) CHECK(problem.message().size() < 2000);
}

namespace {

/// Accepted, or refused as a user's error with problems. Says which; anything else escapes.
template <class Parse>
bool accepts(const Parse& parse, const std::string& text) {
    try {
        (void)parse(text, "p.json");
        return true;
    } catch (const Error& error) {
        RC_ASSERT(error.kind() == ErrorKind::user);
        RC_ASSERT(!error.problems().empty());
        for (const Problem& problem : error.problems()) {
            RC_ASSERT(!problem.found.empty() && !problem.expected.empty());
            if (first_invalid_utf8(problem.message())) RC_LOG(problem.message());
            RC_ASSERT(!first_invalid_utf8(problem.message()));
        }
        return false;
    }
}

}  // namespace

TEST_CASE("however a document is mutated, it is accepted or refused in words") {
    corpus::try_documents(3000, 20240229);
    for (const std::string name : {"small", "full", "contract"}) {
        const std::string pipeline = corpus::document(name + ".pipeline.json");
        const std::string scenario = corpus::document(name + ".scenario.json");
        std::size_t accepted = 0, refused = 0;
        const auto run = [&](const auto& parse, const std::string& original) {
            std::string text = original;
            if (*rc::gen::arbitrary<bool>()) {
                Json tree = corpus::parse(original);
                for (int i = *rc::gen::inRange(1, 4); i > 0; --i) corpus::mutate_tree(tree);
                text = tree.dump();
            }
            if (*rc::gen::inRange(0, 3) == 0)
                for (int i = *rc::gen::inRange(1, 4); i > 0; --i) corpus::mutate_text(text);
            ++(accepts(parse, text) ? accepted : refused);
        };
        CHECK(rc::check("pipelines: " + name, [&] { run(parse_pipeline, pipeline); }));
        CHECK(rc::check("scenarios: " + name, [&] { run(parse_scenario, scenario); }));
        // Else the mutations are too weak or too strong to show anything.
        CHECK(accepted > 100);
        CHECK(refused > 100);
    }
}
