#include "cli/documents.h"

#include "core/error.h"
#include "model/document.h"
#include "model/scenario.h"

namespace faultline::cli {

DocumentKind kind_of(const std::filesystem::path& file) {
    // What is merely wrong is left to the document's own reader, which says more.
    model::Problems problems(file.string());
    const model::Json document = model::parse_document(model::read_document(file), problems);
    if (document.is_object()) {
        const auto tag = document.find("faultline");
        if (tag != document.end() && tag->is_string()) {
            const auto text = tag->get<std::string>();
            if (text.starts_with("scenario/")) return DocumentKind::scenario;
            if (text.starts_with("pipeline/")) return DocumentKind::pipeline;
        }
        if (document.contains("perturbations") || document.contains("metrics"))
            return DocumentKind::scenario;
        if (document.contains("nodes") || document.contains("outputs"))
            return DocumentKind::pipeline;
    }
    throw Error({Problem{
        file.string(),
        "/faultline",
        document.is_object() && document.contains("faultline")
            ? document["faultline"].dump(-1, ' ', false, model::Json::error_handler_t::replace)
            : "nothing that says what the document is",
        "\"scenario/1\" or \"pipeline/1\"",
        {}}});
}

std::filesystem::path pipeline_of(const std::filesystem::path& file) {
    if (kind_of(file) == DocumentKind::pipeline) return file;
    const model::Scenario scenario = model::read_scenario(file);
    return scenario.folder / scenario.pipeline;
}

}  // namespace faultline::cli
