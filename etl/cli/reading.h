/* reading.h: a source read and standardized on a thread of its own, in batches.
 *
 *   thread a source ──► row_reader ──► standardizer ──► batch ──► bounded queue ──► the caller
 *
 * Several sources are read at once, and the caller takes them one after the other in the order of
 * their ids, so that what is stored never depends on the number of threads. A source that is ahead
 * waits when its queue is full, so that memory stays bounded. */
#ifndef CUST360_CLI_READING_H
#define CUST360_CLI_READING_H

#include "cust360/extract.h"
#include "cust360/standardize.h"

struct read_row {
    struct row_result result;
    struct place place; /* file and all lives in the batch */
    size_t table;
    /* Rejected rows only: the row as it came, and its table's heading, which lives with the
     * reading. */
    struct slice raw;
    struct slice heading;
};

struct batch {
    struct arena *arena; /* owns everything in it */
    struct read_row *rows;
    size_t row_count;
    size_t row_capacity;
};

struct reading_settings {
    const struct project *project;
    const struct rules *rules;
    unsigned threads;
};

struct reading;

/* Starts reading all sources of the project that are there. */
struct reading *reading_start(const struct reading_settings *settings);

/* The next batch of source `source` (its index in the project), to be given to batch_destroy;
 * NULL: the source is at its end, or `error` is filled (exit_code not 0): it failed, and
 * what was given of it must be undone. Sources are to be asked in ascending order, each to
 * its end. */
struct batch *reading_next(struct reading *reading, size_t source, struct error *error);
void batch_destroy(struct batch *batch);

/* What the schema and the encoding of a source showed; after its end, living as long as the
 * reading. */
size_t reading_notices(const struct reading *reading, size_t source, const struct notice **notices);

/* Stops all threads (also in mid-source) and frees everything. */
void reading_stop(struct reading *reading);

#endif
