#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/kept_text.h"
#include "model/pipeline.h"

namespace faultline::journal {

using model::Json;

/// What each perturbation of a trial counted of itself, by its id: 16 bytes an entry. A run has
/// many of them, few are ever looked at, and most say the same as another trial's, so each text is
/// kept once, for as long as the process lives.
class AnswerKeys {
  public:
    void set(const std::string& id, const Json& key) {
        const std::string* text = kept_text(key.dump());
        for (auto& [known, said] : keys_)
            if (*known == id) {
                said = text;
                return;
            }
        keys_.emplace_back(kept_text(id), text);
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
    std::vector<std::pair<const std::string*, const std::string*>> keys_;
};

}  // namespace faultline::journal
