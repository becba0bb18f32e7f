#include "core/made_once.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "core/error.h"

using faultline::MadeOnce;

namespace {
void nothing() {}
}  // namespace

TEST_CASE("what several ask for at once is made by one of them") {
    MadeOnce tables;
    std::atomic<int> made{0};
    const auto make = [&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return "table" + std::to_string(++made);
    };
    std::vector<std::string> names(4);
    std::vector<std::thread> askers;
    for (auto& name : names)
        askers.emplace_back([&] { name = tables.get("question", make, nothing); });
    for (auto& asker : askers) asker.join();
    for (const auto& name : names) CHECK(name == "table1");
    CHECK(tables.get("another", make, nothing) == "table2");
    CHECK(tables.made() == std::vector<std::string>{"table2", "table1"});
}

TEST_CASE("what could not be made is made by the next one to ask") {
    MadeOnce tables;
    const auto fail = []() -> std::string { throw std::runtime_error("no space"); };
    CHECK_THROWS_AS(tables.get("one", fail, nothing), std::runtime_error);
    CHECK(tables.made().empty());
    CHECK(tables.get(
              "one", [] { return "made"; }, nothing) == "made");
    CHECK(tables.get(
              "one", [] { return "again"; }, nothing) == "made");
}

TEST_CASE("who waits for what another makes can give up, and who waits on has it made again") {
    MadeOnce tables;
    std::atomic<bool> begun{false}, go_on{false};
    const auto stopped = [&]() -> std::string {
        begun = true;
        while (!go_on) std::this_thread::yield();
        throw std::runtime_error("interrupted");
    };
    std::atomic<bool> failed{false};
    std::thread maker([&] {
        try {
            tables.get("one", stopped, nothing);
        } catch (const std::runtime_error&) {
            failed = true;
        }
    });
    while (!begun) std::this_thread::yield();
    const auto never = []() -> std::string { throw std::logic_error("asked twice"); };
    const auto give_up = [] {
        throw faultline::Error(faultline::ErrorKind::cancelled, "timed out");
    };
    CHECK_THROWS_AS(tables.get("one", never, give_up), faultline::Error);
    std::string name;
    std::atomic<bool> waited{false};
    std::thread patient([&] {
        name = tables.get(
            "one", [] { return "made"; }, [&] { waited = true; });
    });
    while (!waited) std::this_thread::yield();
    go_on = true;
    maker.join();
    patient.join();
    CHECK(failed);
    CHECK(name == "made");
}
