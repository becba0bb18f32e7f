#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "plugin/perturb.h"

namespace faultline::run {

/// What perturbing a base result gave, by the address of the perturbed relation: its SELECT, its
/// columns and its answer keys. Designs ask for the same perturbed relation in many trials (in a
/// radial design all but one of a trial's are its neighbour's), and asking the plugin and counting
/// the answer key again would cost more than the trial. Only what names no table of a trial's own,
/// and holds nothing of its own, is kept. Thread-safe; bounded, the oldest go first; results never
/// depend on what is still there.
class DeliveryCache {
  public:
    [[nodiscard]] std::optional<plugin::Perturbed> find(const std::string& address) const;
    void keep(const std::string& address, const plugin::Perturbed& perturbed);

  private:
    static constexpr std::size_t most = 1024;
    mutable std::mutex mutex_;
    std::map<std::string, plugin::Perturbed> kept_;
    std::deque<std::string> order_;
};

}  // namespace faultline::run
