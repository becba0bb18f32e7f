#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/kept_text.h"
#include "model/pipeline.h"

namespace faultline::journal {

using model::Json;

/// What each perturbation of a trial counted of itself, by its id: 24 bytes an entry. A run has
/// many of them, few are ever looked at, and most say the same as another trial's, so each text is
/// kept once, for as long as some trial says so.
class AnswerKeys {
  public:
    void set(const std::string& id, const Json& key) {
        auto text = shared_text(key.dump());
        for (auto& [known, said] : keys_)
            if (*known == id) {
                said = std::move(text);
                return;
            }
        keys_.emplace_back(kept_text(id), std::move(text));
    }
    /// null where there is none.
    [[nodiscard]] Json at(const std::string& id) const {
        for (const auto& [known, text] : keys_)
            if (*known == id) return Json::parse(*text);
        return nullptr;
    }
    [[nodiscard]] bool contains(const std::string& id) const {
        for (const auto& key : keys_)
            if (*key.first == id) return true;
        return false;
    }
    [[nodiscard]] std::size_t size() const { return keys_.size(); }
    [[nodiscard]] bool empty() const { return keys_.empty(); }
    /// An object of all of them, in the order in which they were set.
    [[nodiscard]] Json to_json() const {
        Json all = Json::object();
        for (const auto& [id, text] : keys_) all[*id] = Json::parse(*text);
        return all;
    }

  private:
    std::vector<std::pair<const std::string*, std::shared_ptr<const std::string>>> keys_;
};

}  // namespace faultline::journal
