#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "core/error.h"
#include "engine/engine.h"

namespace faultline::engine::test {

/// A folder that goes away with its owner.
class Folder {
  public:
    Folder() {
        static int count = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("faultline-engine-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
        std::filesystem::create_directories(path_);
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << text;
        return path_ / name;
    }

  private:
    std::filesystem::path path_;
};

inline Value one(Connection& connection, const std::string& sql) {
    const Rows rows = connection.query(sql);
    REQUIRE(rows.rows.size() == 1);
    REQUIRE(rows.rows.front().size() == 1);
    return rows.rows.front().front();
}

inline std::int64_t integer(Connection& connection, const std::string& sql) {
    return std::get<std::int64_t>(one(connection, sql));
}

inline std::string text(Connection& connection, const std::string& sql) {
    return std::get<std::string>(one(connection, sql));
}

/// The Error that `call` throws; the test fails when it throws none.
template <typename Call>
Error error_of(const Call& call) {
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    FAIL("no Error was thrown");
    return {ErrorKind::internal, ""};
}

}  // namespace faultline::engine::test
