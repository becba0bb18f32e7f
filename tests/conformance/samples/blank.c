/* A plugin in plain C: hit cells become NULL. Nothing but the ABI's header is needed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faultline/plugin.h"

typedef struct text {
    char* data;
    size_t size, capacity;
} text;

typedef struct blank {
    text select, answer_key;
} blank;

static void append(text* t, const char* part) {
    const size_t length = strlen(part);
    if (t->size + length + 1 > t->capacity) {
        t->capacity = 2 * (t->size + length + 1);
        t->data = realloc(t->data, t->capacity);
        if (t->data == NULL) abort();
    }
    memcpy(t->data + t->size, part, length + 1);
    t->size += length;
}

static const char* describe(void) {
    return "{\"name\": \"blank\", \"version\": \"1\", \"summary\": \"Empties cells\", \"group\": "
           "\"missing\","
           " \"dose\": \"continuous\", \"unit\": \"cell\", \"scales\": \"fraction\","
           " \"at_severity_1\": \"the full fraction of cells is NULL\", \"accepts\": [\"any\"],"
           " \"needs_columns\": true, \"keeps\": [\"schema\", \"rows\", \"order\"],"
           " \"params\": {\"type\": \"object\", \"properties\": {}},"
           " \"examples\": [{\"columns\": [\"note\", \"qty\"], \"fraction\": 0.3},"
           " {\"columns\": \"score\", \"mechanism\": \"not_at_random\", \"fraction\": 0.2}]}";
}

static int create(const char* params, void** instance, faultline_error* error) {
    (void)params;
    *instance = calloc(1, sizeof(blank));
    if (*instance == NULL) snprintf(error->message, sizeof error->message, "out of memory");
    return *instance == NULL ? FAULTLINE_E_FAILED : FAULTLINE_OK;
}

static void destroy(void* instance) {
    blank* self = instance;
    free(self->select.data);
    free(self->answer_key.data);
    free(self);
}

static int rewrite(void* instance, const faultline_relation* relation, const faultline_call* call,
                   faultline_rewrite* out, faultline_error* error) {
    blank* self = instance;
    const faultline_host* host = call->host;
    const char* hit = host->selected(host->context);
    const char* any = "";
    char cells[256];
    (void)error;
    self->select.size = self->answer_key.size = 0;
    append(&self->select, "SELECT ");
    append(&self->answer_key, "SELECT 0 AS rows_added, 0 AS rows_removed");
    text changed = {NULL, 0, 0};
    append(&changed, "");
    for (size_t i = 0; i < relation->column_count; ++i) {
        const faultline_column* column =
            (const faultline_column*)((const char*)relation->columns + i * relation->columns->size);
        const char* name = host->quote(host->context, column->name);
        if (i > 0) append(&self->select, ", ");
        if ((column->flags & FAULTLINE_COLUMN_TARGET) == 0) {
            append(&self->select, name);
            continue;
        }
        append(&self->select, "CASE WHEN ");
        append(&self->select, hit);
        append(&self->select, " THEN NULL ELSE ");
        append(&self->select, name);
        append(&self->select, " END AS ");
        append(&self->select, name);
        append(&changed, any);
        append(&changed, name);
        append(&changed, " IS NOT NULL");
        any = " OR ";
        snprintf(cells, sizeof cells, "cells:%s", column->name);
        append(&self->answer_key, ", count(CASE WHEN ");
        append(&self->answer_key, hit);
        append(&self->answer_key, " THEN ");
        append(&self->answer_key, name);
        append(&self->answer_key, " END) AS ");
        append(&self->answer_key, host->quote(host->context, cells));
    }
    for (size_t i = 0; i < relation->hidden_count; ++i) {
        append(&self->select, ", ");
        append(&self->select, host->quote(host->context, relation->hidden[i]));
    }
    append(&self->answer_key, ", count(CASE WHEN ");
    append(&self->answer_key, hit);
    append(&self->answer_key, " AND (");
    append(&self->answer_key, changed.data);
    append(&self->answer_key, ") THEN 1 END) AS rows_changed FROM ");
    append(&self->answer_key, relation->from);
    append(&self->select, " FROM ");
    append(&self->select, relation->from);
    free(changed.data);
    out->select = self->select.data;
    out->answer_key = self->answer_key.data;
    return FAULTLINE_OK;
}

FAULTLINE_EXPORT int faultline_plugin_init(uint32_t abi, faultline_plugin* out,
                                           faultline_error* error) {
    if (abi != FAULTLINE_ABI_VERSION) {
        snprintf(error->message, sizeof error->message, "built for interface %u",
                 FAULTLINE_ABI_VERSION);
        return FAULTLINE_E_ABI;
    }
    out->describe = describe;
    out->create = create;
    out->destroy = destroy;
    out->rewrite = rewrite;
    out->transform = NULL;
    return FAULTLINE_OK;
}
