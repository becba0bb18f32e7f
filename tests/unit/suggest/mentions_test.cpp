#include "suggest/mentions.h"

#include <catch2/catch.hpp>

using faultline::suggest::identifiers_in;

TEST_CASE("Identifiers are words and quoted names, in neither strings nor comments") {
    const auto found = identifiers_in(
        "select O.Amount, \"Grösse \"\"m\"\"\", 'not this, it''s text' -- nor this\n"
        "from orders /* nor that */ where größe>1");
    for (const char* name : {"o", "amount", "grösse \"m\"", "orders", "größe"})
        CHECK(found.contains(name));
    for (const char* name : {"not", "text", "nor", "that", "it"}) CHECK_FALSE(found.contains(name));
}

TEST_CASE("Text that ends within a quote or a comment is read to its end") {
    CHECK(identifiers_in("\"open").contains("open"));
    CHECK(identifiers_in("a 'open").size() == 1);
    CHECK(identifiers_in("a /* open").size() == 1);
    CHECK(identifiers_in("a -- open").size() == 1);
    CHECK(identifiers_in("").empty());
}
