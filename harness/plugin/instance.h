#pragma once

#include <string>

#include "plugin/contained.h"
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

}  // namespace faultline::plugin
