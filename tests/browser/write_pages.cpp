// write_pages FOLDER: the pages that the browser is shown.
#include <filesystem>
#include <fstream>

#include "pipeline_results.h"
#include "report/html/html_report.h"

int main(int count, char** words) {
    using namespace faultline;
    if (count != 2) return 3;
    const std::filesystem::path folder = words[1];
    std::filesystem::create_directories(folder);
    const auto write = [&](const char* name, const findings::Result& result) {
        std::ofstream(folder / name, std::ios::binary) << report::html_report(result);
    };
    write("shop.html", report::shop_result());
    write("hostile.html", report::hostile_result());
    write("large.html", report::large_result(500, 1000));
    return 0;
}
