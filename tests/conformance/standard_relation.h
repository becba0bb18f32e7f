#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "plugin/perturb.h"

namespace faultline::conformance {

/// The relation that a plugin's `examples` must run on (docs/writing-a-plugin.md lists its
/// columns), in a database of its own. `tag` says which row a row is and is left alone by examples.
class StandardRelation {
  public:
    struct How {
        std::int64_t rows = 1200;
        unsigned threads = 1;
        bool shuffled = false;   ///< same rows, another order
        std::int64_t chunk = 0;  ///< rows a batch handed to transforms; 0: as the engine gives them
        bool keeps = false;      ///< tables that faults look things up in, as a run does
        std::vector<std::string>* asked = nullptr;  ///< what is queried is added there
    };
    explicit StandardRelation(How how);

    plugin::Perturbed apply(const plugin::Fault& fault, double severity, std::uint64_t stream,
                            bool transform);
    /// Several faults, one after another.
    plugin::Perturbed apply(const std::vector<plugin::Application>& stack);
    engine::Rows query(const std::string& sql) { return connection_->query(sql); }
    /// Drops what a perturbation made.
    void drop(const plugin::Perturbed& perturbed);
    [[nodiscard]] const engine::Schema& columns() const { return keyed_.site.columns; }
    [[nodiscard]] const std::string& table() const { return keyed_.site.from; }
    [[nodiscard]] const engine::Dialect& dialect() const { return engine_->dialect(); }
    /// Tables in the store: what a failure must not add to.
    std::int64_t tables();

  private:
    std::unique_ptr<engine::SqlEngine> engine_;
    std::unique_ptr<engine::Connection> connection_;
    plugin::KeyedSite keyed_;
    plugin::Measures measures_;
    int made_ = 0;
};

}  // namespace faultline::conformance
