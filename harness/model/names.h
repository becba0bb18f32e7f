#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace faultline::model {

/// A–Z made a–z and nothing else: how SQL engines compare identifiers, in every locale.
std::string fold_case(std::string_view text);

/// Whether fold_case() makes the same of both.
bool same_folded(std::string_view a, std::string_view b);

/// How the names of an index compare.
enum class NameCase { fold, exact };

/// Names in the order they were added, found again in constant time. Node names compare without
/// case
/// (`fold`), ids and owners with it.
class NameIndex {
  public:
    explicit NameIndex(NameCase rule) : rule_(rule) {}

    /// The name that stood here first when this one is taken; nullopt when it was added.
    std::optional<std::string> add(const std::string& name);
    /// The name as it was added, or nullptr.
    [[nodiscard]] const std::string* find(const std::string& name) const;
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  private:
    [[nodiscard]] std::string form(const std::string& name) const;

    NameCase rule_;
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::size_t> positions_;
};

}  // namespace faultline::model
