#pragma once

#include <string>

#include "core/json_pointer.h"
#include "model/pipeline.h"
#include "model/problems.h"

namespace faultline::model {

/// A value in words: `the string "abc"`, `the number 3`, `an array of 2`, `an object`. Short
/// whatever the value.
std::string describe(const Json& value);

/// A value and where it stands. Borrows the document and the list of problems, which outlive it.
class Place {
  public:
    Place(const Json& value, std::string pointer, Problems& problems)
        : value_(&value), pointer_(std::move(pointer)), problems_(&problems) {}

    [[nodiscard]] const Json& value() const { return *value_; }
    [[nodiscard]] const std::string& pointer() const { return pointer_; }
    /// The text of a value known to be a string.
    [[nodiscard]] const std::string& text() const { return value_->get_ref<const std::string&>(); }
    /// A member or element, which must exist.
    [[nodiscard]] Place member(const std::string& key) const;
    [[nodiscard]] Place element(std::size_t index) const;
    /// Calls `visit(name, place)` for each member of an object, in the document's order.
    template <class Visit>
    void each_member(const Visit& visit) const {
        for (const auto& [name, value] : value_->items())
            visit(name, Place(value, pointer_to(pointer_, name), *problems_));
    }

    /// Adds a problem here: `expected`, but found this value. Returns false, so that a rule can end
    /// with `return place.refuse(…)`.
    bool refuse(const std::string& expected, const std::string& nearest = {}) const;
    /// The same with `found` in the caller's words.
    bool report(const std::string& found, const std::string& expected,
                const std::string& nearest = {}) const;
    /// The candidate nearest to `name`, for the two above.
    [[nodiscard]] std::string nearest(const std::string& name,
                                      const std::vector<std::string>& candidates) const {
        return problems_->nearest(name, candidates);
    }

  private:
    const Json* value_;
    std::string pointer_;
    Problems* problems_;
};

}  // namespace faultline::model
