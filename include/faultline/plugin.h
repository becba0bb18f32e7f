#ifndef FAULTLINE_PLUGIN_H
#define FAULTLINE_PLUGIN_H

/* The plugin ABI of faultline, in C. C++ authors use faultline/plugin.hpp, which wraps it.
 *
 * A plugin is a shared object that exports one function, faultline_plugin_init. It says in JSON
 * what it is (describe), and offers one or more places where it acts: a rewrite (SQL in, SQL out),
 * a transform (Arrow in, Arrow out), damage to a source's file before the engine reads it (file),
 * or trouble when a node is executed (before_run).
 *
 * Rules that hold everywhere:
 *  - Every struct begins with its size, set by whoever allocates it. Read a field only if the size
 *    covers it: fields are added at the end, never moved.
 *  - No exception may cross this boundary, in either direction. Functions return 0 for success,
 * else a FAULTLINE_E… code with error->message filled in.
 *  - An instance belongs to one thread. The plugin table is shared by all threads and immutable.
 *  - Libraries are never unloaded.
 *  - Strings are UTF-8 and NUL-terminated.
 *
 * Hidden columns. The host adds columns whose names begin with "__fl_" to what a plugin reads. A
 * plugin passes on those named in relation->hidden, untouched, with every row it keeps or copies;
 * the host strips them. A row that is copied keeps the key of its original.
 */

#include <stddef.h>
#include <stdint.h>

#include "faultline/arrow.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FAULTLINE_ABI_VERSION 1u

#if defined(_WIN32)
#define FAULTLINE_EXPORT __declspec(dllexport)
#else
#define FAULTLINE_EXPORT __attribute__((visibility("default")))
#endif

enum {
    FAULTLINE_OK = 0,
    FAULTLINE_E_ABI = 1, /* built for another ABI */
    FAULTLINE_E_PARAMS =
        2, /* parameters that cannot be used with this relation: the user's fault */
    FAULTLINE_E_FAILED = 3,    /* the plugin failed: its own fault */
    FAULTLINE_E_CANCELLED = 4, /* stopped because host->cancelled or host->wait said so */
    FAULTLINE_E_STEP = 5       /* before_run only: the node fails, error->message is what it says */
};

typedef struct faultline_error {
    size_t size;
    char message[1024];
} faultline_error;

/* What a column can hold. */
enum {
    FAULTLINE_BOOLEAN = 0,
    FAULTLINE_INTEGER = 1,
    FAULTLINE_DECIMAL = 2,
    FAULTLINE_FLOATING = 3,
    FAULTLINE_TEXT = 4,
    FAULTLINE_DATE = 5,
    FAULTLINE_TIME = 6,
    FAULTLINE_TIMESTAMP = 7,
    FAULTLINE_INTERVAL = 8,
    FAULTLINE_BINARY = 9,
    FAULTLINE_NESTED = 10,
    FAULTLINE_OTHER = 11
};

/* What a column is to this call. */
enum {
    FAULTLINE_COLUMN_TARGET = 1, /* the user's `columns` chose it: the fault goes here */
    FAULTLINE_COLUMN_KEY = 2,    /* part of the declared key */
    FAULTLINE_COLUMN_BATCH = 4   /* the declared batch column */
};

typedef struct faultline_column {
    size_t size;
    const char* name;
    const char* type; /* the engine's spelling, fit for a CAST */
    int32_t family;   /* FAULTLINE_BOOLEAN … */
    uint32_t flags;   /* FAULTLINE_COLUMN_… */
} faultline_column;

/* The relation to perturb. Borrowed for the call. */
typedef struct faultline_relation {
    size_t size;
    const char* node; /* the node's name, for messages */
    const char* from; /* what to write after FROM: a quoted name */
    const faultline_column*
        columns; /* visible ones, in order; one faultline_column per column.size bytes */
    size_t column_count;
    int64_t rows;              /* of the relation as first received; -1 if not known, and 0 when
                                  the host only asks whether the call fits the columns */
    const char* const* hidden; /* the hidden columns that must travel, unquoted */
    size_t hidden_count;
} faultline_relation;

/* What is certain of the rows that a call is given. */
enum {
    FAULTLINE_ROWS_UNIQUE = 1,  /* as first received: key() and rank() are each row's own */
    FAULTLINE_ROWS_IN_ORDER = 2 /* and a scan gives them in the order of rank() */
};

/* What the host does for a plugin during one call. Strings returned are the host's and live until
 * the call that was given this struct returns. All functions are called on the calling thread only.
 */
