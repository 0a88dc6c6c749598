/* store.h: state.db, what cust360 knows between runs.
 *
 *   begin run ─► begin source ─► rows … ─► end source (or give it up) ─► … ─► scan ─► match results
 *             ─► golden ids and records ─► commit
 *
 * A run is one transaction, each source a savepoint in it: a crash at any moment leaves the state
 * as it was, a source that fails leaves what it had. What is equal to what is there is not written.
 * The store belongs to one thread. Errors: EXIT_STATE (no state, another version, a model that does
 * not fit it), EXIT_LOCKED, else EXIT_FAILED. Golden records: see store_golden.h. */
#ifndef CUST360_STORE_H
#define CUST360_STORE_H

#include "cust360/config.h"
#include "cust360/record.h"

struct store;
struct database;

enum store_mode {
    STORE_READ, /* must exist; takes no lock, changes nothing */
    STORE_WRITE /* is made when it is not there; locked until it is closed */
};

/* Opens the state in a folder. Writing: waits up to `wait_seconds` for the lock, and makes tables
 * and columns that the model has and the state lacks; columns that the model has no more are kept.
 * The model is borrowed. */
struct store *store_open(const char *folder, const struct model *model, enum store_mode mode,
                         unsigned wait_seconds, struct error *error);

/* The same for writing a state that must be there already. */
struct store *store_open_existing(const char *folder, const struct model *model,
                                  unsigned wait_seconds, struct error *error);

/* Closes and unlocks; a run that is not committed is rolled back. NULL is allowed. */
void store_close(struct store *store);

/* The database beneath, for reading with SQL (schema: etl/store/README.md). */
struct database *store_database(struct store *store);

/* ---- runs ---- */

struct store_run {
    int64_t run_id; /* 1 …; 0: there was none */
    char as_of[11];
    char started_at[21];
    char finished_at[21];
    char status[24]; /* done, incomplete, stopped, failed */
    bool published;
    uint64_t configuration_hash;
};

/* The last run that was committed whole (not one that was stopped or failed). */
bool store_former_run(struct store *store, struct store_run *run, struct error *error);

bool store_run_begin(struct store *store, const char *as_of, uint64_t configuration_hash,
                     struct error *error);
int64_t store_run_id(const struct store *store); /* of the run that was begun */

/* Commits all of it. `status`: "done", or "incomplete" when a source is missing or failed. */
bool store_run_commit(struct store *store, const char *status, struct error *error);

/* Takes all of it back, but notes that there was a run: "stopped" (by a gate) or "failed". */
bool store_run_abandon(struct store *store, const char *status, struct error *error);

/* Marks a committed run as published. */
bool store_run_published(struct store *store, int64_t run_id, struct error *error);

/* ---- sources ---- */

struct store_counts { /* of one source */
    uint64_t read;    /* rows; read = accepted + rejected + discarded + suppressed */
    uint64_t accepted;
    uint64_t rejected;
    uint64_t discarded;
    uint64_t
        suppressed;  /* rows that say again what this reading said before, or of erased persons */
    uint64_t erased; /* of those suppressed: of persons who were erased */
    uint64_t findings;
    uint64_t records_new;
    uint64_t records_changed;
    uint64_t records_unchanged;
    uint64_t records_repeated;  /* the same key and content again */
    uint64_t records_different; /* the same key again with other content: the last one counts, and
                                   there is a finding duplicate_key */
    uint64_t records_closed;    /* gone from a full feed */
    uint64_t records_reopened;  /* there again */
};

struct store_file { /* the rows of one file (ODBC: table) of a source */
    const char *name;
    uint64_t read;
    uint64_t accepted;
    uint64_t rejected;
    uint64_t discarded;
    uint64_t suppressed;
    uint64_t findings;
};

/* Begins the reading of a source; its known keys are loaded. Its former findings and counts go. */
bool store_source_begin(struct store *store, const struct source *source, struct error *error);

/* Puts a row's records and findings. *suppressed (may be NULL): as counted. A rejected row
 * keeps alive the records whose keys its findings name. */
bool store_put(struct store *store, const struct row_result *row, const struct place *place,
               bool *suppressed, struct error *error);

/* A notice about the source (may come at any time between begin and end, and after). */
bool store_notice(struct store *store, const char *code, const char *text, struct error *error);

/* Counts a reading that went through, so that gates can judge it before it is ended or given up:
 * closes what a full feed does not have any more and checks the balance of rows against
 * `rows_read`, as the reader counted them (it fails when they do not balance). */
bool store_source_count(struct store *store, uint64_t rows_read, struct store_counts *counts,
                        struct error *error);

/* Ends a reading for good; counts it unless that is done. */
bool store_source_end(struct store *store, uint64_t rows_read, struct store_counts *counts,
                      struct error *error);

/* The files of the source last begun, in the order of their first rows; valid until the next
 * store_source_begin. */
const struct store_file *store_source_files(const struct store *store, size_t *count);

/* Gives up a reading: all that it has put is taken back, and the source is noted as "failed", or,
 * when a gate has stopped it, as "frozen". */
bool store_source_fail(struct store *store, const struct error *why, struct error *error);
bool store_source_freeze(struct store *store, const struct error *why, struct error *error);

/* A source that could not be begun: nothing of it changes; "missing", "late" or "left", and why. */
bool store_source_absent(struct store *store, const struct source *source, const char *status,
                         const struct error *why, struct error *error);

/* ---- values that too many customers share, once the members are known (store_golden.h) ---- */

/* Forgets those of the former run. */
bool store_shared_begin(struct store *store, struct error *error);

/* A member has such a value: field, value (masked), given and message of the finding count. */
bool store_shared_add(struct store *store, uint32_t member, const struct finding *finding,
                      struct error *error);

/* Brings the counts of data_quality_run up to date. */
bool store_shared_end(struct store *store, struct error *error);

#endif
