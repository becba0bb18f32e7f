#pragma once

#include <memory>
#include <string>
#include <vector>

#include "forwarding.h"

namespace faultline::conformance {

/// A connection that writes down what it is asked: for how many statements it takes, which no
/// result shows.
class Watched final : public Forwarding {
  public:
    /// `asked` is borrowed and outlives it.
    Watched(std::unique_ptr<engine::Connection> real, std::vector<std::string>& asked)
        : Forwarding(std::move(real)), asked_(asked) {}
    engine::Rows query(const std::string& sql) override {
        asked_.push_back(sql);
        return real_->query(sql);
    }

  private:
    std::vector<std::string>& asked_;
};

}  // namespace faultline::conformance
