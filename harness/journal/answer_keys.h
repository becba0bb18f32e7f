#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/pipeline.h"

namespace faultline::journal {

using model::Json;

/// What each perturbation of a trial counted of itself, by its id. Kept as text: a run has many of
/// them, few are ever looked at, and an object takes five times the memory of its text.
class AnswerKeys {
  public:
    void set(const std::string& id, const Json& key) {
        for (auto& [known, text] : keys_)
            if (known == id) {
                text = key.dump();
                return;
            }
        keys_.emplace_back(id, key.dump());
    }
    /// null where there is none.
    [[nodiscard]] Json at(const std::string& id) const {
        for (const auto& [known, text] : keys_)
            if (known == id) return Json::parse(text);
        return nullptr;
    }
    [[nodiscard]] bool contains(const std::string& id) const {
        for (const auto& key : keys_)
            if (key.first == id) return true;
        return false;
    }
    [[nodiscard]] std::size_t size() const { return keys_.size(); }
    [[nodiscard]] bool empty() const { return keys_.empty(); }
    /// An object of all of them, in the order in which they were set.
    [[nodiscard]] Json to_json() const {
        Json all = Json::object();
        for (const auto& [id, text] : keys_) all[id] = Json::parse(text);
        return all;
    }

  private:
    std::vector<std::pair<std::string, std::string>> keys_;
};

}  // namespace faultline::journal
