/* reading_part.h: one part of a source, read and standardized by one thread (reading_part.c), and
 * what it shares with those who hand out the parts (reading.c). */
#ifndef CUST360_CLI_READING_PART_H
#define CUST360_CLI_READING_PART_H

#include "cli/run/reading.h"

#include <pthread.h>

struct part_reading {
    struct batch *first; /* the queue; batches in their order */
    struct batch *last;
    size_t queued;
    bool taken; /* by a thread */
    bool ended;
    struct error error;        /* exit_code 0: none */
    struct row_reader *reader; /* of a source in parts: until it is joined */
};

enum source_state { SOURCE_NEW, SOURCE_OPENING, SOURCE_OPEN, SOURCE_ENDED };

struct source_reading {
    enum source_state state;
    struct error error;          /* of opening it */
    const struct source *source; /* with what its own dates say of their order */
    struct row_reader *whole;
    uint64_t row_seed; /* of the rows' hashes: what was decided for this source */
    struct part_reading *parts;
    size_t part_count;   /* 1: it is not cut */
    size_t next_part;    /* the first that no thread has taken */
    size_t current;      /* the part that the caller is at */
    struct arena *arena; /* owns the notices and headings */
    struct notice *order_notices;
    size_t order_notice_count;
    struct notice *notices;
    size_t notice_count;
    const char *encoding;    /* what `auto` has found; NULL: none is to be told */
    const char **watermarks; /* one a table, or NULL */
    struct slice *headings;  /* one a table; data NULL until it is first needed */
};

struct reading {
    struct reading_settings settings;
    struct source_reading *sources;
    size_t source_count;
    size_t next_source; /* the first of which parts are left to take */
    size_t parts_ahead; /* of cut sources: taken and not yet behind the caller */
    bool stopping;
    pthread_mutex_t lock; /* guards all that changes */
    pthread_cond_t changed;
    pthread_t *threads;
    size_t thread_count;
};

/* A number for how the source's dates are read, which its own rows decide. */
uint64_t reading_seed(const struct source *source);

/* What a thread keeps from one part to the next, for what it has learned of a source's values and
 * for its memory. */
struct part_tools {
    struct standardizer *standardizer; /* of `source`; or NULL */
    size_t source;
    struct batch *batch; /* empty; or NULL */
};
void part_tools_release(struct part_tools *tools);

/* Reads the part to its end, handing its batches over. The lock is not held. */
void part_read(struct reading *reading, struct part_tools *tools, size_t source, size_t part);

#endif
