#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "fixture.h"

using namespace faultline;
using namespace faultline::engine;
using namespace faultline::engine::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* endless =
    "SELECT count(*) FROM range(100000000000) a(i) WHERE i % 7 = (i * i) % 11";

}  // namespace

TEST_CASE("a statement whose time is up is stopped, and the connection goes on") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    const auto begin = std::chrono::steady_clock::now();
    connection->stop_when({begin + 100ms, nullptr});
    const Error error = error_of([&] { connection->query(endless); });
    CHECK(error.kind() == ErrorKind::cancelled);
    CHECK(std::string(error.what()) == "timed out");
    CHECK(std::chrono::steady_clock::now() - begin < 5s);

    // The deadline has passed: nothing starts any more.
    CHECK(error_of([&] { connection->execute("CREATE TABLE t AS SELECT 1"); }).kind() ==
          ErrorKind::cancelled);
    CHECK(error_of([&] { connection->describe("SELECT 1"); }).kind() == ErrorKind::cancelled);
    connection->stop_when({});
    CHECK(integer(*connection, "SELECT count(*) FROM duckdb_tables()") == 0);
}

TEST_CASE("a table being made when the time is up leaves nothing behind") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    connection->stop_when({std::chrono::steady_clock::now() + 50ms, nullptr});
    const std::string statement = fmt::format("CREATE TABLE store.t AS {}", endless);
    CHECK(error_of([&] { connection->execute(statement); }).kind() == ErrorKind::cancelled);
    connection->stop_when({});
    CHECK(integer(*connection, "SELECT count(*) FROM duckdb_tables()") == 0);
}

TEST_CASE("an interrupt stops a statement wherever it comes") {
    const auto engine = open_duckdb({});
    const auto connection = engine->connect();
    SECTION("before the start") {
        StopFlag flag;
        flag.request();
        connection->stop_when({std::nullopt, &flag});
        const Error error = error_of([&] { connection->execute(endless); });
        CHECK(error.kind() == ErrorKind::cancelled);
        CHECK(std::string(error.what()) == "interrupted");
    }
    SECTION("at any moment near the start") {
        // One sent between the check and the engine's own start would be lost, were it sent once.
        for (int i = 0; i < 40; ++i) {
            StopFlag flag;
            connection->stop_when({std::nullopt, &flag});
            std::thread other([&flag, i] {
                std::this_thread::sleep_for(std::chrono::microseconds(i * 20));
                flag.request();
            });
            const Error error = error_of([&] { connection->execute(endless); });
            other.join();
            CHECK(error.kind() == ErrorKind::cancelled);
        }
    }
    SECTION("while the statement is still being read") {
        // Reading this takes some hundred milliseconds. An interrupt that comes meanwhile does
        // nothing, and is forgotten when the statement starts to run.
        std::string sql = "SELECT count(*)";
        for (int i = 0; i < 8000; ++i) sql += ", max(i * 3 + " + std::to_string(i) + ")";
        StopFlag flag;
        connection->stop_when({std::nullopt, &flag});
        std::thread other([&flag] {
            std::this_thread::sleep_for(30ms);
            flag.request();
        });
        const Error error =
            error_of([&] { connection->query(sql + " FROM range(100000000000) t(i)"); });
        other.join();
        CHECK(error.kind() == ErrorKind::cancelled);
    }
    connection->stop_when({});
    CHECK(integer(*connection, "SELECT 42") == 42);
}

TEST_CASE("a stop meant for one connection leaves the others alone") {
    const auto engine = open_duckdb({});
    StopFlag flag;
    std::atomic<int> done{0};
    std::thread stopped([&] {
        const auto connection = engine->connect();
        connection->stop_when({std::nullopt, &flag});
        try {
            connection->execute(endless);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::cancelled) ++done;
        }
    });
    std::thread working([&] {
        const auto connection = engine->connect();
        StopFlag never;
        connection->stop_when({std::nullopt, &never});
        for (int i = 0; i < 200; ++i)
            if (connection->query("SELECT sum(i) FROM range(20000) t(i)").rows.size() == 1) ++done;
    });
    std::this_thread::sleep_for(50ms);
    flag.request();
    stopped.join();
    working.join();
    CHECK(done == 201);
}
