#pragma once

#include <memory>

#include "engine/engine.h"

namespace faultline::conformance {

/// A connection whose exported streams come in batches of another size, as slices with offsets:
/// what another engine might hand to a transform.
class Rechunked final : public engine::Connection {
  public:
    Rechunked(std::unique_ptr<engine::Connection> real, std::int64_t rows)
        : real_(std::move(real)), rows_(rows) {}
    void stop_when(engine::StopWhen condition) override { real_->stop_when(condition); }
    void check_stop() const override { real_->check_stop(); }
    void execute(const std::string& sql) override { real_->execute(sql); }
    engine::Rows query(const std::string& sql) override { return real_->query(sql); }
    engine::Schema describe(const std::string& select) override { return real_->describe(select); }
    void export_arrow(const std::string& select, ArrowArrayStream* out) override;
    void import_arrow(const std::string& table, ArrowArrayStream* stream,
                      const std::function<bool(const std::string&)>& wanted) override {
        real_->import_arrow(table, stream, wanted);
    }
    engine::HeldColumns hold(const std::string& select, std::size_t places,
                             std::size_t most) override {
        return real_->hold(select, places, most);
    }

  private:
    std::unique_ptr<engine::Connection> real_;
    std::int64_t rows_;
};

}  // namespace faultline::conformance
