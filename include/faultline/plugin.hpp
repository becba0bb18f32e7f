#pragma once

/// The plugin SDK for C++. Write a class
///
///     class Shift {
///       public:
///         static constexpr const char* describe = R"({"name": "shift", …})";
///         explicit Shift(const nlohmann::json& params);
///         faultline::sdk::Rewrite rewrite(const faultline::sdk::Relation&, const
///         faultline::sdk::Call&);
///         // and, or instead:
///         void transform(const faultline::sdk::Relation&, const faultline::sdk::Call&,
///                        faultline::sdk::ArrowReader&, faultline::sdk::ArrowWriter&);
///         void file(const faultline::sdk::File&, const faultline::sdk::Call&);
///         void before_run(const faultline::sdk::Execution&, const faultline::sdk::Call&);
///         // and, where only some parameters draw:
///         bool draws(double severity) const;
///     };
///     FAULTLINE_PLUGIN(Shift)
///
/// and build it with faultline_add_plugin(shift shift.cpp). Throw ParamError for parameters that
/// cannot be used, anything else for a failure; the macro's code turns every exception into an
/// error code, so none crosses the boundary. See docs/writing-a-plugin.md.

#include <concepts>
#include <cstdio>
#include <cstring>
#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "faultline/plugin.h"
#include "faultline/sdk/arrow_stream.hpp"
#include "faultline/sdk/call.hpp"
#include "faultline/sdk/execution.hpp"
#include "faultline/sdk/file.hpp"
#include "faultline/sdk/lookup.hpp"
#include "faultline/sdk/multiplied.hpp"
#include "faultline/sdk/other_values.hpp"
#include "faultline/sdk/params.hpp"
#include "faultline/sdk/projection.hpp"
#include "faultline/sdk/relation.hpp"
#include "faultline/sdk/unseen.hpp"

namespace faultline::sdk {

template <class P>
concept Rewrites = requires(P& plugin, const Relation& relation, const Call& call) {
    { plugin.rewrite(relation, call) } -> std::same_as<Rewrite>;
};

template <class P>
concept Transforms = requires(P& plugin, const Relation& relation, const Call& call,
                              ArrowReader& in, ArrowWriter& out) {
    plugin.transform(relation, call, in, out);
};

template <class P>
concept DamagesFiles = requires(P& plugin, const File& file, const Call& call) {
    plugin.file(file, call);
};

template <class P>
concept Disturbs = requires(P& plugin, const Execution& execution, const Call& call) {
    plugin.before_run(execution, call);
};

template <class P>
concept SaysWhetherItDraws = requires(const P& plugin, double severity) {
    { plugin.draws(severity) } -> std::same_as<bool>;
};

/// The C functions of a plugin class.
template <class P>
requires std::constructible_from<P, const nlohmann::json&> &&
    (Rewrites<P> || Transforms<P> || DamagesFiles<P> || Disturbs<P>)struct Entry {
    struct Instance {
        P plugin;
        Rewrite last;  ///< keeps the strings of the last rewrite alive
    };

    static int fill(std::uint32_t abi, faultline_plugin* out, faultline_error* error) noexcept {
        if (abi != FAULTLINE_ABI_VERSION || out->size < sizeof(faultline_plugin)) {
            say(error, "built for another version of the plugin interface");
            return FAULTLINE_E_ABI;
        }
        out->describe = []() -> const char* { return P::describe; };
        out->create = create;
        out->destroy = [](void* instance) { delete static_cast<Instance*>(instance); };
        out->rewrite = nullptr;
        out->transform = nullptr;
        if constexpr (Rewrites<P>) out->rewrite = rewrite;
        out->file = nullptr;
        out->before_run = nullptr;
        if constexpr (Transforms<P>) out->transform = transform;
        if constexpr (DamagesFiles<P>) out->file = file;
        if constexpr (Disturbs<P>) out->before_run = before_run;
        out->draws = nullptr;
        if constexpr (SaysWhetherItDraws<P>)
            out->draws = [](void* instance, double severity) -> int {
                try {
                    return static_cast<Instance*>(instance)->plugin.draws(severity) ? 1 : 0;
                } catch (...) {
                    return 1;  // it may
                }
            };
        return FAULTLINE_OK;
    }

  private:
    static void say(faultline_error* error, const char* message) noexcept {
        std::snprintf(error->message, sizeof error->message, "%s", message);
    }

    template <class F>
    static int guard(faultline_error* error, F f) noexcept {
        try {
            f();
            return FAULTLINE_OK;
        } catch (const ParamError& e) {
            say(error, e.what());
            return FAULTLINE_E_PARAMS;
        } catch (const Cancelled& e) {
            say(error, e.what());
            return FAULTLINE_E_CANCELLED;
        } catch (const StepFailure& e) {
            say(error, e.what());
            return FAULTLINE_E_STEP;
        } catch (const std::exception& e) {
            say(error, e.what());
        } catch (...) {
            say(error, "threw something that is no std::exception");
        }
        return FAULTLINE_E_FAILED;
    }

    static int create(const char* params, void** instance, faultline_error* error) {
        return guard(error, [&] {
            *instance = new Instance{P(nlohmann::json::parse(params)), {}};
        });
    }

    static int rewrite(void* instance, const faultline_relation* relation,
                       const faultline_call* call, faultline_rewrite* out, faultline_error* error) {
        return guard(error, [&] {
            auto& self = *static_cast<Instance*>(instance);
            if constexpr (Rewrites<P>)
                self.last = self.plugin.rewrite(Relation(*relation), Call(*call));
            out->select = self.last.select.c_str();
            out->answer_key = self.last.answer_key.c_str();
            out->identity = self.last.identity ? 1 : 0;
        });
    }

    static int transform(void* instance, const faultline_relation* relation,
                         const faultline_call* call, ArrowArrayStream* in, ArrowArrayStream* out,
                         faultline_error* error) {
        return guard(error, [&] {
            auto& self = *static_cast<Instance*>(instance);
            ArrowReader reader(in);
            ArrowWriter writer;
            writer.use_schema(reader.schema());
            if constexpr (Transforms<P>)
                self.plugin.transform(Relation(*relation), Call(*call), reader, writer);
            std::move(writer).export_to(out);
        });
    }

    static int file(void* instance, const faultline_file* raw, const faultline_call* call,
                    faultline_error* error) {
        return guard(error, [&] {
            if constexpr (DamagesFiles<P>)
                static_cast<Instance*>(instance)->plugin.file(File(*raw), Call(*call));
        });
    }

    static int before_run(void* instance, const faultline_execution* execution,
                          const faultline_call* call, faultline_error* error) {
        return guard(error, [&] {
            if constexpr (Disturbs<P>)
                static_cast<Instance*>(instance)->plugin.before_run(Execution(*execution),
                                                                    Call(*call));
        });
    }
};

}  // namespace faultline::sdk

/// Exports the plugin class as the shared object's one C function.
#define FAULTLINE_PLUGIN(Class)                                                                \
    extern "C" FAULTLINE_EXPORT int faultline_plugin_init(uint32_t abi, faultline_plugin* out, \
                                                          faultline_error* error) {            \
        return ::faultline::sdk::Entry<Class>::fill(abi, out, error);                          \
    }
