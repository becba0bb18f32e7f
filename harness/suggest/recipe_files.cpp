#include <fmt/format.h>

#include <system_error>

#include "suggest/proposals.h"
#include "suggest/wording.h"

namespace faultline::suggest {
namespace {

/// What an export with other settings separates fields by.
const char* other_delimiter(const std::string& now) {
    return now == ";" ? "," : ";";
}

std::string size_of(const engine::SourceFile& file) {
    std::error_code unknown;
    const auto bytes = std::filesystem::file_size(file.path, unknown);
    return unknown ? std::string("its bytes") : counted(static_cast<std::int64_t>(bytes), "byte");
}

void propose_csv(Proposals& proposals, const engine::SourceFile& file, std::int64_t rows) {
    if (file.csv.header)
        proposals.add(3, "csv_header", "header_lost", {{"mode", "lost"}},
                      "the file comes without its header: does the reader take a record for it?");
    const auto* delimiter = other_delimiter(file.csv.delimiter);
    proposals.add(4, "csv_dialect", "other_delimiter", {{"delimiter", delimiter}},
                  fmt::format("an export with other settings: fields are separated by {} and no "
                              "longer by {}",
                              delimiter, named(file.csv.delimiter)));
    auto few = Proposals::share(0.005, rows);
    few["kind"] = "fewer";
    proposals.add(4, "ragged_records", "ragged", few,
                  fmt::format("{} of the records lack their last field",
                              percent(few["fraction"].get<double>())));
    proposals.add(4, "mojibake", "mojibake", Json::object(),
                  "UTF-8 taken for a code page on the way: accents and signs come out garbled");
}

}  // namespace

void suggest_files(Proposals& proposals) {
    const auto& subject = proposals.subject();
    if (subject.files == nullptr || subject.files->files.empty()) return;
    const auto& files = subject.files->files;
    const auto& last = files.back();
    const bool several = files.size() > 1;
    const auto of_last = [&](Json params) {
        if (several) params["files"] = last.name;
        return params;
    };
    if (several)
        proposals.add(1, "missing_file", "last_file_missing", of_last(Json::object()),
                      fmt::format("of {} files the last by name, {}, has not come", files.size(),
                                  named(last.name)));
    proposals.add(2, "file_truncated", "file_cut", of_last({{"lost", 0.5}, {"at", "line"}}),
                  fmt::format("the transfer broke off: half of the {} of {} are there",
                              size_of(last), named(last.name)));
    if (subject.format == model::FileFormat::csv) {
        if (!subject.batches && last.csv.header)
            proposals.add(3, "empty_file", "header_only", of_last({{"keep", "header"}}),
                          "a day without anything: a file with its header and no record");
        propose_csv(proposals, last, subject.profile.rows);
    }
    if (subject.format == model::FileFormat::json)
        proposals.add(3, "json_poisoned", "poisoned", Proposals::share(0.005, subject.profile.rows),
                      "a record or so is no JSON any more");
}

}  // namespace faultline::suggest
