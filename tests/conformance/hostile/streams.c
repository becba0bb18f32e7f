/* Plugins that hand back Arrow streams which are none, or wrong ones. */
#include <errno.h>

#include "hostile.h"

static void release_schema(struct ArrowSchema* schema) {
    schema->release = NULL;
}
static void release_array(struct ArrowArray* array) {
    array->release = NULL;
}
static void release_stream(struct ArrowArrayStream* stream) {
    stream->release = NULL;
}

static struct ArrowSchema id_schema = {
#if defined(CASE_bad_format)
    "no such format",
#else
    "l",
#endif
    "id",
    NULL,
    ARROW_FLAG_NULLABLE,
    0,
    NULL,
    NULL,
    release_schema,
    NULL};
static struct ArrowSchema* schema_children[1] = {&id_schema};

static int get_schema(struct ArrowArrayStream* stream, struct ArrowSchema* out) {
    (void)stream;
    (void)schema_children;
#if defined(CASE_no_schema)
    memset(out, 0, sizeof *out);
    return EIO;
#else
    const struct ArrowSchema schema = {"+s",           "",  NULL, 0, 1, schema_children, NULL,
                                       release_schema, NULL};
    id_schema.release = release_schema;
    *out = schema;
    return 0;
#endif
}

static const int64_t numbers[4] = {1, 2, 3, 4};
static const void* id_buffers[2] = {NULL, numbers};
static const void* no_buffers[2] = {NULL, NULL};
static const void* top_buffers[1] = {NULL};
static struct ArrowArray id_array;
static struct ArrowArray* array_children[1] = {&id_array};
static int delivered;

static int get_next(struct ArrowArrayStream* stream, struct ArrowArray* out) {
    const struct ArrowArray end = {0};
    const struct ArrowArray id = {4, 0, 0, 2, 0, id_buffers, NULL, NULL, release_array, NULL};
    const struct ArrowArray top = {
        4, 0, 0, 1, 1, top_buffers, array_children, NULL, release_array, NULL};
    (void)stream;
    *out = end;
    if (delivered++ > 0) {
#if defined(CASE_fails_midway)
        return EIO;
#else
        return 0;
#endif
    }
    id_array = id;
    *out = top;
#if defined(CASE_too_few_children)
    out->n_children = 0;
    out->children = NULL;
#elif defined(CASE_null_buffers)
    id_array.buffers = no_buffers;
#endif
    (void)no_buffers;
    return 0;
}

static const char* get_last_error(struct ArrowArrayStream* stream) {
    (void)stream;
    return NULL;
}

static const char* describe_transform(void) {
#if defined(CASE_drops_column)
    return HOSTILE_DESCRIPTION("liar", "\"schema\"");
#else
    return HOSTILE_DESCRIPTION("streams", "");
#endif
}

static int transform_badly(void* instance, const faultline_relation* relation,
                           const faultline_call* call, struct ArrowArrayStream* in,
                           struct ArrowArrayStream* out, faultline_error* error) {
    const struct ArrowArrayStream mine = {get_schema, get_next, get_last_error, release_stream,
                                          NULL};
    (void)instance;
    (void)relation;
    (void)call;
    (void)out;
    (void)error;
    (void)mine;
#if defined(CASE_no_stream)
    in->release(in);
#elif defined(CASE_keeps_input)
    /* Neither releases what it was given nor returns anything. */
    (void)in;
#else
    delivered = 0;
    in->release(in);
    *out = mine;
#if !defined(CASE_wrong_count)
    /* An honest count of the four rows that are left, so that only the stream itself is wrong. */
    call->host->count(call->host->context, "rows_removed", relation->rows - 4);
#endif
#endif
    return FAULTLINE_OK;
}

FAULTLINE_EXPORT int faultline_plugin_init(uint32_t abi, faultline_plugin* out,
                                           faultline_error* error) {
    (void)abi;
    (void)error;
    hostile_fill(out);
    out->describe = describe_transform;
    out->rewrite = NULL;
    out->transform = transform_badly;
    return FAULTLINE_OK;
}
