// Plugins that must not survive being loaded.
#include <stdexcept>

#include "hostile.h"

namespace {

[[maybe_unused]] const char* describe_badly() {
#if defined(CASE_null_description)
    return nullptr;
#elif defined(CASE_bad_json)
    return R"({"name": "bad_json", )";
#elif defined(CASE_bad_description)
    return R"({"name": "Bad Name", "version": 3, "dose": "sometimes", "unit": "row", "colour": "red",
               "scales": "fraction", "at_severity_1": "x", "summary": "x", "group": "x", "examples": [],
               "params": {"type": "object", "properties": {"fraction": {"type": "number"}}}})";
#elif defined(CASE_throws_in_describe)
    throw std::runtime_error("describe is tired");
#else
    return hostile_sound_description();
#endif
}

}  // namespace

FAULTLINE_EXPORT int faultline_plugin_init(uint32_t abi, faultline_plugin* out,
                                           faultline_error* error) {
    (void)abi;
    (void)error;
    hostile_fill(out);
    out->describe = describe_badly;
#if defined(CASE_throws_in_init)
    throw std::runtime_error("init is tired");
#elif defined(CASE_throws_int_in_init)
    throw 42;
#elif defined(CASE_fails_in_init)
    std::snprintf(error->message, sizeof error->message, "no licence");
    return 77;
#elif defined(CASE_other_abi)
    std::snprintf(error->message, sizeof error->message, "built for 99");
    return abi == 99 ? FAULTLINE_OK : FAULTLINE_E_ABI;
#elif defined(CASE_no_describe)
    out->describe = nullptr;
#elif defined(CASE_no_function)
    out->rewrite = nullptr;
#endif
    return FAULTLINE_OK;
}
