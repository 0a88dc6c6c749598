/* job.h: one run of `cust360 run` while it is under way: what its steps share.
 *
 * run.c shows the steps in order; each step is one function that reads and fills this. Everything
 * it points at lives in its arena or is closed by job_close (run.c). */
#ifndef CUST360_CLI_JOB_H
#define CUST360_CLI_JOB_H

#include "cust360/config.h"
#include "cust360/match.h"
#include "cust360/merge.h"
#include "cust360/publish.h"
#include "cust360/standardize.h"
#include "cust360/store.h"
#include "cust360/store_golden.h"

#include <stdatomic.h>

enum { JOB_STAGES = 12 };

struct acceptance;
struct rehearsal;
struct retry;

struct job {
    struct arena *arena;
    const struct project *project;
    struct rules *rules;
    struct match_rules *match_rules;
    struct match_model *match_model;
    struct survivorship *survivorship;
    struct store *store;
    unsigned threads;
    int32_t as_of_days;
    uint64_t configuration_hash;
    uint64_t reading_hash;              /* the part of it that all rows depend on */
    bool rebuild;                       /* nothing counts as unchanged */
    struct source_state *source_states; /* see unchanged.h */
    bool changed;          /* something of the state is not as the former run left it */
    bool incomplete;       /* a source is missing or failed */
    int targets_exit_code; /* of the first target that could not be sent to; 0: there is none */
    int64_t absorbed;      /* the last decision that waited beside the state */
    struct rehearsal *rehearsal; /* of --dry-run; NULL: the run is in earnest */
    struct retry *retry;         /* of retry-rejects; NULL: the feeds are read */
    bool committed;              /* the state holds what this run has made */
    struct store_run former;     /* the last run that was committed */
    int64_t former_view_run;     /* the run that made the view which that run left; 0: none */
    struct report_source *sources;
    struct report_gate *gates; /* of the report; it grows */
    size_t gates_capacity;
    struct acceptance *accepted; /* what --accept names */
    size_t accepted_count;
    const char *accept_reason;
    atomic_int stop_signal; /* SIGTERM or SIGINT has come; 0: neither */
    atomic_bool stop;       /* the same, for the database */
    double began;           /* of date_monotonic_seconds */
    double stage_began;
    struct report_stage stages[JOB_STAGES];
    struct run_report report;
};

/* extract ─► standardize ─► stage: every source into the store, in the order of their ids. A source
 * that cannot be read leaves what it had; false only when the run as a whole cannot go on. */
bool job_read_sources(struct job *job, struct error *error);

/* What is past its term is closed or emptied, and counted in the report; and, when the run has been
 * published, out of the state. */
bool job_apply_retention(struct job *job, struct error *error);
bool job_finish_retention(struct job *job, struct error *error);

/* Clusters of the staged records, into *result (to be released), and the pairs into the store. */
bool job_match(struct job *job, struct match_result *result, struct error *error);

/* ---- match_memory.c: what the last match left lies in STATE/match.TOKEN; the state names it ----
 */

/* Maps it; empty: there is none, or all is to be made anew. To be ended by file_unmap. */
bool job_recall_match(struct job *job, struct slice *former, struct error *error);
/* Writes what the next match needs beside the state, and its name into it. That it cannot be
 * written costs time only and is logged. */
bool job_remember_match(struct job *job, struct slice memory, struct error *error);
/* Removes what the committed state does not name. */
bool job_tidy_match(struct job *job, struct error *error);

/* Golden ids and values of the clusters, into the store. */
bool job_merge(struct job *job, const struct match_result *result, struct error *error);

/* Whether a signal asks the run to end; then *error says so. */
bool job_stopped(struct job *job, struct error *error);

/* Whether match and merge would find what they found last time: no record, no decision and nothing
 * of the configuration has changed. Then their figures of that time are the report's. */
bool job_resolved_before(struct job *job, bool *resolved, struct error *error);
/* Notes for the next run what this one has found. */
bool job_note_resolved(struct job *job, struct error *error);

/* Writes the report in all its forms and the metrics; appends what is for stdout to `summary`. */
bool job_write_reports(struct job *job, struct buffer *summary, struct error *error);

/* A number that changes with whatever decides what the rows of a source become. */
bool job_hash_reading(struct job *job, const struct source *source, uint64_t *hash,
                      struct error *error);

/* A number that changes with any file that the run's outcome depends on besides the feeds. */
bool job_hash_configuration(struct job *job, struct error *error);

/* The same for the stages on their own (stage.h): without the sources, of arena, project and
 * as_of_days alone. */
bool job_hash_stages(struct job *job, uint64_t *hash, struct error *error);

#endif
