// Plugins whose file() throws, lies about what it did, or writes what it should not.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "hostile.h"

namespace {

#define FILE_DESCRIPTION(unit)                                                             \
    "{\"name\": \"bad_file\", \"version\": \"1\", \"summary\": \"bad\", \"group\": "       \
    "\"files\", \"dose\": \"continuous\", \"unit\": \"" unit                               \
    "\", \"scales\": \"fraction\","                                                        \
    " \"at_severity_1\": \"all\", \"params\": {\"type\": \"object\", \"properties\": {}}," \
    " \"examples\": [{}]}"

const char* describe_file() {
#if defined(CASE_file_of_rows)
    return FILE_DESCRIPTION("row");
#else
    return FILE_DESCRIPTION("record");
#endif
}

[[maybe_unused]] int file_badly(void*, const faultline_file* file, const faultline_call* call,
                                faultline_error* error) {
    namespace fs = std::filesystem;
    const auto count = [&](const char* what, std::int64_t n) {
        call->host->count(call->host->context, what, n);
    };
    (void)error;
    (void)count;
    (void)file;
#if defined(CASE_throws_in_file)
    throw std::runtime_error("file is tired");
#elif defined(CASE_fails_in_file)
    std::snprintf(error->message, sizeof error->message, "no disk");
    return FAULTLINE_E_FAILED;
#elif defined(CASE_file_writes_nothing)
    count("identity", 1);
#elif defined(CASE_file_loses_silently)
    count("records", 1);
#elif defined(CASE_file_changes_silently)
    std::ofstream(file->out) << "garbage";
#elif defined(CASE_file_claims_bytes)
    fs::copy_file(file->in, file->out);
    count("bytes", 7);
#elif defined(CASE_file_counts_rows)
    std::ofstream(file->out) << "x";
    count("rows_changed", 1);
#elif defined(CASE_file_counts_less)
    std::ofstream(file->out) << "x";
    count("bytes", -3);
#elif defined(CASE_file_leaves_folder)
    fs::create_directories(file->out);
#elif defined(CASE_file_leaves_link)
    fs::create_symlink("/dev/zero", file->out);
#elif defined(CASE_file_writes_original)
    fs::copy_file(file->in, file->out);
    std::ofstream(file->in, std::ios::app) << "more\n";
#elif defined(CASE_file_litters)
    std::ofstream(file->out) << "id\n1\n";
    std::ofstream(fs::path(file->out).parent_path() / "beside.txt") << "litter";
    count("bytes", 5);
#endif
    return FAULTLINE_OK;
}

}  // namespace

FAULTLINE_EXPORT int faultline_plugin_init(uint32_t, faultline_plugin* out, faultline_error*) {
    hostile_fill(out);
    out->describe = describe_file;
#if !defined(CASE_file_beside_rewrite)
    out->rewrite = nullptr;
#endif
#if defined(CASE_unit_without_file)
    out->rewrite = hostile_rewrite;
#else
    out->file = file_badly;
#endif
    return FAULTLINE_OK;
}
