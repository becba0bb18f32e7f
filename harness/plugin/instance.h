#pragma once

#include <string>

#include "plugin/contained.h"
#include "plugin/perturb.h"
#include "plugin/registry.h"

namespace faultline::plugin {

/// One instance of a plugin, for one thread. Throws Error(user) from the constructor when the
/// plugin refuses the parameters, Error(plugin) when it fails otherwise.
class Instance {
  public:
    Instance(const Plugin& plugin, const Json& params) : plugin_(&plugin) {
        const auto text = params.dump();
        const auto answer = contained(plugin.about().name, "create", [&](faultline_error* error) {
            return plugin.table().create(text.c_str(), &raw_, error);
        });
        if (answer.code == FAULTLINE_OK) return;
        throw Error(answer.code == FAULTLINE_E_PARAMS ? ErrorKind::user : ErrorKind::plugin,
                    answer.message);
    }
    ~Instance() {
        try {
            contained(plugin_->about().name, "destroy", [&](faultline_error*) {
                plugin_->table().destroy(raw_);
                return FAULTLINE_OK;
            });
        } catch (
            ...) {  // NOLINT: what a plugin throws while it is put away changes nothing any more
        }
    }
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    [[nodiscard]] void* raw() const { return raw_; }

  private:
    const Plugin* plugin_;
    void* raw_ = nullptr;
};

/// What a plugin's code means for a call of `fault` on `node`. Throws unless it is FAULTLINE_OK.
inline void require_ok(const Answer& answer, const Fault& fault, const std::string& node) {
    const auto& name = fault.plugin().about().name;
    switch (answer.code) {
        case FAULTLINE_OK:
            return;
        case FAULTLINE_E_PARAMS:
            throw Error(
                {fault.problem("/params", fault.stated().dump(),
                               fmt::format("params that {} can use: {}", name, answer.message))});
        case FAULTLINE_E_CANCELLED:
            throw Error(ErrorKind::cancelled, fmt::format("plugin {} was cancelled", name), node);
        default:
            throw Error(ErrorKind::plugin,
                        fmt::format("failed with code {}: {}", answer.code, answer.message));
    }
}

}  // namespace faultline::plugin
