/* retry.h: rows that former runs have rejected, read again by today's mapping and rules.
 *
 *   STATE/rejects/SOURCE.rejects.csv ──► a stand-in for the source (a delta) ──► a run as ever
 *        ▲                                                                         │ rejected again
 *        └───────────── once the run is committed ◄── STATE/rejects.retry/ ◄───────┘
 *
 * What passes is in the run's records, what does not stays among the rejected; trying again changes
 * nothing more. All other sources keep what they have. Rows below another line or element, from
 * which they take values, are left as they are: only their whole feed can tell them. */
#ifndef CUST360_CLI_RETRY_H
#define CUST360_CLI_RETRY_H

#include "cli/command.h"
#include "cli/run/job.h"

struct retry_reason {
    const char *code;
    const char *field; /* entity.field; empty: the row */
    const char *rule;
    const char *message;
    uint64_t rows;
};

struct retry_source {
    const char *id;
    bool retried;           /* it has rejected rows that can be read again */
    size_t tables_left_out; /* with rejected rows that cannot */
    uint64_t rows;
    uint64_t passing;
    struct retry_reason *reasons; /* of those that do not, most frequent first */
    size_t reason_count;
    const char *trouble; /* why it could not be read; NULL: it could */
};

struct retry {
    struct arena *arena;
    const char *folder;   /* STATE/rejects.retry: what is rejected again */
    const char *readable; /* where sealed rows are, opened: in memory; NULL: they are not sealed */
    struct project project;
    struct retry_source *sources; /* one a source of the project */
    uint64_t rows;
    uint64_t passing;
};

/* Makes stand-ins for the sources of the project that have rejected rows; sources that the store
 * does not know are left out. All lives in the arena. */
bool retry_open(struct retry *retry, struct arena *arena, const struct project *project,
                struct store *store, struct error *error);

/* Reads and standardizes the rows and counts what would pass; a source of which nothing would is
 * not retried. */
void retry_count(struct retry *retry, const struct rules *rules, unsigned threads);

/* Puts what was rejected again in place of the former files, and tidies up. */
bool retry_finish(struct retry *retry, struct error *error);

/* Removes what was made for reading. */
bool retry_tidy(struct retry *retry, struct error *error);

/* The run of the rows that pass: everything from there to the published view (run.c). */
int run_retry(const struct invocation *invocation);

#endif
