#pragma once

#include <memory>

#include "forwarding.h"

namespace faultline::conformance {

/// A connection whose exported streams come in batches of another size, as slices with offsets:
/// what another engine might hand to a transform.
class Rechunked final : public Forwarding {
  public:
    Rechunked(std::unique_ptr<engine::Connection> real, std::int64_t rows)
        : Forwarding(std::move(real)), rows_(rows) {}
    void export_arrow(const std::string& select, ArrowArrayStream* out) override;

  private:
    std::int64_t rows_;
};

}  // namespace faultline::conformance
