/* reading.h: sources read and standardized by several threads, in batches.
 *
 *   thread ──► a part of a source ──► standardizer ──► batches ──► the part's queue ──► the caller
 *
 * The work is cut into parts: a large CSV file into many, any other source is one. Threads take
 * parts in the order of sources and files, and the caller gets their batches in the same order, so
 * that nothing depends on the number of threads. Whoever is ahead waits, so that memory stays
 * bounded. */
#ifndef CUST360_CLI_READING_H
#define CUST360_CLI_READING_H

#include "cust360/extract.h"
#include "cust360/standardize.h"
#include "cust360/store_rows.h"

struct read_row {
    struct row_result result;
    struct place place; /* file and all lives in the batch */
    size_t table;
    /* Rejected rows only: the row as it came, and its table's heading, which lives with the
     * reading. A row that is too long to be kept stands in the file, at its place. */
    struct slice raw;
    const char *raw_path; /* NULL: it is kept */
    struct slice heading;
};

struct batch {
    struct arena *arena; /* owns everything in it */
    struct read_row *rows;
    size_t row_count;
    size_t row_capacity;
    void *digest;       /* what `digest` has made of the rows; they are gone then */
    struct batch *next; /* in its queue */
};

struct reading_settings {
    const struct project *project;
    const struct rules *rules;
    unsigned threads;
    size_t part_bytes; /* 0: 1 MiB */
    /* One a source: the rows that need not be standardized (NULL: none). Rows get their hash. */
    struct store_rows *const *remembered;
    const bool *passed_over; /* sources that nobody will ask for; NULL: none */
    /* For callers that look at some fields only (see standardizer_limit); NULL: at all. */
    const struct standardizer_wish *wish;
    /* For callers that need less than the rows: makes it of a batch's rows, on the thread that read
     * them. Rejected rows are then given without their bytes. NULL: none. */
    void *(*digest)(void *context, const struct read_row *rows, size_t count);
    void (*discard)(void *context, void *digest); /* of a batch that nobody takes */
    void *context;
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

/* The encoding that a source without a declared one was found to be in; NULL: none is to be told.
 * After its end, living as long as the reading. */
const char *reading_encoding(const struct reading *reading, size_t source);

/* The highest watermark that was read of a table, after the source's end; NULL: none. */
const char *reading_watermark(const struct reading *reading, size_t source, size_t table);

/* Stops all threads (also in mid-source) and frees everything. */
void reading_stop(struct reading *reading);

#endif
