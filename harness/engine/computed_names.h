#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "model/names.h"

namespace faultline::engine {

/// The names that expressions are given anywhere in a SELECT's parse tree, and those of columns
/// that a query inside it gives another name. A column reference by any other name is the column of
/// a relation that the SELECT reads, as it is there. The tree is borrowed while it is looked at.
class ComputedNames {
  public:
    /// `top` is a SELECT_NODE as json_serialize_sql gives it.
    explicit ComputedNames(const nlohmann::json& top) : top_(&top) { look_at(top); }
    /// False where columns come by their position, so that names say nothing.
    [[nodiscard]] bool known() const { return known_; }
    [[nodiscard]] bool has(const std::string& name) const {
        return inside_.contains(model::fold_case(name)) || here_.contains(model::fold_case(name));
    }
    /// Whether the name is given by another SELECT than this one itself. Where a relation that is
    /// read has a column of that name, a reference means the column and not the alias.
    [[nodiscard]] bool has_inside(const std::string& name) const {
        return inside_.contains(model::fold_case(name));
    }

  private:
    void look_at(const nlohmann::json& node);
    void note(const nlohmann::json& list, bool top);

    const nlohmann::json* top_;
    std::set<std::string> inside_, here_;
    bool known_ = true;
};

}  // namespace faultline::engine
