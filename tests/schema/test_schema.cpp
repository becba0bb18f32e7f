#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "../documents/mutate.h"
#include "../documents/tries.h"
#include "core/error.h"
#include "model/document.h"
#include "model/scenario.h"

using namespace faultline;

namespace {

/// One of the published schemas, by the kind of document.
class PublishedSchema {
  public:
    explicit PublishedSchema(const std::string& kind)
        : document_(
              nlohmann::json::parse(corpus::read_file("docs/schema/" + kind + ".schema.json"))) {
        valijson::SchemaParser(valijson::SchemaParser::kDraft7)
            .populateSchema(valijson::adapters::NlohmannJsonAdapter(document_), schema_);
    }

    [[nodiscard]] bool accepts(const std::string& text) const {
        const auto document = nlohmann::json::parse(text, nullptr, true, /*ignore_comments=*/true);
        valijson::Validator validator;
        return validator.validate(schema_, valijson::adapters::NlohmannJsonAdapter(document),
                                  nullptr);
    }

    /// What the schema has against a text, for the log of a failed test.
    [[nodiscard]] std::string complaints(const std::string& text) const {
        const auto document = nlohmann::json::parse(text, nullptr, true, /*ignore_comments=*/true);
        valijson::Validator validator;
        valijson::ValidationResults results;
        validator.validate(schema_, valijson::adapters::NlohmannJsonAdapter(document), &results);
        std::string all;
        for (valijson::ValidationResults::Error error; results.popError(error);) {
            for (const auto& step : error.context) all += step;
            all += ": " + error.description + "\n";
        }
        return all;
    }

  private:
    nlohmann::json document_;
    valijson::Schema schema_;
};

const PublishedSchema& schema_of(const std::string& kind) {
    static const std::map<std::string, PublishedSchema> schemas = [] {
        std::map<std::string, PublishedSchema> all;
        for (const char* name : {"pipeline", "scenario"}) all.try_emplace(name, name);
        return all;
    }();
    return schemas.at(kind);
}

/// What the parser has against a text.
std::vector<Problem> problems_of(const std::string& kind, const std::string& text) {
    try {
        if (kind == "pipeline") {
            (void)model::parse_pipeline(text, "p.json");
        } else {
            (void)model::parse_scenario(text, "s.json");
        }
        return {};
    } catch (const Error& error) {
        return error.problems();
    }
}

/// Why a schema cannot refuse what the parser refuses.
const std::map<std::string, std::string> parser_only = {
    {"syntax", "the text is no JSON"},
    {"duplicate_key", "gone once the text is a tree"},
    {"dangling", "a name that must stand elsewhere in the document"},
    {"unique", "two elements whose ids, not their whole values, are equal"},
    {"case", "names that compare without case"},
    {"calendar", "a day that its month does not have"},
    {"unit_range", "a number written with a unit"},
    {"order", "two values held against each other"},
    {"placeholder", "the inside of a command's argument"},
    {"bytes", "lengths in bytes, not characters"},
    {"nul", "a character in any string"},
    {"precision", "a whole number that a double rounds into range"},
};

}  // namespace

TEST_CASE("schema and parser accept the same valid documents") {
    for (const std::string kind : {"pipeline", "scenario"})
        for (const std::string name : {"contract", "full", "small"}) {
            INFO(name << "." << kind);
            const std::string text = corpus::document(name + "." + kind + ".json");
            CHECK(problems_of(kind, text).empty());
            INFO(schema_of(kind).complaints(text));
            CHECK(schema_of(kind).accepts(text));
        }
}

TEST_CASE("schema and parser accept the scenarios that come with the program") {
    std::size_t pairs = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             std::string(FAULTLINE_SOURCE_DIR) + "/scenarios")) {
        if (entry.path().filename() != "scenario.json") continue;
        INFO(entry.path().string());
        const auto scenario = model::read_scenario(entry.path());
        const auto pipeline = model::read_pipeline(scenario.folder / scenario.pipeline);
        CHECK_NOTHROW(model::check_against(scenario, pipeline));
        CHECK(schema_of("scenario").accepts(model::read_document(scenario.file)));
        CHECK(schema_of("pipeline").accepts(model::read_document(pipeline.file)));
        ++pairs;
    }
    CHECK(pairs >= 1);
}

TEST_CASE("schema and parser refuse the same malformed documents") {
    for (const std::string kind : {"pipeline", "scenario"})
        for (const auto& one : corpus::malformed(kind)) {
            INFO(kind << ": " << one.name << "\n" << one.text);
            CHECK_FALSE(problems_of(kind, one.text).empty());
            if (one.only_parser.empty()) {
                CHECK_FALSE(schema_of(kind).accepts(one.text));
                continue;
            }
            CHECK(parser_only.count(one.only_parser) == 1);
            if (one.only_parser == "syntax") {
                CHECK_THROWS(corpus::parse(one.text));
            } else if (one.only_parser != "precision") {
                INFO(schema_of(kind).complaints(one.text));
                // Else the mark is stale: the schema has learnt to say it.
                CHECK(schema_of(kind).accepts(one.text));
            }
        }
}

TEST_CASE("schema and parser agree on documents that nobody thought of") {
    corpus::try_documents(2000, 20240301);
    // The words of the problems that no schema can find; see parser_only.
    const std::vector<std::string> beyond_schemas = {"the name of a node",
                                                     "the name of a perturbation",
                                                     "the name of one of the \"owners\"",
                                                     "an id of its own",
                                                     "by more than case",
                                                     "each name once",
                                                     "not above the maximum",
                                                     "a closing }",
                                                     "the name of a program",
                                                     "each perturbation in one group"};
    const auto beyond = [&](const Problem& problem) {
        return std::any_of(beyond_schemas.begin(), beyond_schemas.end(), [&](const auto& words) {
            return problem.message().find(words) != std::string::npos;
        });
    };
    for (const std::string kind : {"pipeline", "scenario"})
        for (const std::string name : {"small", "full"}) {
            const auto original = corpus::parse(corpus::document(name + "." + kind + ".json"));
            std::size_t both_accept = 0, both_refuse = 0;
            CHECK(rc::check(name + " " + kind, [&] {
                auto tree = original;
                for (int i = *rc::gen::inRange(1, 4); i > 0; --i) corpus::mutate_tree(tree);
                const std::string text = tree.dump();
                const auto problems = problems_of(kind, text);
                if (!schema_of(kind).accepts(text)) {
                    RC_ASSERT(!problems.empty());
                    ++both_refuse;
                    return;
                }
                for (const Problem& problem : problems) {
                    RC_LOG(problem.message());
                    RC_ASSERT(beyond(problem));
                }
                both_accept += problems.empty() ? 1u : 0u;
            }));
            CHECK(both_accept > 50);
            CHECK(both_refuse > 50);
        }
}
