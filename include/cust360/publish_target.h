/* publish_target.h: the view in other databases, over ODBC.
 *
 *   view ─┐                         ┌─► deletes, upserts ─► read back ─┐  one transaction,
 *         ├─► difference by table ──┤                                  ├─► under a lock
 *   sent ─┘                         └─► counts, hashes ─► ledger ──────┘
 *
 * Tables are permanent: grants, views, indexes and columns that their owner has added stay. What
 * was sent last is a copy of the view (a second name of its file) in the target's folder; when it
 * is lost, or somebody else has written to the target, the target is read instead. Whatever
 * interrupts a publication leaves the target as it was or as it was to be, and the next one goes on
 * from there. One thread a target. */
#ifndef CUST360_PUBLISH_TARGET_H
#define CUST360_PUBLISH_TARGET_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"
#include "cust360/config_target.h"

struct target_options {
    const struct target *target;
    const char *connection; /* from target_connection; never shown */
    const char *view_path;  /* the view to be sent: any file that a run has published */
    const char *folder;     /* of what was sent to all targets: STATE/targets */
};

struct target_table {
    const char *name;
    uint64_t rows;     /* that it has now */
    uint64_t upserted; /* rows added or changed */
    uint64_t deleted;
};

struct target_result {
    struct target_table *tables; /* by name; in the arena */
    size_t table_count;
    int64_t run_id; /* of the view */
    double seconds;
};

/* What a run tells of its targets. */
struct report_target { /* a database that the view is sent to */
    const char *name;
    bool published;
    const char *message; /* why not; NULL: nothing to say */
    int64_t run_id;      /* whose view it has now */
    size_t tables;
    uint64_t rows; /* that they have */
    uint64_t rows_upserted;
    uint64_t rows_deleted;
    double seconds;
};

struct report_targets {
    struct report_target *targets;
    size_t count;
};

/* Makes what the target lacks: the schema, tables, columns and the ledger. *made tells how many;
 * what is there is not touched. */
bool target_init(struct arena *arena, const struct target_options *options, size_t *made,
                 struct error *error);

/* Makes the target's tables equal to the view's. Exit code 11: another run is at it; 12: user or
 * password were refused; 1: anything else, and the target is as before, unless the connection
 * was lost at the very end: the next publication finds out. */
bool target_publish(struct arena *arena, const struct target_options *options,
                    struct target_result *result, struct error *error);

/* Whether a publication would get through, without sending anything: rare characters come back as
 * they went, the tables are there with their columns (as far as there is a view to tell), the user
 * has the rights to them, and a row of the ledger can be written and taken back. Nothing stays
 * behind. What could not be tried is a `warning`; its exit_code 0: there is none. */
bool target_check(struct arena *arena, const struct target_options *options, struct error *warning,
                  struct error *error);

/* Reads the tables that the target has of the view into a new SQLite file, for comparing; nothing
 * there is changed. */
bool target_fetch(struct arena *arena, const struct target_options *options, const char *path,
                  struct error *error);

#endif
