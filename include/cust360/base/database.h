/* database.h: SQLite behind our errors.
 *
 * A statement belongs to its database and is destroyed before it. Text bound is borrowed until the
 * next bind or reset; text read is borrowed until the next step. One thread a database at a time.
 */
#ifndef CUST360_BASE_DATABASE_H
#define CUST360_BASE_DATABASE_H

#include "cust360/base/error.h"
#include "cust360/base/slice.h"

#include <stdatomic.h>

struct database;
struct statement;

enum database_mode {
    DATABASE_READ,   /* must exist; nothing is written */
    DATABASE_WRITE,  /* must exist */
    DATABASE_CREATE, /* made when it is not there, mode 0600 */
    DATABASE_REWORK, /* must exist, and nobody else has it; no journal, no sync: as below */
    DATABASE_SCRATCH /* made anew (an old file is removed), no journal, no sync: for a file that is
                        published by renaming when it is whole */
};

struct database *database_open(const char *path, enum database_mode mode, struct error *error);

/* Databases that DATABASE_CREATE makes are sealed from now on with the ring's first key, and sealed
 * ones opened with whichever of its keys they need (seal.h); what belongs to a database (its
 * journal) is sealed as it is. Keys are copied and known as long as the process lives. */
struct seal_ring;
void database_use_keys(const struct seal_ring *ring);
bool database_is_sealing(void);

/* Whether a file is a database, plain or sealed. */
bool database_is_file(const char *path);

/* Writes a database whole to another file, which is replaced: sealed with the ring's first key, or
 * plain (count 0). Neither may be open in this process. */
bool database_copy(const char *from, const char *to, const struct seal_ring *ring,
                   struct error *error);

/* Closes; NULL is allowed. What is not committed is rolled back. */
void database_close(struct database *database);

/* Closes and says whether all was written. */
bool database_finish(struct database *database, struct error *error);

/* Runs one or more statements without results. */
bool database_run(struct database *database, const char *sql, struct error *error);

/* The same for SQL read from a file: an error names file and line. */
bool database_run_file(struct database *database, const char *path, struct slice sql,
                       struct error *error);

/* Makes another database file readable, and only that, as the schema `schema` (a plain word). Not
 * within a transaction. */
bool database_attach(struct database *database, const char *path, const char *schema,
                     struct error *error);

/* Overwrites what is in a database file and belongs to nothing any more, so that deleted values are
 * found nowhere in it. No transaction of this process may be open on it. */
bool database_clear_gaps(const char *path, struct error *error);

/* From now on a statement that runs fails soon after *stop has become true; NULL: no more. */
void database_stop_when(struct database *database, atomic_bool *stop);

/* A function that SQL may call, of this table's lifetime: it gives a value of its arguments alone,
 * NULL unless it has given another. */
struct function_call;

struct database_function {
    const char *name;
    int arguments;
    void (*run)(struct function_call *call);
};

bool database_add_function(struct database *database, const struct database_function *function,
                           struct error *error);

/* An aggregate of integers that SQL may call, of this table's lifetime: it begins with 0 and takes
 * in each row's value; rows whose value is NULL are passed over. */
struct database_fold {
    const char *name;
    int64_t (*take)(int64_t folded, int64_t value);
};

bool database_add_fold(struct database *database, const struct database_fold *fold,
                       struct error *error);

/* Its arguments, 0-based; NULL is an empty slice with data NULL, or 0. Text given is copied. */
struct slice function_text(const struct function_call *call, int argument);
int64_t function_integer(const struct function_call *call, int argument);
bool function_is_null(const struct function_call *call, int argument);
void function_give_text(struct function_call *call, struct slice text);
void function_give_integer(struct function_call *call, int64_t number);

/* Sets *value to the first column of the first row, or to `fallback` when there is no row. */
bool database_integer(struct database *database, const char *sql, int64_t fallback, int64_t *value,
                      struct error *error);

/* Rows changed by the last insert, update or delete; the row id of the last insert. */
int64_t database_changes(const struct database *database);
int64_t database_last_id(const struct database *database);

struct statement *statement_prepare(struct database *database, const char *sql,
                                    struct error *error);
void statement_destroy(struct statement *statement);

/* Binds by position, 1-based. An empty slice with data NULL is NULL. */
void statement_bind_text(struct statement *statement, int position, struct slice text);
void statement_bind_integer(struct statement *statement, int position, int64_t number);
void statement_bind_number(struct statement *statement, int position, double number);
void statement_bind_null(struct statement *statement, int position);

/* ACCEPTED: a row is there. ENDED: no more. FAILED: `error` is filled. */
enum outcome statement_step(struct statement *statement, struct error *error);

/* Steps a statement that gives no row, and resets it for the next values. */
bool statement_run(struct statement *statement, struct error *error);
void statement_reset(struct statement *statement);

/* Columns, 0-based. */
int statement_columns(const struct statement *statement);
const char *statement_column_name(const struct statement *statement, int column);
struct slice statement_text(const struct statement *statement, int column);
int64_t statement_integer(const struct statement *statement, int column);
double statement_number(const struct statement *statement, int column);
bool statement_is_null(const struct statement *statement, int column);

#endif
