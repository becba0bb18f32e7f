#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "plugin/damage.h"

namespace faultline::conformance {

/// The file that the `examples` of a fault of files must run on (docs/writing-a-plugin.md says what
/// is in it), in one of three formats, in a folder of its own. Gone with the object.
class StandardFile {
  public:
    explicit StandardFile(model::FileFormat format);
    ~StandardFile();
    StandardFile(const StandardFile&) = delete;
    StandardFile& operator=(const StandardFile&) = delete;

    /// What a stack makes of it. The copies stay until the next call.
    plugin::Damage apply(const plugin::Fault& fault, double severity, std::uint64_t stream);
    [[nodiscard]] const std::string& text() const { return text_; }
    /// The file's bytes as they are now.
    [[nodiscard]] std::string now() const;
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    /// Of a copy; "(gone)".
    static std::string text_of(const plugin::Damage& damage);

  private:
    std::filesystem::path folder_;
    model::Source source_;
    engine::SourceFiles files_;
    std::unique_ptr<engine::SqlEngine> engine_;
    std::unique_ptr<engine::Connection> connection_;
    std::string text_;
    int next_ = 0;
};

}  // namespace faultline::conformance
