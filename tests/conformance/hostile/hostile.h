#ifndef FAULTLINE_TESTS_HOSTILE_H
#define FAULTLINE_TESTS_HOSTILE_H

/* What the hostile plugins share: a sound description and sound functions, each to be spoilt by one
 * case. C, so that the plugins can be. */

#include <stdio.h>
#include <string.h>

#include "faultline/plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HOSTILE_DESCRIPTION(name, keeps)                                      \
    "{\"name\": \"" name                                                      \
    "\", \"version\": \"1\", \"summary\": \"bad\", \"group\": \"values\","    \
    " \"dose\": \"continuous\", \"unit\": \"row\", \"scales\": \"fraction\"," \
    " \"at_severity_1\": \"all\", \"accepts\": [\"any\"], \"keeps\": [" keeps \
    "],"                                                                      \
    " \"params\": {\"type\": \"object\", \"properties\": {}}, \"examples\": [{}]}"

static inline int hostile_create(const char* params, void** instance, faultline_error* error) {
    (void)params;
    (void)error;
    *instance = NULL;
    return FAULTLINE_OK;
}

static inline void hostile_destroy(void* instance) {
    (void)instance;
}

/* A sound rewrite of `SELECT *`. */
static inline int hostile_rewrite(void* instance, const faultline_relation* relation,
                                  const faultline_call* call, faultline_rewrite* out,
                                  faultline_error* error) {
    static char select[256], answer_key[256];
    (void)instance;
    (void)call;
    (void)error;
    snprintf(select, sizeof select, "SELECT * FROM %s", relation->from);
    snprintf(answer_key, sizeof answer_key,
             "SELECT 0 AS rows_added, 0 AS rows_removed, count(*) AS rows_changed FROM %s",
             relation->from);
    out->select = select;
    out->answer_key = answer_key;
    return FAULTLINE_OK;
}

static inline const char* hostile_sound_description(void) {
    return HOSTILE_DESCRIPTION("sound", "\"schema\"");
}

static inline void hostile_fill(faultline_plugin* out) {
    out->describe = hostile_sound_description;
    out->create = hostile_create;
    out->destroy = hostile_destroy;
    out->rewrite = hostile_rewrite;
    out->transform = NULL;
}

#ifdef __cplusplus
}
#endif

#endif