typedef struct faultline_host {
    size_t size;
    void* context;

    /* The dialect: SQL text for identifiers, literals and casts. */
    const char* (*quote)(void* context, const char* identifier);
    const char* (*text)(void* context, const char* value);
    const char* (*number)(void* context, double value);
    const char* (*cast)(void* context, const char* expression, const char* type);
    const char* (*try_cast)(void* context, const char* expression, const char* type);
    const char* (*differs)(void* context, const char* a, const char* b);
    /* The engine's name for a family: FAULTLINE_FLOATING gives "DOUBLE". */
    const char* (*type_name)(void* context, int32_t family);

    /* SQL expressions over the relation's rows. They belong to this perturbation's stream: the same
     * rows and draws whatever the severity, the row order or the number of threads. Indexes are
     * below 500, and uniforms and normals never share a draw. */
    const char* (*selected)(void* context); /* BOOLEAN: is this row hit? never NULL */
    const char* (*uniform)(void* context,
                           uint32_t index); /* DOUBLE in (0, 1), independent by index */
    const char* (*normal)(void* context,
                          uint32_t index); /* DOUBLE, N(0, 1), independent by index */
    const char* (*key)(void* context);     /* BIGINT that identifies the row */
    const char* (*rank)(void* context);    /* BIGINT, 0… in the order of the key */

    /* A number about the relation as first received: one SQL aggregate over all its rows, or over
     * the eligible ones, computed once and cached. Returns 0 and sets *is_null when there is no
     * value. */
    int (*measure)(void* context, const char* aggregate, double* value, int* is_null,
                   faultline_error* error);

    /* Adds to the answer key of this call; for transforms. `what` is "rows_added", "rows_removed",
     * "rows_changed", "cells:<column>", or "identity" (any number: nothing was there to change). */
    void (*count)(void* context, const char* what, int64_t units);

    int (*cancelled)(void* context);                                /* non-zero: stop soon */
    void (*log)(void* context, int32_t level, const char* message); /* 0 debug, 1 info, 2 warning */

    /* For plugins whose unit is the batch: BIGINT that identifies the row's batch (by the declared
     * batch column, else by blocks of rows), NULL for a row in no batch. For others it is NULL
     * throughout. */
    const char* (*batch)(void* context);

    /* For file and before_run, whose units are no rows of SQL: the same draws as uniform(), as a
     * number in (0, 1). `unit` is what the draw belongs to: a record, a byte's position, a call. */
    double (*draw)(void* context, int64_t unit, uint32_t index);
    /* Sleeps. Non-zero: the trial is stopped or out of time, return FAULTLINE_E_CANCELLED at once.
     */
    int (*wait)(void* context, double seconds);

    /* BOOLEAN: is this row one of those that the selection chooses from (the user's `where`)? never
     * NULL. For rewrites that use rows beyond those that are hit. */
    const char* (*eligible)(void* context);

    /* How much of the severity this row gets: DOUBLE in (0, 1] on selected rows, where the user's
     * `along` makes a fault begin, grow, peak or come and go along time; "1" where nothing does. A
     * plugin whose magnitude at a row is severity times this says "doses_rows" in describe(). For
     * faults whose severity scales the fraction it is 1: the selection has seen to it. */
    const char* (*dose)(void* context);

    /* `deviation` times normal(index), which an engine may draw at once. */
    const char* (*normal_of)(void* context, uint32_t index, double deviation);
    /* As differs, for two values of one type (relation->columns[i].type), which an engine may
     * compare faster than values of any. */
    const char* (*differs_as)(void* context, const char* type, const char* a, const char* b);
    /* A value of the relation as this fault receives it: `select` is one SELECT of one row and one
     * text column over relation->from, of any of its columns. Asked once, and kept where
     * no fault comes before this one; looked up inside the rewrite it would be looked up again by
     * every statement that holds it. Returns 0 and sets *literal to SQL of that text, or to NULL
     * where the value is NULL. */
    int (*value)(void* context, const char* select, const char** literal, faultline_error* error);
    /* SQL of a BOOLEAN: is uniform(index) below `share`? In less than half of the time of a
     * comparison. */
    const char* (*uniform_below)(void* context, uint32_t index, double share);
    /* A number cut to what lies between `low` <= `high`, all three SQL of a DOUBLE, as the result
     * is. NULL and NaN stay as they are; limits are neither. */
    const char* (*clamped)(void* context, const char* number, const char* low, const char* high);
    /* A table of what `select`, one SELECT over relation->from, returns: for what a rewrite would
     * otherwise sort, group or pair again in the count and in every statement that reads the
     * relation. Where no fault comes before this one and `select` names neither what is hit nor a
     * draw, it is made once for all trials and kept as long as the relation; else it is this
     * trial's. The host drops it. Returns 0 and sets *name to what goes after FROM. */
    int (*table)(void* context, const char* select, const char** name, faultline_error* error);
    /* FAULTLINE_ROWS_… of relation->from, together. */
    uint32_t (*rows)(void* context);
    /* Values that rows look up by place, which costs less than a join of all rows with a table.
     * `select`, one SELECT over relation->from, returns a BIGINT, each place from 0 to before
     * `places` at most once, and then columns of values. Kept where no fault comes before this one:
     * for all trials as a table() is, or, where it names what is hit or a draw, until room is
     * needed. Returns 0 and sets *held to what held_at() is asked with; to 0 where there is no room
     * for them or the engine cannot hold such values: look up in a table() then. Neither knows
     * eligible(). */
    int (*hold)(void* context, const char* select, int64_t places, uint32_t* held,
                faultline_error* error);
    /* SQL of the value at `place` (SQL of a BIGINT) in one of the columns, 0 being the first after
     * the place. NULL where there is none. */
    const char* (*held_at)(void* context, uint32_t held, uint32_t column, const char* place);
} faultline_host;

