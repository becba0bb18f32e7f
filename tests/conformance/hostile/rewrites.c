/* Plugins whose SQL is wrong, or is not what they say of themselves. */
#include "hostile.h"

static const char* describe_this(void) {
#if defined(CASE_lies_about_rows)
    return HOSTILE_DESCRIPTION("liar", "\"schema\", \"rows\"");
#else
    return hostile_sound_description();
#endif
}

static int rewrite_badly(void* instance, const faultline_relation* relation,
                         const faultline_call* call, faultline_rewrite* out,
                         faultline_error* error) {
    static char select[512], key[512];
    const char* from = relation->from;
    (void)from;
    hostile_rewrite(instance, relation, call, out, error);
    snprintf(select, sizeof select, "%s", out->select);
    snprintf(key, sizeof key, "%s", out->answer_key);
    out->select = select;
    out->answer_key = key;
#if defined(CASE_null_select)
    out->select = NULL;
#elif defined(CASE_bad_sql)
    snprintf(select, sizeof select, "SELEKT everything FROM %s", from);
#elif defined(CASE_bad_answer_key)
    snprintf(key, sizeof key, "SELECT 1 AS rows_eaten");
#elif defined(CASE_drops_hidden)
    snprintf(select, sizeof select, "SELECT id, tag FROM %s", from);
#elif defined(CASE_lies_about_schema)
    snprintf(select, sizeof select, "SELECT *, 1 AS one_more FROM %s", from);
#elif defined(CASE_lies_about_rows)
    snprintf(select, sizeof select, "SELECT * FROM %s WHERE flag", from);
    snprintf(key, sizeof key,
             "SELECT 0 AS rows_added, count(*) AS rows_removed, 0 AS rows_changed FROM %s", from);
#elif defined(CASE_twice_the_same_column)
    snprintf(select, sizeof select, "SELECT *, 1 AS qty FROM %s", from);
#elif defined(CASE_negative_count)
    snprintf(key, sizeof key,
             "SELECT -5 AS rows_added, 0 AS rows_removed, 0 AS rows_changed FROM %s LIMIT 1", from);
#elif defined(CASE_counts_neighbour)
    /* Of no column of its own: of what another fault of the stack has counted. */
    snprintf(key, sizeof key,
             "SELECT 0 AS rows_added, 0 AS rows_removed, rows_changed FROM %s LIMIT 1", from);
#elif defined(CASE_counts_each_row)
    snprintf(key, sizeof key,
             "SELECT 0 AS rows_added, 0 AS rows_removed, 1 AS rows_changed FROM %s", from);
#elif defined(CASE_counts_no_row)
    snprintf(key, sizeof key,
             "SELECT 0 AS rows_added, 0 AS rows_removed, 1 AS rows_changed FROM %s WHERE false",
             from);
#elif defined(CASE_retypes_hidden)
    snprintf(select, sizeof select, "SELECT * REPLACE ('x' AS __fl_key) FROM %s", from);
#endif
    return FAULTLINE_OK;
}

FAULTLINE_EXPORT int faultline_plugin_init(uint32_t abi, faultline_plugin* out,
                                           faultline_error* error) {
    (void)abi;
    (void)error;
    hostile_fill(out);
    out->describe = describe_this;
    out->rewrite = rewrite_badly;
    return FAULTLINE_OK;
}
