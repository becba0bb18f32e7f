#pragma once

#include <memory>
#include <string>
#include <vector>

#include "arrow_fixture.h"
#include "fixture.h"

namespace faultline::engine::test {

/// A locked engine, and what importing into it gives.
struct ArrowSetup {
    ArrowSetup() : engine(open_duckdb({})), connection(engine->connect()) { engine->lock_down(); }

    std::string imported(std::vector<Node> batches) {
        connection->execute("DROP TABLE IF EXISTS store.t");
        HandMade made(std::move(batches));
        ArrowArrayStream* stream = made.stream();
        connection->import_arrow("store.\"t\"", stream);
        CHECK(stream->release == nullptr);
        CHECK(made.alive == 0);
        return text(*connection,
                    "SELECT coalesce(string_agg(t::VARCHAR, ' ' ORDER BY rowid), '') FROM store.t");
    }

    /// What import_arrow says of a broken stream, after checking that it left nothing.
    std::string refusal(HandMade& made) {
        ArrowArrayStream* stream = made.stream();
        const Error error = error_of([&] { connection->import_arrow("store.\"t\"", stream); });
        CHECK(error.kind() == ErrorKind::plugin);
        CHECK(stream->release == nullptr);
        CHECK(made.alive == 0);
        CHECK(integer(*connection, "SELECT count(*) FROM duckdb_tables()") == 0);
        return error.what();
    }
    std::string refusal(std::vector<Node> batches) {
        HandMade made(std::move(batches));
        return refusal(made);
    }

    std::unique_ptr<SqlEngine> engine;
    std::unique_ptr<Connection> connection;
};

inline bool says(const std::string& message, const std::string& part) {
    INFO(message);
    return message.find(part) != std::string::npos;
}

inline Node two_columns() {
    return structure("", {fixed<std::int64_t>("l", "id", {1, 2, 3, 4}),
                          strings("u", "name", {"a", "", "a string that is not inlined", "d"},
                                  {true, false, true, true})});
}

}  // namespace faultline::engine::test
