#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "model/scenario.h"

namespace faultline::cli {

/// The checks of a file: an array of them, or an object that has one under "checks", such as a
/// scenario or the guards.json of a run. Throws Error(user) that says what stands there instead.
model::Json checks_in(const std::filesystem::path& file);

/// `document`, a scenario, with these checks after its own; one that it has already, word for word,
/// is not added again. Its pipeline is named as from `folder`, where it is going to stand.
model::Json with_checks(model::Json document, const model::Json& checks,
                        const std::filesystem::path& pipeline, const std::filesystem::path& folder);

/// A scenario that is written into a run's folder, which is made if need be; taken away again,
/// unless it was kept, and what stood there before put back: what was wrong with the input leaves
/// no trace.
class WrittenScenario {
  public:
    WrittenScenario(const model::Json& document, const std::filesystem::path& folder);
    ~WrittenScenario();
    WrittenScenario(const WrittenScenario&) = delete;
    WrittenScenario& operator=(const WrittenScenario&) = delete;
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    void keep() { kept_ = true; }

  private:
    std::filesystem::path file_;
    std::optional<std::string> before_;
    bool kept_ = false;
};

}  // namespace faultline::cli