typedef struct faultline_call {
    size_t size;
    double severity; /* in (0, 1]; the host never calls for 0 */
    const faultline_host* host;
} faultline_call;

/* What a rewrite answers. The strings are the plugin's and live until the next call on the
 * instance. */
typedef struct faultline_rewrite {
    size_t size;
    const char* select; /* one SELECT over relation->from: the perturbed relation, hidden columns
                           included */
    /* One SELECT of one row over relation->from that counts what was done: columns rows_added,
     * rows_removed, rows_changed, and "cells:<column>" for each column touched. NULL counts as 0.
     * Counts of several faults of a stack may be asked in one statement.
     * Only what is done to data counts: the host sees columns added, removed, retyped and moved by
     * itself. */
    const char* answer_key;
    /* Non-zero: with these parameters nothing changes by definition (a shift by 0), so that an
     * answer key of zeros is no sign of a fault that was never applied. */
    int32_t identity;
} faultline_rewrite;

/* One file of a source, before the engine reads it. Borrowed for the call. */
typedef struct faultline_file {
    size_t size;
    const char* node;
    const char* format; /* "csv", "json" or "parquet" */
    const char* in;     /* path of the original: read it, never write it */
    const char* out;    /* path of the damaged copy: not there yet, its folder is */
    int64_t bytes;      /* of the original */
    /* What the file looks like to the reader of the base; for csv, else NULL. */
    const char* delimiter;
    const char* quote;          /* empty: none */
    const char* escape;         /* empty: none */
    int32_t header;             /* csv: 1 if the first record names the columns */
    int64_t skip;               /* csv: lines before the first record */
    const char* const* columns; /* names as the base read them */
    size_t column_count;
    /* Of the file's units (records, bytes), how many to hit: the selection's fraction, times the
     * severity where that scales it. Unit u is hit where host->draw(u, 0) is below it, so that
     * doses nest; where `exact`, the floor(share * n + 1/2) of n with the smallest draws. 1 for a
     * plugin that selects nothing, and for one whose unit is the file: the host has chosen the
     * files. */
    double share;
    int32_t exact;
} faultline_file;

/* One execution of a node that is about to begin. Borrowed for the call. */
typedef struct faultline_execution {
    size_t size;
    const char* node;
    int64_t call; /* 1 for the first execution of this node under this fault, …: the replicate */
    int64_t rows; /* that the node gave in the base; -1 if not known */
} faultline_execution;

typedef struct faultline_plugin {
    size_t size;
    /* Static JSON that says what the plugin is; see docs/writing-a-plugin.md. */
    const char* (*describe)(void);
    /* `params` is the JSON object of the plugin's own parameters with defaults filled in, checked
     * against the schema of describe(). */
    int (*create)(const char* params, void** instance, faultline_error* error);
    void (*destroy)(void* instance);
    /* NULL where not offered. */
    int (*rewrite)(void* instance, const faultline_relation* relation, const faultline_call* call,
                   faultline_rewrite* out, faultline_error* error);
    /* Takes ownership of `in` and must release it, on failure too. On success fills `out`, which
     * the host releases. The stream holds the visible columns, then hidden ones: those of
     * relation->hidden
     * ("__fl_key", a BIGINT, among them), "__fl_selected" (BOOLEAN), "__fl_dose" (DOUBLE, where
     * describe() says "doses_rows") and "__fl_u0"… (DOUBLE), as many as describe() asks for. Those
     * that come back are used, the others are missed only where a later fault of the same stack
     * needs them. */
    int (*transform)(void* instance, const faultline_relation* relation, const faultline_call* call,
                     struct ArrowArrayStream* in, struct ArrowArrayStream* out,
                     faultline_error* error);
    /* Writes file->out, a damaged copy of file->in; counts with host->count "bytes" (taken away,
     * added or overwritten), "records", or "identity" where nothing was there to change. Writing no
     * file at all means that the file is gone. A plugin that has this has none of the other three.
     */
    int (*file)(void* instance, const faultline_file* file, const faultline_call* call,
                faultline_error* error);
    /* Called before the node's step; may wait, or fail the step with FAULTLINE_E_STEP. What comes
     * out of the step is the business of a rewrite of the same plugin. Counts "calls". */
    int (*before_run)(void* instance, const faultline_execution* execution,
                      const faultline_call* call, faultline_error* error);
    /* Asked where describe() says "draws": non-zero where with these parameters, at this severity,
     * the outcome does depend on chance beyond the selection, or on the number of the call. NULL:
     * always. What draws nothing is run once instead of once a replicate. */
    int (*draws)(void* instance, double severity);
} faultline_plugin;

/* The one exported function. The host sets abi and out->size. Return FAULTLINE_E_ABI for an `abi`
 * that this plugin was not built for. */
FAULTLINE_EXPORT int faultline_plugin_init(uint32_t abi, faultline_plugin* out,
                                           faultline_error* error);

#ifdef __cplusplus
}
#endif

#endif /* FAULTLINE_PLUGIN_H */
