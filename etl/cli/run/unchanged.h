/* unchanged.h: the sources that need not be read tonight.
 *
 *   files ──► stamps (size, time, inode; their hash is the truth) ─┐
 *   configuration, program ──► hash of what decides on rows        ├─► as of the last good reading?
 *   the day ───────────────────────────────────────────────────────┘ */
#ifndef CUST360_CLI_UNCHANGED_H
#define CUST360_CLI_UNCHANGED_H

#include "cli/run/job.h"
#include "cust360/store_reading.h"
#include "cust360/store_rows.h"

struct source_state {            /* one a source of the project */
    struct store_reading former; /* by what it was read last */
    bool known;                  /* it was */
    struct store_reading now;    /* file_count 0: nobody can tell whether it has changed */
    bool same_settings;          /* a row that was accepted without a finding would be so again */
    struct store_rows *rows;     /* what is remembered of it; NULL: nothing */
    bool unchanged;              /* nothing of it needs to be read */
};

/* Looks at all sources. The states live in the job's arena. */
bool unchanged_find(struct job *job, struct source_state **states, struct error *error);

/* Whether no file of the source was written to since unchanged_find looked at it: what was read of
 * such a file is neither the former export nor the new one. A file that another has taken the place
 * of was read as it was. False: *why says which. */
bool unchanged_while_read(const struct source *source, const struct source_state *state,
                          struct error *why);

/* Whether the files are as they were when unchanged_find looked at them: what was read since is
 * what its stamps say. */
bool unchanged_since(const struct source_state *state);

#endif
