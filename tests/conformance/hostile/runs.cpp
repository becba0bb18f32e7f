// Plugins whose before_run does what it must not.
#include <stdexcept>

#include "hostile.h"

namespace {

const char* about() {
    return "{\"name\": \"disturbs\", \"version\": \"1\", \"summary\": \"bad\", \"group\": "
           "\"process\", \"dose\": \"binary\", \"unit\": \"call\", \"scales\": \"nothing\", "
           "\"at_severity_1\": \"all\", \"keeps\": [\"schema\", \"rows\", \"order\"], "
#if defined(CASE_hangs_nowhere)
           "\"hangs\": true, "
#endif
#if !defined(CASE_selects_nothing)
           "\"selects\": false, "
#endif
#if defined(CASE_throws_in_draws)
           "\"draws\": true, "
#endif
           "\"params\": {\"type\": \"object\", \"properties\": {}}, \"examples\": [{}]}";
}

[[maybe_unused]] int before_run(void*, const faultline_execution*, const faultline_call* call,
                                faultline_error* error) {
    (void)call;
    (void)error;
#if defined(CASE_throws_in_before_run)
    throw std::runtime_error("before_run is tired");
#elif defined(CASE_fails_in_before_run)
    std::snprintf(error->message, sizeof error->message, "out of luck");
    return FAULTLINE_E_FAILED;
#elif defined(CASE_step_without_reason)
    call->host->count(call->host->context, "calls", 1);
    return FAULTLINE_E_STEP;
#elif defined(CASE_says_cancelled)
    return FAULTLINE_E_CANCELLED;
#elif defined(CASE_counts_rows)
    call->host->count(call->host->context, "rows_changed", 1);
    return FAULTLINE_OK;
#elif defined(CASE_measures_nothing)
    double value = 0;
    int is_null = 0;
    return call->host->measure(call->host->context, "count(*)", &value, &is_null, error);
#else
    return FAULTLINE_OK;
#endif
}

[[maybe_unused]] int draws_badly(void*, double) {
    throw 42;
}

}  // namespace

FAULTLINE_EXPORT int faultline_plugin_init(uint32_t, faultline_plugin* out, faultline_error*) {
    hostile_fill(out);
    out->describe = about;
#if !defined(CASE_hangs_nowhere)
    out->rewrite = nullptr;
    out->before_run = before_run;
#endif
#if defined(CASE_throws_in_draws)
    out->draws = draws_badly;
#endif
    return FAULTLINE_OK;
}
