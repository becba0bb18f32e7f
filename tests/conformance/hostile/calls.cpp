// Plugins whose functions throw, although the ABI forbids it, or fail in odd ways.
#include <cstring>
#include <stdexcept>

#include "hostile.h"

namespace {

[[maybe_unused]] int create_badly(const char*, void**, faultline_error*) {
    throw std::runtime_error("create is tired");
}

[[maybe_unused]] int rewrite_badly(void*, const faultline_relation*, const faultline_call*,
                                   faultline_rewrite*, faultline_error* error) {
#if defined(CASE_fails_unterminated)
    std::memset(error->message, 'x', sizeof error->message);
    return FAULTLINE_E_FAILED;
#elif defined(CASE_refuses_params)
    std::snprintf(error->message, sizeof error->message, "not on a Sunday");
    return FAULTLINE_E_PARAMS;
#else
    (void)error;
    throw 42;
#endif
}

[[maybe_unused]] int transform_badly(void*, const faultline_relation*, const faultline_call*,
                                     ArrowArrayStream*, ArrowArrayStream*, faultline_error*) {
    throw std::runtime_error("transform is tired");  // and keeps the stream it was given
}

}  // namespace

FAULTLINE_EXPORT int faultline_plugin_init(uint32_t, faultline_plugin* out, faultline_error*) {
    hostile_fill(out);
#if defined(CASE_throws_in_create)
    out->create = create_badly;
#elif defined(CASE_throws_in_transform)
    out->rewrite = nullptr;
    out->transform = transform_badly;
#else
    out->rewrite = rewrite_badly;
#endif
    return FAULTLINE_OK;
}
