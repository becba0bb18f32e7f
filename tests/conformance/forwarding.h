#pragma once

#include <memory>
#include <string>
#include <utility>

#include "engine/engine.h"

namespace faultline::conformance {

/// A connection that hands everything on to another: for those that do one thing otherwise.
class Forwarding : public engine::Connection {
  public:
    explicit Forwarding(std::unique_ptr<engine::Connection> real) : real_(std::move(real)) {}
    void stop_when(engine::StopWhen condition) override { real_->stop_when(condition); }
    void check_stop() const override { real_->check_stop(); }
    void execute(const std::string& sql) override { real_->execute(sql); }
    engine::Rows query(const std::string& sql) override { return real_->query(sql); }
    engine::Schema describe(const std::string& select) override { return real_->describe(select); }
    void export_arrow(const std::string& select, ArrowArrayStream* out) override {
        real_->export_arrow(select, out);
    }
    void import_arrow(const std::string& table, ArrowArrayStream* stream,
                      const std::function<bool(const std::string&)>& wanted) override {
        real_->import_arrow(table, stream, wanted);
    }
    engine::HeldColumns hold(const std::string& select, std::size_t places,
                             std::size_t most) override {
        return real_->hold(select, places, most);
    }

  protected:
    std::unique_ptr<engine::Connection> real_;
};

}  // namespace faultline::conformance
