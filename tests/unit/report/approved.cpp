#include "approved.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace faultline::report {

void require_approved(const std::string& name, const std::string& text) {
    const auto file =
        std::filesystem::path(FAULTLINE_SOURCE_DIR) / "tests/unit/report/golden" / (name + ".txt");
    if (std::getenv("FAULTLINE_UPDATE_GOLDENS") != nullptr) {
        std::ofstream out(file, std::ios::binary);
        out << text;
        out.close();
        REQUIRE(out);
        return;
    }
    std::ifstream in(file, std::ios::binary);
    INFO("approved output: " << file << "; scripts/update-goldens rewrites it");
    REQUIRE(in);
    std::ostringstream approved;
    approved << in.rdbuf();
    CHECK(text == approved.str());
}

}  // namespace faultline::report
