/* rehearsal.h: `run --dry-run`: the whole of a run on a copy of the state, and what it would
 * change.
 *
 *   STATE ──copy──► STATE/rehearsals/work ──run──► compared with STATE ──►
 * STATE/rehearsals/000007.json
 *
 * Nothing of STATE but that folder is touched, nothing of OUT, and no target. The copy is removed
 * when the rehearsal ends; rehearsals are numbered, and each is compared with the one before. */
#ifndef CUST360_CLI_REHEARSAL_H
#define CUST360_CLI_REHEARSAL_H

#include "cli/run/job.h"

enum rehearsal_change {
    CHANGE_CREATED,
    CHANGE_CHANGED,
    CHANGE_MERGED, /* ids that become another's alias */
    CHANGE_SPLIT,  /* ids that are new, or live again, because a customer falls apart */
    CHANGE_GONE,
    CHANGE_UNCHANGED,
    REHEARSAL_CHANGES
};

extern const char *const rehearsal_change_names[REHEARSAL_CHANGES];

enum { REHEARSAL_EXAMPLES = 50, EXAMPLE_VALUES = 8 };

struct rehearsal_value {
    const char *column;
    const char *before; /* as model_showing says, or whole when asked for; empty: none */
    const char *after;
};

struct rehearsal_example {
    enum rehearsal_change change;
    const char *golden_id;
    const char *other_id; /* merged: into whom; split: out of whom; else empty */
    struct rehearsal_value values[EXAMPLE_VALUES];
    size_t value_count;
    size_t values_left; /* that differ as well and have no place here */
};

/* Findings that one repair would end. */
struct rehearsal_group {
    const char *severity; /* fatal: the row is rejected; error: the field stays empty */
    const char *code;
    const char *entity;
    const char *field;
    const char *sentence; /* what to do */
    const char *place;    /* of the first */
    uint64_t count;
    uint64_t sources;
};

struct rehearsal {
    struct job *job;
    struct project project; /* the job's, with its folders in the copy */
    const char *state;      /* the real ones */
    const char *out;
    const char *folder; /* STATE/rehearsals */
    bool unmasked;
    bool had_state;
    int number;
    uint64_t rows_read;
    uint64_t rows_rejected;
    uint64_t changes[REHEARSAL_CHANGES];
    struct rehearsal_example *examples;
    size_t example_count;
    const char *scratch; /* where its view is made */
    struct rehearsal_group *groups;
    size_t group_count;
    size_t group_capacity;
    /* The rehearsal before; number 0: there was none. */
    int former_number;
    uint64_t former_rows_read;
    uint64_t former_rows_rejected;
    uint64_t former_changes[REHEARSAL_CHANGES];
};

/* Makes the copy and turns the job to it. */
bool rehearsal_begin(struct rehearsal *rehearsal, struct job *job, struct error *error);

/* Compares what the job has committed to its copy with the state, writes the report's files and
 * appends what is for stdout. To be called also for a run that a gate has stopped. */
bool rehearsal_report(struct rehearsal *rehearsal, bool json, struct buffer *text,
                      struct error *error);

/* All rehearsals so far, oldest first, each with how its rejects compare with those before. */
bool rehearsal_list(const struct project *project, struct arena *arena, bool json,
                    struct buffer *text, struct error *error);

/* Removes the copy. */
void rehearsal_end(struct rehearsal *rehearsal);

/* Fills changes, examples and groups from the two states. */
bool rehearsal_compare(struct rehearsal *rehearsal, struct error *error);

void rehearsal_write_json(const struct rehearsal *rehearsal, struct buffer *text);
void rehearsal_write_text(const struct rehearsal *rehearsal, struct buffer *text);
void rehearsal_write_page(const struct rehearsal *rehearsal, struct buffer *html);

#endif
