/* night.h: sequences of random nights of a small group, by the program's own steps.
 *
 * Dealers' rows come from the sample group. Each night some are changed, added, dropped, doubled,
 * put in another order or broken; sources are late; stewards decide; runs are killed. What the
 * state then holds must be what a state that never saw the nights before would hold. */
#ifndef CUST360_TESTS_NIGHT_H
#define CUST360_TESTS_NIGHT_H

#include "cli/job.h"
#include "cust360/base/buffer.h"

enum { NIGHT_FILES = 6, NIGHT_DECISIONS_MAX = 64 };

struct night_lines { /* of a file, without their ends */
    char **items;
    size_t count;
    size_t capacity;
};

struct night_file {
    const char *name;
    size_t source;           /* files of one source come and go together */
    struct night_lines pool; /* the sample's, the heading first */
    struct night_lines now;  /* tonight's export */
    struct night_lines good; /* the last that a committed run has read */
    bool ever_good;
};

struct night_decision {
    const char *kind;
    const char *source_a;
    char key_a[80];
    const char *source_b;
    char key_b[80];
    char value[40];
    bool undone;
};

struct nights {
    uint64_t seed;
    uint64_t random;
    char folder[300];
    struct arena *arena; /* of the configuration, which all sequences share */
    struct project *project;
    struct job configured; /* rules, match, survivorship */
    struct night_file files[NIGHT_FILES];
    struct night_decision decisions[NIGHT_DECISIONS_MAX];
    size_t decision_count;
    size_t decisions_written;
    int32_t as_of_days;
    bool late[NIGHT_FILES]; /* by source */
    bool has_views;         /* the view is published after each night */
    int64_t view_run;       /* of the view; 0: there is none */
    unsigned views_refreshed;
};

void nights_open(struct nights *nights);
void nights_close(struct nights *nights);

/* A whole sequence: nights, then the comparison. Fails the test, naming the seed. */
void nights_play(struct nights *nights, uint64_t seed);

/* ---- night_change.c ---- */

uint64_t night_draw(struct nights *nights, uint64_t below);
void night_first(struct nights *nights);  /* the first night's exports */
void night_change(struct nights *nights); /* tonight's, from last night's */

void lines_add(struct night_lines *lines, const char *text, size_t length);
void lines_copy(struct night_lines *to, const struct night_lines *from);
void lines_free(struct night_lines *lines);

/* ---- night_view.c ---- */

void night_view_forget(struct nights *nights);
/* Brings the view up to date with a run that has been committed. */
void night_view_update(struct nights *nights, int64_t run_id);
/* Asserts that it is what one made anew would be. */
void night_view_check(struct nights *nights);

/* ---- night_compare.c ---- */

/* All of a state that has meaning, as text. */
void night_describe(struct database *database, struct buffer *text);

/* What holds of golden ids after any night; NULL: all does. */
const char *night_ids_fault(struct database *database);

#endif
