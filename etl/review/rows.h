/* rows.h: a verdict as rows of the table `decision`, which matching and merging read. */
#ifndef CUST360_REVIEW_ROWS_H
#define CUST360_REVIEW_ROWS_H

#include "session.h"

struct written { /* while the rows of one verdict are written, in a transaction */
    struct review *review;
    struct arena *arena;
    const struct stored_case *stored;
    const struct review_verdict *verdict;
    const char *token; /* or NULL */
    const char *when;
    bool confirmed;
    int64_t batch;    /* of the first row; 0: none is written yet */
    int64_t *records; /* that the rows speak of */
    size_t record_count;
    size_t records_capacity; /* of the arena's array */
    struct statement *put;
    struct statement *place;
};

/* Whether the word fits the case, with all that it needs. */
bool rows_check(const struct stored_case *stored, const struct review_verdict *verdict,
                struct error *error);

/* Writes them; *written tells which records they speak of. */
bool rows_write(struct written *written, struct error *error);

/* The living records that the rows of a batch speak of, also those of `value` and `never_ask`. */
bool rows_records(struct review *review, int64_t batch, struct arena *arena, int64_t **records,
                  size_t *count, struct error *error);

#endif
